package org.jvmipc.shm.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.registry.ObjectPaths;
import org.jvmipc.shm.DamagedSegmentException;

/**
 * Where the locks of this user are, for who looks only: their addresses by their files, and whether a process holds what it says it
 * holds. Of a file without a record, or without a name, the descriptor of a process that has it open tells.
 *
 * <p><b>Thread safety.</b> Of one thread.
 */
public final class LockPlaces {
    private static final String REMOVED = " (deleted)";
    private static final String SEGMENT = "segment";

    private final Map<FileId, Place> places = new HashMap<>();
    private final Map<FileId, Seen> seen = new HashMap<>();
    private final Set<Miss> misses = new HashSet<>();
    private final Set<String> problems = new LinkedHashSet<>();
    private int locks;

    private record FileId(long device, long inode) {
        private static FileId of(FileStatus file) {
            return new FileId(file.device(), file.inode());
        }

        private static FileId of(LockClaim lock) {
            return new FileId(lock.device(), lock.inode());
        }
    }

    /**
     * A file with locks.
     *
     * @param address of the file's object; of one without a record {@code segment:/path}
     * @param path by which it can be opened
     * @param removed whether its name is gone
     */
    private record Place(Address address, String path, boolean removed) {}

    /** A file that a process was found not to have open: nor is it looked for again. */
    private record Miss(FileId file, long pid) {}

    private record Seen(SegmentMemory memory, List<Directory.Entry> objects, List<Participant> participants) {}

    /**
     * A lock that was found.
     *
     * @param address its own, or of a range that of the file
     * @param removed whether its name is gone
     */
    public record Found(Address address, boolean removed) {}

