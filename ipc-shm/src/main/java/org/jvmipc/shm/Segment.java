package org.jvmipc.shm;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.CorruptDataException;
import org.jvmipc.Endpoint;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.shm.internal.Directory;
import org.jvmipc.shm.internal.ObjectType;
import org.jvmipc.shm.internal.SafetyNet;
import org.jvmipc.shm.internal.SegmentAccess;
import org.jvmipc.shm.internal.SegmentHandle;
import org.jvmipc.shm.internal.SegmentObjects;
import org.jvmipc.shm.internal.Segments;

/**
 * Shared memory that knows which processes are attached to it, and puts in order what a killed one leaves behind: the ground on
 * which everything in this module stands that waits or is owned.
 *
 * <pre>{@code
 * try (Segment segment = Segment.openOrCreate(Address.of("segment:bank"), SegmentOptions.defaults());
 *         SharedMutex mutex = SharedMutex.openOrCreate(segment, "lock");
 *         SharedMutex.MutexHold hold = mutex.lock()) {
 *     segment.areaOrCreate("balances", 4096).int64(0).getAndAdd(1);
 * }
 * }</pre>
 *
 * <p>A segment is a file that all map: a header, a table of participants, a directory of objects, the objects. A participant is
 * one process; its place in the table is proven by a lock that the kernel gives back when it dies. Whoever attaches watches all
 * others; a death is noticed within milliseconds, one of those left takes back all that the dead one held, and everybody who
 * waits for something in the segment is woken. {@code docs/protocols/segment.md} says it step by step, {@code
 * docs/wire-formats.md} byte by byte.
 *
 * <p><b>Never half-made:</b> the file has its size, its content and its first participant before it has a name. <b>Full:</b> an
 * object that does not fit, or a participant too many, is a {@link org.jvmipc.LimitException}. <b>Closed here:</b> {@link
 * ClosedChannelException}; mutexes and the like that were opened in it stay open. <b>Removed:</b> those who have it open go on.
 * <b>File cut off</b> by another process: {@link DamagedSegmentException}.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread. One JVM is one participant, however many handles it opens.
 *
 * <p><b>Memory consistency effects.</b> An object's content at its making happens-before its opening by anybody.
 *
 * <p><b>Platform notes.</b> Linux. The file may lie anywhere; on a disk the kernel writes it back now and then, which
 * {@code /dev/shm} spares. After a restart of the machine all who were attached are dead.
 */
public final class Segment implements Endpoint {
    static {
        SegmentAccess.set(segment -> segment.handle);
    }

    private final SegmentHandle handle;
    private final Address address;

    private Segment(SegmentHandle handle) {
        this.handle = handle;
        this.address = Address.of(handle.name());
        SafetyNet.register(this, handle::close);
    }

    /**
     * Makes one that must not exist, and attaches to it.
     *
     * @param address {@code segment:NAME} or {@code segment:/path}
     * @throws org.jvmipc.OsException {@code EEXIST} if something has the name
     * @throws org.jvmipc.LimitException if there is not so much space; nothing is left behind
     */
    public static Segment create(Address address, SegmentOptions options) throws IOException {
        return new Segment(Segments.create(address, options));
    }

    /**
     * Attaches to one.
     *
     * @throws org.jvmipc.OsException {@code ENOENT} if there is none
     * @throws org.jvmipc.CorruptDataException if the file is no segment
     * @throws org.jvmipc.LimitException if as many processes are attached as it was made for
     */
    public static Segment open(Address address) throws IOException {
        return new Segment(Segments.open(address));
    }

    /** Attaches to one, or makes it if there is none; the options are those it was made with. */
    public static Segment openOrCreate(Address address, SegmentOptions options) throws IOException {
        return new Segment(Segments.openOrCreate(address, options));
    }

    /**
     * Removes the name. Those who are attached go on.
     *
     * @return false if there was none
     */
    public static boolean remove(Address address) throws IOException {
        return Segments.remove(address);
    }

    // ---- objects

    /**
     * Makes an area in it: bytes, of which the segment knows nothing, zeroed.
     *
     * @param name 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}
     * @param sizeBytes 1 or more
     * @throws OsException {@code EEXIST} if there is an object of this name
     * @throws org.jvmipc.LimitException if there is no room for it
     */
    public MemoryArea createArea(String name, int sizeBytes) throws IOException {
        Directory.Entry entry = addArea(name, sizeBytes);
        if (entry == null) {
            throw new OsException("create", Errno.EEXIST, "object=" + name + " in " + address);
        }
        return area(entry);
    }

    /**
     * An area in it.
     *
     * @throws OsException {@code ENOENT} if there is no object of this name
     * @throws CorruptDataException if it is no area
     */
    public MemoryArea area(String name) throws IOException {
        ensureOpen();
        Directory.Entry entry;
        try {
            entry = handle.find(name);
        } catch (InternalError e) {
            throw handle.cutOff(e);
        }
        if (entry == null) {
            throw new OsException("open", Errno.ENOENT, "object=" + name + " in " + address);
        }
        if (entry.type() != ObjectType.AREA) {
            throw new CorruptDataException(address + ": " + name + " is no area but " + entry.type());
        }
        return area(entry);
    }

    /** An area in it, which is made if there is none; it is as large as it was made. */
    public MemoryArea areaOrCreate(String name, int sizeBytes) throws IOException {
        Directory.Entry entry = addArea(name, sizeBytes);
        return entry == null ? area(name) : area(entry);
    }

    private Directory.@Nullable Entry addArea(String name, int sizeBytes) throws IOException {
        ensureOpen();
        if (sizeBytes < 1) {
            throw new IllegalArgumentException("size is " + sizeBytes + "; it is 1 or more");
        }
        try {
            return handle.add(name, ObjectType.AREA, new SegmentObjects.Content(sizeBytes, (bytes, offset) -> {}));
        } catch (InternalError e) {
            throw handle.cutOff(e);
        }
    }

    private MemoryArea area(Directory.Entry entry) {
        return new MemoryArea(handle.bytes().slice(entry.offset(), entry.size()), address + " " + entry.name());
    }

    /** What is in it, in the order of its making. */
    public List<SegmentObject> objects() throws IOException {
        ensureOpen();
        return Segments.objects(handle);
    }

    /** Who is attached, this process included, by slot. */
    public List<SegmentParticipant> participants() throws IOException {
        ensureOpen();
        return Segments.participants(handle);
    }

    // ---- the endpoint

    private void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public Set<Capability> capabilities() {
        return Segments.CAPABILITIES;
    }

    @Override
    public boolean isOpen() {
        return !handle.blocked().isClosed();
    }

    /** Closes this handle. With the last one of this process, those of objects in it included, the process detaches. */
    @Override
    public void close() {
        handle.close();
    }

    @Override
    public String toString() {
        return "Segment[" + address + (isOpen() ? "]" : ", closed]");
    }
}
