package org.jvmipc.shm.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Capability;
import org.jvmipc.CorruptDataException;
import org.jvmipc.IpcException;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.registry.ObjectParameters;
import org.jvmipc.internal.registry.ObjectPaths;
import org.jvmipc.shm.DamagedSegmentException;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;

/**
 * One kind of object: in a segment of its own, which its address names, or by name in a segment that is there already ({@code
 * mutex:/path?object=name}).
 *
 * <p><b>Thread safety.</b> Stateless.
 */
public final class SegmentObjects {
    /** Mutexes. */
    public static final SegmentObjects MUTEX = new SegmentObjects("mutex", "mutex", ObjectType.MUTEX);

    /** Semaphores. */
    public static final SegmentObjects SEMAPHORE = new SegmentObjects("sem", "semaphore", ObjectType.SEMAPHORE);

    /** Rings. */
    public static final SegmentObjects RING = new SegmentObjects("ring", "ring", ObjectType.RING);

    /** Latches. */
    public static final SegmentObjects LATCH = new SegmentObjects("latch", "latch", ObjectType.LATCH);

    /** Events. */
    public static final SegmentObjects EVENT = new SegmentObjects("event", "event", ObjectType.EVENT);

    /** Read-write locks. */
    public static final SegmentObjects READ_WRITE_LOCK =
            new SegmentObjects("rwlock", "read-write lock", ObjectType.READ_WRITE_LOCK);

    /** Conditions. */
    public static final SegmentObjects CONDITION = new SegmentObjects("cond", "condition", ObjectType.CONDITION);

    /** Barriers. */
    public static final SegmentObjects BARRIER = new SegmentObjects("barrier", "barrier", ObjectType.BARRIER);

    /** Event counts, which lie in segments only. */
    public static final SegmentObjects EVENT_COUNT =
            new SegmentObjects("eventcount", "event count", ObjectType.EVENT_COUNT);

    /** Places that processes hold, which lie in segments only. */
    public static final SegmentObjects OWNERS = new SegmentObjects("owners", "table of owners", ObjectType.OWNERS);

    /** Segments. */
    public static final SegmentFiles SEGMENTS = new SegmentFiles("segment", ".segment", "segment");

    private static final Set<Capability> CAPABILITIES = Set.of(Capability.PEER_DETECTION);

    private final String scheme;
    private final String what;
    private final ObjectType type;
    private final SegmentFiles own;

    /**
     * What a new object is to hold.
     *
     * @param base its size, but for what it has for each participant
     * @param bytesPerSlot its size for each participant that the segment may have
     * @param filler writes it into zeroed memory
     */
    public record Content(int base, int bytesPerSlot, Directory.Filler filler) {
        /** Of this size in every segment. */
        public Content(int bytes, Directory.Filler filler) {
            this(bytes, 0, filler);
        }

        /** Its size in a segment for so many participants. */
        int bytes(int slots) {
            return base + bytesPerSlot * slots;
        }
    }

    private SegmentObjects(String scheme, String what, ObjectType type) {
        this(scheme, what, type, new SegmentFiles(scheme, "." + scheme, what));
    }

    private SegmentObjects(String scheme, String what, ObjectType type, SegmentFiles own) {
        this.scheme = scheme;
        this.what = what;
        this.type = type;
        this.own = own;
    }

    /** Rings of another scheme; where pids are names too. */
    public static SegmentObjects ringsOf(String scheme, String what) {
        ObjectPaths paths = new ObjectPaths(scheme, "." + scheme, what, true);
        return new SegmentObjects(scheme, what, ObjectType.RING, new SegmentFiles(scheme, paths));
    }

    /** What such objects can do. */
    public Set<Capability> capabilities() {
        return CAPABILITIES;
    }

    /** Those with a segment of their own. */
    public SegmentFiles own() {
        return own;
    }

    // ---- by address

    /** Makes one, and opens it. */
    public SegmentHandle.Opened create(Address address, SegmentOptions options, Content content) throws IOException {
        require(address);
        String object = SegmentAddress.object(address);
        if (object != null) {
            return inSegment(address, handle -> add(handle, object, content));
        }
        int bytes = content.bytes(options.participants());
        return opened(own.create(address, options, bytes, 1, memory -> populate(memory, content)));
    }

    /** Uses an object that nobody else can see yet. */
    public interface Preparation {
        /**
         * Uses it.
         *
         * @param opened with a handle of its own, to be closed if this fails, or when it is {@linkplain #giveUp() given up}
         */
        void of(SegmentHandle.Opened opened) throws IOException;

        /** The object is not made in the end: the handle is to be closed here, while the object's file is open. */
        void giveUp();
    }

    /**
     * One that was just made in a segment of its own.
     *
     * @param path where it is
     * @param file which file it is
     */
    public record Made(String path, FileStatus file) {}

    /** Makes one in a segment of its own, and prepares it before it has its name. */
    public Made make(Address address, SegmentOptions options, Content content, Preparation preparation)
            throws IOException {
        require(address);
        SegmentFiles.Made made = own.make(
                address,
                options,
                content.bytes(options.participants()),
                1,
                memory -> populate(memory, content),
                new SegmentFiles.Preparation() {
                    @Override
                    public void of(SegmentHandle handle) throws IOException {
                        preparation.of(opened(handle.another()));
                    }

                    @Override
                    public void giveUp() {
                        preparation.giveUp();
                    }
                });
        made.handle().close();
        return new Made(made.path(), made.file());
    }

