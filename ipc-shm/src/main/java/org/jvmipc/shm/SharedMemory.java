package org.jvmipc.shm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Capability;
import org.jvmipc.Endpoint;
import org.jvmipc.OsException;
import org.jvmipc.internal.registry.ObjectParameters;
import org.jvmipc.internal.registry.ObjectPaths;
import org.jvmipc.spi.Removal;

/**
 * A shared memory area: a file that several processes map, so that they work on the same physical memory. Raw bytes, without
 * a header and without a notion of who else is there; that is for {@code Segment}.
 *
 * <pre>{@code
 * // one process
 * try (SharedMemory memory = SharedMemory.create(SharedMemory.path("scores"), SharedMemoryOptions.ofSize(4096))) {
 *     memory.area(0, 4096).int64(0).setRelease(42);
 * }
 *
 * // another one
 * try (SharedMemory memory = SharedMemory.open(SharedMemory.path("scores"))) {
 *     System.out.println(memory.area(0, 4096).int64(0).getAcquire());
 * }
 * }</pre>
 *
 * <table>
 * <caption>Forms of opening</caption>
 * <tr><th></th><th>nothing there</th><th>something there</th></tr>
 * <tr><td>{@link #create}</td><td>made</td><td>{@code EEXIST}</td></tr>
 * <tr><td>{@link #open}, {@link #openReadOnly}</td><td>{@code ENOENT}</td><td>opened</td></tr>
 * <tr><td>{@link #openOrCreate}</td><td>made</td><td>opened</td></tr>
 * <tr><td>{@link #anonymous}</td><td colspan="2">made, without a name, for a child</td></tr>
 * </table>
 *
 * <p>What is at the path is opened only if it is a regular file, belongs to this user (or the one that an address names),
 * has one name and is no symbolic link. Whoever made it: what a C program makes by {@code shm_open("/x")} is at
 * {@code /dev/shm/x}.
 *
 * <p><b>Full.</b> An area is allocated when it is made, so that a lack of room is an error then, and none of a later store.
 *
 * <p><b>Closed here.</b> All methods but those that only tell throw {@link ClosedChannelException}. Buffers, areas and
 * variables that were taken before stay valid: the memory stays mapped until the collector finds the last of them
 * unreachable, and only then has its file system the room of an area again whose name was removed. The name stays until
 * {@link #remove(Path)}.
 *
 * <p><b>Another process dies</b> and leaves the bytes as they are. <b>Another process cuts the file off</b>, and what was
 * beyond its new end is gone: the variables of a {@link MemoryArea} then throw {@link DamagedSegmentException}, a buffer of
 * {@link #buffer()} the {@link InternalError} of Java. On Java 17 that error comes late: variables throw within 64 calls, what
 * was read until then may be anything, and it may come out of any code in between as Java's own.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread.
 *
 * <p><b>Memory consistency effects.</b> A buffer has those of plain accesses: none. {@link SharedInt} and its like order
 * accesses between processes as they do between threads.
 *
 * <p><b>Platform notes.</b> {@code shm_overview(7)}, {@code mmap(2)} with {@code MAP_SHARED}; Java maps at most 2 GiB at
 * once, so larger areas are used by {@link #window}. Memory of files on a disk reaches it by and by, or by {@link #force()}.
 */
public final class SharedMemory implements Endpoint {
    private static final Set<Capability> CAPABILITIES = Set.of(Capability.ZERO_COPY);

    private final Address address;
    private final MappedFile file;

    SharedMemory(Address address, MappedFile file) {
        this.address = address;
        this.file = file;
    }

    // ---- making and opening

    /**
     * Creates an area where nothing is; its bytes are zero.
     *
     * @throws OsException {@code EEXIST} if there is anything at the path
     * @throws org.jvmipc.LimitException if its file system has no room for it
     * @throws org.jvmipc.UnsupportedMechanismException if huge pages are asked for and cannot be had there
     * @throws IOException if it could not be made; nothing is left behind then
     */
    public static SharedMemory create(Path path, SharedMemoryOptions options) throws IOException {
        return SharedMemoryFiles.create(ObjectPaths.canonical(path), options);
    }

