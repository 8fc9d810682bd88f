package org.jvmipc.shm.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.CorruptDataException;
import org.jvmipc.IpcException;
import org.jvmipc.OsException;
import org.jvmipc.internal.Backoff;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.registry.ObjectFile;
import org.jvmipc.internal.registry.ObjectParameters;
import org.jvmipc.internal.registry.ObjectPaths;
import org.jvmipc.internal.registry.ObjectRemover;
import org.jvmipc.internal.registry.OpenFiles;
import org.jvmipc.internal.registry.RegistryRecord;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.shm.DamagedSegmentException;
import org.jvmipc.shm.SegmentOptions;

/**
 * Segments as files: made with the first participant's beacon lit before they have a name, opened, removed. Those of one scheme; a
 * mutex with a name of its own is a segment with one object.
 *
 * <p><b>Thread safety.</b> Stateless.
 */
public final class SegmentFiles {
    private static final Duration REMOVAL_PATIENCE = Duration.ofSeconds(2);
    private static final int PAGE = 4096;
    private static final int FLAGS = Fcntl.O_RDWR | Fcntl.O_NONBLOCK;

    private final String scheme;
    private final FileObjects files;

    /** What puts the first objects into a segment that nobody else can see yet. */
    interface Populate {
        void into(SegmentMemory memory) throws IOException;
    }

    /** Uses a segment that nobody else can see yet. */
    interface Preparation {
        void of(SegmentHandle handle) throws IOException;

        /** The segment does not get its name: what was opened is to be closed here, while its file is open. */
        default void giveUp() {}
    }

    SegmentFiles(String scheme, String suffix, String what) {
        this(scheme, new ObjectPaths(scheme, suffix, what));
    }

    SegmentFiles(String scheme, ObjectPaths paths) {
        this.scheme = scheme;
        this.files = new FileObjects(scheme, paths, new Remover(scheme));
    }

    /** The files of the scheme. */
    public FileObjects files() {
        return files;
    }

    /** The canonical path that the address names. */
    public String path(Address address) throws IOException {
        return ObjectPaths.canonical(files.paths().of(address));
    }

    /** The canonical address of a path. */
    public Address address(String path) throws IOException {
        return files.paths().address(path);
    }

    /** Makes one where nothing is. */
    SegmentHandle create(Address address, SegmentOptions options, long bytes, int objects, Populate populate)
            throws IOException {
        return make(address, options, bytes, objects, populate, handle -> {}).handle;
    }

    /**
     * A segment that was just made.
     *
     * @param handle of this process on it
     * @param path where it is
     * @param file which file it is
     */
    record Made(SegmentHandle handle, String path, FileStatus file) {}

    /**
     * Makes one where nothing is, and prepares it before it has its name.
     *
     * @param preparation is told if this fails, and closes what it has opened
     */
    Made make(
            Address address,
            SegmentOptions options,
            long bytes,
            int objects,
            Populate populate,
            Preparation preparation)
            throws IOException {
        String path = path(address);
        String name = files.paths().address(path).toString();
        FirstParticipant first = new FirstParticipant(name, options.participants(), objects, populate, preparation);
        files.create(path, creation(options, bytes, objects), first);
        return new Made(first.handle(), path, first.status());
    }

    /** The descriptor is the participant's from the first moment: its beacon is lit before there is a name. */
    private static final class FirstParticipant implements FileObjects.Filler {
        private final String name;
        private final int participants;
        private final int objects;
        private final Populate populate;
        private final Preparation preparation;
        private @Nullable SegmentHandle handle;
        private @Nullable FileStatus status;

        private FirstParticipant(
                String name, int participants, int objects, Populate populate, Preparation preparation) {
            this.name = name;
            this.participants = participants;
            this.objects = objects;
            this.populate = populate;
            this.preparation = preparation;
        }