    /** Adds the objects of a scheme that have records; what cannot be looked at is a problem, and keeps nobody from the others. */
    public void addAll(FileObjects files) throws IOException {
        for (Address address : files.survey().list()) {
            try {
                String path = ObjectPaths.canonicalOrNull(files.paths().of(address));
                if (path == null) {
                    continue; // with its directory
                }
                FileId file = FileId.of(FileCalls.status(path));
                places.put(file, new Place(address, path, false));
                locks += address.scheme().equals(SEGMENT) ? locksIn(look(file, path, address.toString())) : 1;
            } catch (OsException e) {
                if (e.errno() != Errno.ENOENT) {
                    problems.add(address + ": " + e.getMessage());
                }
            } catch (IOException | DamagedSegmentException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
    }

    private static int locksIn(Seen segment) {
        return (int) segment.objects.stream().filter(LockPlaces::isLock).count();
    }

    private static boolean isLock(Directory.Entry entry) {
        return entry.type() == ObjectType.MUTEX || entry.type() == ObjectType.READ_WRITE_LOCK;
    }

    /** How many locks have records, or are in segments that have. */
    public int locks() {
        return locks;
    }

    /** What could not be looked at: a message each, once. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    // ---- segments

    private Seen look(FileId file, String path, String name) throws IOException {
        Seen present = seen.get(file);
        if (present != null) {
            return present;
        }
        try (Fd fd = OsCalls.open(path, Fcntl.O_RDONLY | Fcntl.O_NONBLOCK, 0)) {
            if (!FileId.of(OsCalls.status(fd.number())).equals(file)) {
                throw new OsException("open", Errno.ENOENT, "path=" + path); // replaced meanwhile
            }
            Seen looked = look(fd, name);
            seen.put(file, looked);
            return looked;
        }
    }

    private static Seen look(Fd fd, String name) throws IOException {
        SegmentMemory memory = Memberships.look(fd, name);
        try {
            Seen looked = new Seen(memory, Directory.entries(memory), Participant.all(memory, fd, -1));
            LateErrors.come();
            return looked;
        } catch (InternalError e) {
            throw memory.cutOff(e);
        }
    }

    // ---- what a thread holds or waits for

    /**
     * The lock of which a thread tells.
     *
     * @return null if there is none such
     */
    public @Nullable Found find(LockClaim lock, BlockedThread thread) {
        try {
            Place place = place(lock, thread);
            if (place == null || lock.kind() == LockClaim.Kind.RANGE) {
                return place == null ? null : new Found(place.address, place.removed);
            }
            Seen segment = look(FileId.of(lock), place.path, place.address.toString());
            Directory.Entry entry = entry(segment, lock);
            return entry == null ? null : new Found(address(place, segment, entry), place.removed);
        } catch (IOException | DamagedSegmentException e) {
            problems.add(String.valueOf(e.getMessage()));
            return null;
        }
    }

    private static Directory.@Nullable Entry entry(Seen segment, LockClaim lock) {
        return segment.objects.stream()
                .filter(each -> each.offset() == lock.start() && isLock(each))
                .findFirst()
                .orElse(null);
    }

    private static Address address(Place place, Seen segment, Directory.Entry entry) {
        String scheme = entry.type() == ObjectType.MUTEX ? "mutex" : "rwlock";
        boolean isAll = segment.objects.size() == 1 && entry.name().equals(scheme);
        if (place.address.scheme().equals(scheme) || (isAll && place.removed)) {
            return Address.of(scheme, place.address.location());
        }
        return Address.of(scheme, place.address.location()).with(SegmentAddress.OBJECT, entry.name());
    }

    /** Whether the thread's process holds it, as the lock itself says; of a range of a file only its kernel could say. */
    public boolean isHeld(LockClaim held, BlockedThread holder) {
        Found found = find(held, holder);
        if (found == null) {
            return false;
        }
        if (held.kind() == LockClaim.Kind.RANGE) {
            return holder.visibleProcess() != null;
        }
        Seen segment = seen.get(FileId.of(held));
        Directory.Entry entry = segment == null ? null : entry(segment, held);
        if (segment == null || entry == null) {
            return false;
        }
        try {
            boolean isHeld = segment.participants.stream()
                    .filter(each ->
                            each.alive() && holder.isOfProcess(each.pid(), each.startTime(), each.pidNamespace()))
                    .anyMatch(each -> isHeldBy(segment.memory, entry, held.mode(), each));
            LateErrors.come();
            return isHeld;
        } catch (InternalError | DamagedSegmentException e) {
            problems.add(found.address() + ": its memory is cut off or damaged");
            return false;
        }
    }

    private static boolean isHeldBy(
            SegmentMemory memory, Directory.Entry entry, LockClaim.Mode mode, Participant process) {
        if (mode == LockClaim.Mode.SHARED) {
            return entry.type() == ObjectType.READ_WRITE_LOCK && ReaderWords.count(memory, entry, process.slot()) > 0;
        }
        ByteBuffer bytes = memory.bytes();
        int word = Words.getVolatile(bytes, entry.offset() + MutexLayout.WORD); // a read-write lock begins like a mutex
        return OwnedWord.slot(word) == process.slot() && OwnedWord.generation(word) == process.generation();
    }

    /** The participant that the thread's process is in the segment where the lock lies; null if it is none. */
    public @Nullable Participant participant(LockClaim lock, BlockedThread thread) {
        Seen segment = seen.get(FileId.of(lock));
        return segment == null
                ? null
                : segment.participants.stream()
                        .filter(each -> thread.isOfProcess(each.pid(), each.startTime(), each.pidNamespace()))
                        .findFirst()
                        .orElse(null);
    }

    // ---- files

    private @Nullable Place place(LockClaim lock, BlockedThread thread) {
        FileId file = FileId.of(lock);
        Place place = places.get(file);
        Miss miss = new Miss(file, thread.pid());
        if (place != null || misses.contains(miss) || thread.visibleProcess() == null) {
            return place;
        }
        place = byDescriptor(file, thread.pid(), lock.kind());
        if (place == null) {
            misses.add(miss);
        } else {
            places.put(file, place);
        }
        return place;
    }

    private static @Nullable Place byDescriptor(FileId file, long pid, LockClaim.Kind kind) {
        try (DirectoryStream<Path> fds = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path fd : fds) {
                Place place = place(file, fd, kind);
                if (place != null) {
                    return place;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // It has ended, or may not be looked into.
        }
        return null;
    }

    private static @Nullable Place place(FileId file, Path descriptor, LockClaim.Kind kind) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            // Others than regular files have no path, or are not opened here.
            if (!target.startsWith("/")
                    || !FileId.of(FileCalls.status(descriptor.toString())).equals(file)) {
                return null;
            }
            boolean removed = target.endsWith(REMOVED);
            String name = removed ? target.substring(0, target.length() - REMOVED.length()) : target;
            return new Place(
                    Address.of(kind == LockClaim.Kind.RANGE ? "lock" : SEGMENT, name), descriptor.toString(), removed);
        } catch (IOException | IllegalArgumentException e) {
            return null; // closed meanwhile; or no address can name it
        }
    }
}