    /**
     * Creates an area of this size, in bytes, for this user alone.
     *
     * @throws IOException as {@link #create(Path, SharedMemoryOptions)}
     */
    public static SharedMemory create(Path path, long sizeBytes) throws IOException {
        return create(path, SharedMemoryOptions.ofSize(sizeBytes));
    }

    /**
     * Creates the area of an address, such as {@code shm:NAME?size=64k}.
     *
     * @throws AddressException if it is no address of an area, or does not say the size
     * @throws IOException as {@link #create(Path, SharedMemoryOptions)}
     */
    public static SharedMemory create(Address address) throws IOException {
        return SharedMemoryFiles.create(
                SharedMemoryFiles.canonical(address),
                SharedMemoryAddress.options(address),
                ObjectParameters.ownerProcess(address));
    }

    /**
     * Opens the area at the path for reading and writing.
     *
     * @throws OsException {@code ENOENT} if there is nothing
     * @throws IOException if what is there is refused, is empty, or cannot be mapped
     */
    public static SharedMemory open(Path path) throws IOException {
        return SharedMemoryFiles.open(ObjectPaths.canonical(path), false);
    }

    /**
     * Opens the area of an address: {@code shm:/path}, {@code shm:NAME}, or what {@link #anonymous} memory has, while the
     * process that made it has it open.
     *
     * @throws AddressException if it is no address of an area
     * @throws IOException as {@link #open(Path)}
     */
    public static SharedMemory open(Address address) throws IOException {
        return SharedMemoryFiles.open(address, false);
    }

    /**
     * Opens the area at the path for reading; to store into it is a {@link java.nio.ReadOnlyBufferException}.
     *
     * @throws IOException as {@link #open(Path)}
     */
    public static SharedMemory openReadOnly(Path path) throws IOException {
        return SharedMemoryFiles.open(ObjectPaths.canonical(path), true);
    }

    /**
     * Opens the area of an address for reading.
     *
     * @throws IOException as {@link #open(Address)}
     */
    public static SharedMemory openReadOnly(Address address) throws IOException {
        return SharedMemoryFiles.open(address, true);
    }

    /**
     * Opens the area at the path, created first if there is nothing. One that is there keeps its size and mode; if it was
     * {@link org.jvmipc.Lifetime#OWNED} by a process that is dead, this one owns it from now on.
     *
     * @throws IOException as {@link #create(Path, SharedMemoryOptions)} and {@link #open(Path)}
     */
    public static SharedMemory openOrCreate(Path path, SharedMemoryOptions options) throws IOException {
        return SharedMemoryFiles.openOrCreate(ObjectPaths.canonical(path), options);
    }

    /**
     * Makes memory without a name, which nobody can make smaller or larger ({@code memfd_create(2)}, sealed). A child JVM
     * gets it by its address; this process keeps it open until the child has opened it:
     *
     * <pre>{@code
     * SharedMemory memory = SharedMemory.anonymous(4096);
     * ChildJvm child = JvmLauncher.of(Worker.class).handOver("memory", memory.address()).start();
     *
     * // in Worker.main
     * SharedMemory memory = SharedMemory.open(ParentJvm.get().address("memory"));
     * }</pre>
     *
     * @throws IOException if it could not be made
     */
    public static SharedMemory anonymous(long sizeBytes) throws IOException {
        return anonymous(SharedMemoryOptions.ofSize(sizeBytes));
    }

    /**
     * The same with huge pages if the options say so; their size is a multiple of a huge page then. What has no name has
     * neither a mode nor a lifetime of its own: it goes with the last process that has it.
     *
     * @throws org.jvmipc.LimitException if there are not so many huge pages
     * @throws IOException if it could not be made
     */
    public static SharedMemory anonymous(SharedMemoryOptions options) throws IOException {
        return AnonymousMemory.make(options);
    }

    // ---- names

    /**
     * Whether there is an area of this user at the path.
     *
     * @throws IOException if something else is there, or it cannot be looked at
     */
    public static boolean exists(Path path) throws IOException {
        return SharedMemoryFiles.exists(path, SharedMemoryFiles.SELF);
    }