        @Override
        public void fill(Fd file) throws IOException {
            status = OsCalls.status(file.number()); // here: once it has its name nothing may fail any more
            SegmentHandle made = new SegmentHandle(Memberships.create(file, name, participants, objects, populate));
            handle = made;
            preparation.of(made);
        }

        @Override
        public void giveUp() {
            // First: this process leaves with the last handle, which must come before the file is closed.
            preparation.giveUp();
            if (handle != null) {
                handle.close();
            }
        }

        private FileStatus status() {
            return Objects.requireNonNull(status, "a file was made and not filled");
        }

        private SegmentHandle handle() {
            return Objects.requireNonNull(handle, "a file was made and not filled");
        }
    }

    /** Opens one, or makes it if there is none. */
    SegmentHandle openOrCreate(Address address, SegmentOptions options, long bytes, int objects, Populate populate)
            throws IOException {
        while (true) {
            try {
                return open(address, options.owner(), Memberships.PATIENCE);
            } catch (OsException e) {
                if (e.errno() != Errno.ENOENT) {
                    throw e;
                }
            }
            try {
                return create(address, options, bytes, objects, populate);
            } catch (OsException e) {
                if (e.errno() != Errno.EEXIST) {
                    throw e;
                } // another one was faster
            }
        }
    }

    private static Creation creation(SegmentOptions options, long bytes, int objects) {
        Map<String, String> settings = new TreeMap<>();
        settings.put(SegmentAddress.PARTICIPANTS, Integer.toString(options.participants()));
        long size = (SegmentLayout.dataOffset(options.participants(), objects) + bytes + PAGE - 1) / PAGE * PAGE;
        return new Creation(size, options.mode(), options.lifetime(), options.owner(), settings);
    }

    /** Opens one. */
    public SegmentHandle open(Address address) throws IOException {
        return open(address, null, Memberships.PATIENCE);
    }

    /**
     * Opens one, with a patience of one's own.
     *
     * @throws org.jvmipc.internal.registry.BusyException if another process has been making or removing it that long
     */
    SegmentHandle open(Address address, Duration patience) throws IOException {
        return open(address, null, patience);
    }

    /** Opens one, and takes it over from an owner who is dead. */
    private SegmentHandle open(Address address, @Nullable ProcessIdentity adopter, Duration patience)
            throws IOException {
        String path = path(address);
        String name = files.paths().address(path).toString();
        int owner = ObjectParameters.owner(address);
        while (true) {
            Fd file = adopter != null && owner == ObjectFile.SELF
                    ? files.openAndAdopt(path, adopter)
                    : files.open(path, owner, FLAGS, patience);
            Membership membership = Memberships.open(file, path, name, patience);
            if (membership != null) {
                return new SegmentHandle(membership);
            }
        }
    }

    /** Removes the name; those who have it open go on with it. */
    public boolean remove(Address address) throws IOException {
        String path = ObjectPaths.canonicalOrNull(files.paths().of(address));
        return path != null && files.remove(path, ObjectParameters.owner(address));
    }

    /** Whether what lies in a segment proves that its owner has left it. */
    public interface Desertion {
        /** Looks; nothing may be written. */
        boolean isProven(SegmentMemory memory) throws IOException;
    }

    /** Removes the name of one whose owner is proven dead, or to have left it; see {@link FileObjects#removeIfOwnerDead}. */
    public @Nullable ProcessIdentity removeIfOwnerDead(Address address, Desertion desertion) throws IOException {
        String path = ObjectPaths.canonicalOrNull(files.paths().of(address));
        return path == null ? null : files.removeIfOwnerDead(path, file -> isProven(desertion, file, path));
    }

    private static boolean isProven(Desertion desertion, ObjectFile named, String path) {
        try (Fd file = named.open(FLAGS)) {
            boolean proven = desertion.isProven(Memberships.look(file, path));
            LateErrors.come();
            return proven;
        } catch (IOException | InternalError | DamagedSegmentException e) {
            return false; // what cannot be read proves nothing
        }
    }