    /** Removes the name of this very one; false if it has none any more. */
    public boolean remove(Made made) throws IOException {
        return own.files().remove(made.path, made.file);
    }

    /** Opens one. */
    public SegmentHandle.Opened open(Address address) throws IOException {
        require(address);
        String object = SegmentAddress.object(address);
        return object != null ? inSegment(address, handle -> find(handle, object)) : opened(own.open(address));
    }

    /**
     * Opens one in a segment of its own, with a patience of one's own.
     *
     * @throws org.jvmipc.internal.registry.BusyException if another process has been making or removing it that long
     */
    public SegmentHandle.Opened open(Address address, Duration patience) throws IOException {
        require(address);
        return opened(own.open(address, patience));
    }

    /** Opens one, or makes it. */
    public SegmentHandle.Opened openOrCreate(Address address, SegmentOptions options, Content content)
            throws IOException {
        require(address);
        String object = SegmentAddress.object(address);
        if (object != null) {
            return inSegment(address, handle -> findOrAdd(handle, object, content));
        }
        int bytes = content.bytes(options.participants());
        return opened(own.openOrCreate(address, options, bytes, 1, memory -> populate(memory, content)));
    }

    /** Removes the name of one that has a segment of its own. */
    public boolean remove(Address address) throws IOException {
        require(address);
        if (SegmentAddress.object(address) != null) {
            throw new AddressException(
                    address.toString(), "an object in a segment lives as long as the segment; remove that", null);
        }
        return own.remove(address);
    }

    private void require(Address address) {
        ObjectParameters.require(
                address,
                scheme,
                switch (type) {
                    case SEMAPHORE -> SegmentAddress.semaphoreParameters();
                    case RING -> SegmentAddress.ringParameters();
                    case LATCH -> SegmentAddress.latchParameters();
                    case EVENT -> SegmentAddress.eventParameters();
                    case BARRIER -> SegmentAddress.barrierParameters();
                    case READ_WRITE_LOCK -> SegmentAddress.readWriteLockParameters();
                    default -> SegmentAddress.objectParameters();
                });
    }

    private interface Use {
        Directory.Entry of(SegmentHandle handle) throws IOException;
    }

    private SegmentHandle.Opened inSegment(Address address, Use use) throws IOException {
        SegmentHandle handle = SEGMENTS.open(address);
        return using(handle, use);
    }

    private SegmentHandle.Opened using(SegmentHandle handle, Use use) throws IOException {
        boolean good = false;
        try {
            Directory.Entry entry = use.of(handle);
            Address address =
                    Address.of(scheme, Address.of(handle.name()).location()).with(SegmentAddress.OBJECT, entry.name());
            good = true;
            return new SegmentHandle.Opened(handle, entry, address);
        } catch (InternalError e) {
            throw new CorruptDataException(handle.name() + ": its file was cut off", e);
        } catch (DamagedSegmentException e) {
            throw new CorruptDataException(String.valueOf(e.getMessage()), e);
        } finally {
            if (!good) {
                handle.close();
            }
        }
    }

    private void populate(SegmentMemory memory, Content content) throws IOException {
        Directory.add(memory, scheme, type, content.bytes(memory.slots()), content.filler);
    }

    private SegmentHandle.Opened opened(SegmentHandle handle) throws IOException {
        boolean good = false;
        try {
            Directory.Entry entry = find(handle, scheme);
            good = true;
            return new SegmentHandle.Opened(handle, entry, Address.of(handle.name()));
        } catch (InternalError e) {
            throw new CorruptDataException(handle.name() + ": its file was cut off", e);
        } catch (DamagedSegmentException e) {
            throw new CorruptDataException(String.valueOf(e.getMessage()), e);
        } finally {
            if (!good) {
                handle.close();
            }
        }
    }

    // ---- in a segment

    /** Makes one in a segment, and opens it. */
    public SegmentHandle.Opened create(Segment segment, String name, Content content) throws IOException {
        return using(SegmentAccess.of(segment).another(), handle -> add(handle, name, content));
    }

    /** Opens one in a segment. */
    public SegmentHandle.Opened open(Segment segment, String name) throws IOException {
        return using(SegmentAccess.of(segment).another(), handle -> find(handle, name));
    }

    /** Opens one in a segment, or makes it. */
    public SegmentHandle.Opened openOrCreate(Segment segment, String name, Content content) throws IOException {
        return using(SegmentAccess.of(segment).another(), handle -> findOrAdd(handle, name, content));
    }

    private Directory.Entry add(SegmentHandle handle, String name, Content content) throws IOException {
        Directory.Entry entry = handle.add(name, type, content);
        if (entry == null) {
            throw new OsException("create", Errno.EEXIST, "object=" + name + " in " + handle.name());
        }
        return entry;
    }

    private Directory.Entry find(SegmentHandle handle, String name) throws IOException {
        Directory.Entry entry = handle.find(name);
        if (entry == null) {
            throw new OsException("open", Errno.ENOENT, "object=" + name + " in " + handle.name());
        }
        return requireType(handle, entry);
    }

    private Directory.Entry findOrAdd(SegmentHandle handle, String name, Content content) throws IOException {
        Directory.@Nullable Entry entry = handle.add(name, type, content);
        return entry != null ? entry : find(handle, name);
    }

    private Directory.Entry requireType(SegmentHandle handle, Directory.Entry entry) throws IpcException {
        if (entry.type() != type) {
            throw new CorruptDataException(handle.name() + ": " + entry.name() + " is no " + what + " but "
                    + (entry.type() == null ? "of a type that is not known" : entry.type()));
        }
        return entry;
    }
}