    /**
     * Removes the name. Who has the area open goes on; who opens the name afterwards finds nothing.
     *
     * @return false if there was none
     * @throws IOException if something else than a file of this user is there, which is left alone; or it could not be removed
     */
    public static boolean remove(Path path) throws IOException {
        return SharedMemoryFiles.remove(path, SharedMemoryFiles.SELF);
    }

    /**
     * Removes what the dead have left: areas {@link org.jvmipc.Lifetime#OWNED} by a process that is proven dead and that
     * nobody has open. A live object, or one that is not this user's, is never touched. A program that is not ours and that
     * has closed the descriptor of what it has mapped is not seen: create what such ones use as
     * {@link org.jvmipc.Lifetime#KEPT}.
     *
     * @return the addresses of those that were removed, by this call
     * @throws IOException if the registry cannot be read
     */
    public static List<Address> removeStale() throws IOException {
        return SharedMemoryFiles.OBJECTS.survey().removeStale(false).stream()
                .filter(removal -> removal.outcome() == Removal.Outcome.REMOVED)
                .map(Removal::address)
                .toList();
    }

    /**
     * Where the area of a bare name is: in the runtime directory, {@code /dev/shm/ipc-<euid>} or {@code $IPC_HOME}.
     *
     * @param name 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}, the first one no dot
     * @throws IllegalArgumentException if it is no name
     * @throws IOException if {@code IPC_HOME} is not an absolute path
     */
    public static Path path(String name) throws IOException {
        return SharedMemoryFiles.OBJECTS.paths().ofName(name);
    }

    // ---- this one

    /**
     * The whole area, little-endian.
     *
     * @throws IllegalArgumentException if it has 2 GiB or more
     * @throws IOException if it is closed
     */
    public ByteBuffer buffer() throws IOException {
        if (size() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    address + " has " + size() + " bytes; a buffer has at most 2147483647: use window(offset, length)");
        }
        return window(0, (int) size());
    }

    /**
     * A part of it, little-endian. What is mapped for it is kept, so that windows may be taken often.
     *
     * @param offset of its first byte
     * @param length in bytes; at most 1 GiB if the area has 2 GiB or more
     * @throws IndexOutOfBoundsException if it is not within the area
     * @throws DamagedSegmentException if the file has been cut off
     * @throws IOException if the area is closed, or cannot be mapped there
     */
    public ByteBuffer window(long offset, int length) throws IOException {
        return file.window(offset, length);
    }

    /**
     * A part of it for variables and arrays.
     *
     * @param offset of its first byte, a multiple of 8
     * @throws IOException as {@link #window}
     */
    public MemoryArea area(long offset, int size) throws IOException {
        if (offset % Long.BYTES != 0) {
            throw new IllegalArgumentException(
                    "offset of an area is " + offset + "; it must be a multiple of 8 (" + address + ")");
        }
        return new MemoryArea(window(offset, size), address.toString());
    }

    /** Its size in bytes when it was opened. */
    public long size() {
        return file.sizeBytes();
    }

    /** Whether it was opened for reading only. */
    public boolean isReadOnly() {
        return file.isReadOnly();
    }

    /**
     * Writes what was changed to the storage device; of memory that is no device's, such as that of {@code /dev/shm},
     * nothing is to be done.
     *
     * @throws IOException if the area is closed, or the device failed
     */
    public void force() throws IOException {
        file.force(0, size());
    }

    /**
     * The same of a part, as {@code msync(2)} does it: in whole pages.
     *
     * @throws IndexOutOfBoundsException if it is not within the area
     * @throws IOException as {@link #force()}
     */
    public void force(long offset, long length) throws IOException {
        file.force(offset, length);
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public Set<Capability> capabilities() {
        return CAPABILITIES;
    }

    @Override
    public boolean isOpen() {
        return file.isOpen();
    }

    /** Ends the use of it here; the second time it does nothing. Neither the name nor what is mapped is removed. */
    @Override
    public void close() {
        file.close();
    }

    @Override
    public String toString() {
        return "SharedMemory[" + address + ", " + size() + " bytes" + (isOpen() ? "]" : ", closed]");
    }
}