    /** Whose it is; null if there is none, or that is not recorded. */
    public @Nullable ProcessIdentity owner(Address address) throws IOException {
        String path = ObjectPaths.canonicalOrNull(files.paths().of(address));
        RegistryRecord record = path == null ? null : files.survey().record(path);
        return record == null ? null : record.owner();
    }

    /** Whether there is one. */
    public boolean exists(Address address) throws IOException {
        String path = ObjectPaths.canonicalOrNull(files.paths().of(address));
        return path != null && files.exists(path, ObjectParameters.owner(address));
    }

    @Override
    public String toString() {
        return scheme;
    }

    /** Nobody joins while it is looked who has, and while the name goes. */
    private record Remover(String scheme) implements ObjectRemover {
        @Override
        public int fileType() {
            return FileStatus.REGULAR;
        }

        @Override
        public @Nullable Exclusion exclude(String path, FileStatus object) throws IOException {
            Fd file;
            try (ObjectFile named = ObjectFile.find(scheme, path, FileStatus.REGULAR, object.uid())) {
                file = named.open(Fcntl.O_RDWR | Fcntl.O_NONBLOCK);
            }
            boolean alone = false;
            try {
                alone = enterAlone(file);
                return alone ? file::close : null;
            } finally {
                if (!alone) {
                    file.close();
                }
            }
        }

        private static boolean enterAlone(Fd file) throws IpcException {
            Deadline deadline = Deadline.after(REMOVAL_PATIENCE);
            Backoff backoff = new Backoff();
            boolean interrupted = false;
            try {
                while (!Beacons.tryEnterAlone(file)) {
                    if (deadline.passed()) {
                        return false;
                    }
                    try {
                        backoff.sleep(deadline);
                    } catch (InterruptedException e) {
                        interrupted = true; // kept for the next call that looks
                    }
                }
                return true;
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        /** By who has it open; and those of other pid namespaces by their beacons. */
        @Override
        public Map<RegistryRecord, List<OpenFiles.Holder>> holders(Map<RegistryRecord, FileStatus> objects)
                throws IOException {
            Map<RegistryRecord, List<OpenFiles.Holder>> holders = new HashMap<>();
            for (Map.Entry<RegistryRecord, FileStatus> each : objects.entrySet()) {
                List<OpenFiles.Holder> users = participants(each.getKey(), each.getValue());
                if (!users.isEmpty()) {
                    holders.put(each.getKey(), users);
                }
            }
            return holders;
        }

        private List<OpenFiles.Holder> participants(RegistryRecord record, FileStatus object) throws IOException {
            List<OpenFiles.Holder> users = new ArrayList<>();
            try (ObjectFile named = ObjectFile.find(scheme, record.path(), FileStatus.REGULAR, object.uid());
                    Fd file = named.open(Fcntl.O_RDWR | Fcntl.O_NONBLOCK)) {
                if (Beacons.isAnyLit(file)) {
                    pids(record, file).forEach(pid -> users.add(new OpenFiles.Holder(pid, true, true)));
                }
            } catch (OsException e) {
                if (e.errno() == Errno.ENOENT) {
                    return users; // removed meanwhile
                }
                if (e.errno() != Errno.EACCES) {
                    throw e;
                }
                return OpenFiles.holders(object.device(), object.inode(), true);
            }
            return users;
        }

        /** Never empty: somebody's beacon is lit. */
        private static List<Long> pids(RegistryRecord record, Fd file) throws IOException {
            List<Long> pids = new ArrayList<>();
            try {
                SegmentMemory memory = Memberships.look(file, record.address());
                for (Participant each : Participant.all(memory, file, -1)) {
                    if (each.alive()) {
                        pids.add((long) each.pid());
                    }
                }
                LateErrors.come();
            } catch (CorruptDataException | InternalError e) {
                // Damaged, and in use all the same.
            }
            return pids.isEmpty() ? List.of(0L) : pids;
        }
    }
}
