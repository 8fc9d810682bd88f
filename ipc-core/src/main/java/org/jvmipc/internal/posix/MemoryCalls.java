package org.jvmipc.internal.posix;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import org.jvmipc.IpcException;
import org.jvmipc.OsException;

/** The door to the kernel as far as files go that are mapped as memory: without a name at first, allocated, sealed. */
public final class MemoryCalls {
    /** The file's size cannot be made smaller any more. */
    public static final int SEAL_SHRINK = 2;
    /** The file's size cannot be made larger any more. */
    public static final int SEAL_GROW = 4;
    /** No further seals. */
    public static final int SEAL_SEAL = 1;

    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_ALLOW_SEALING = 2;
    private static final int MFD_HUGETLB = 4;
    private static final int MADV_HUGEPAGE = 14;

    private MemoryCalls() {}

    /**
     * A regular file without a name in the directory, open for reading and writing; {@code O_TMPFILE} of {@code open(2)}.
     * It goes with its descriptor unless it is {@linkplain #link linked}.
     *
     * @throws OsException {@code EOPNOTSUPP} where the file system has no such files
     */
    public static Fd nameless(String directory, int mode) throws IpcException {
        return OsCalls.open(directory, Fcntl.O_TMPFILE | Fcntl.O_RDWR, mode);
    }

    /**
     * Gives a file a name, at one instant; {@code linkat(2)}. Nothing is replaced.
     *
     * @throws OsException {@code EEXIST} if something has the name
     */
    public static void link(Fd file, String path) throws IpcException {
        byte[] from = Calls.zeroEnded("/proc/self/fd/" + file.number());
        byte[] to = Calls.zeroEnded(path);
        Calls.call(
                "linkat",
                "path=" + path,
                () -> Fcntl.linkat(Fcntl.AT_FDCWD, from, Fcntl.AT_FDCWD, to, Fcntl.AT_SYMLINK_FOLLOW));
    }

    /**
     * Makes the file so large and gives it all its blocks, zeroed: no later access runs out of space; {@code
     * posix_fallocate(3)}. What it had got when it fails for want of space stays the file's.
     *
     * @return 0, or {@code -errno}
     */
    public static int allocate(Fd file, long bytes) {
        return allocate(file, 0, bytes);
    }

    /**
     * The same of a range; what lies before it stays as it is.
     *
     * @param bytes 1 or more
     * @return 0, or {@code -errno}
     */
    public static int allocate(Fd file, long offset, long bytes) {
        int result;
        do {
            result = allocateOnce(file.number(), offset, bytes);
        } while (result == -Errno.EINTR);
        return result;
    }

    private static int allocateOnce(int fd, long offset, long bytes) {
        int refused = Seam.before("posix_fallocate");
        if (refused != 0) {
            return -refused;
        }
        int errno = Fcntl.posix_fallocate(fd, offset, bytes); // its value is the errno
        Seam.after("posix_fallocate", -errno);
        return -errno;
    }

    /** Sets the file's size; what is added is a hole. {@code ftruncate(2)}. */
    public static void resize(Fd file, long bytes) throws IpcException {
        int result;
        do {
            result = Calls.result("ftruncate", () -> Fcntl.ftruncate(file.number(), bytes));
        } while (result == -Errno.EINTR);
        Calls.check("ftruncate", result, file + " bytes=" + bytes);
    }

    /**
     * Memory that is a file without any name; {@code memfd_create(2)}. It can be sealed.
     *
     * @param name is shown in {@code /proc/PID/fd} and {@code /proc/PID/maps}
     * @param hugePages of huge pages of the default size, which must have been reserved
     */
    public static Fd anonymous(String name, boolean hugePages) throws IpcException {
        NativeLibraryLoader.require();
        byte[] text = Calls.zeroEnded(name);
        int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING | (hugePages ? MFD_HUGETLB : 0);
        int fd = Calls.call("memfd_create", "name=" + name, () -> Memory.memfd_create(text, flags));
        return new Fd(OsCalls.aboveStandard(fd));
    }

    /** Adds seals; {@code F_ADD_SEALS} of {@code fcntl(2)}. */
    public static void seal(Fd file, int seals) throws IpcException {
        int result = OsCalls.fcntlResult("fcntl(F_ADD_SEALS)", file.number(), Fcntl.F_ADD_SEALS, seals);
        Calls.check("fcntl(F_ADD_SEALS)", result, file.toString());
    }

    /** The seals of a file; {@code F_GET_SEALS}. 0 for one that cannot have any. */
    public static int seals(Fd file) {
        return Math.max(0, OsCalls.fcntlResult("fcntl(F_GET_SEALS)", file.number(), Fcntl.F_GET_SEALS, 0));
    }

    /**
     * Asks for huge pages where the mapping allows them; {@code MADV_HUGEPAGE} of {@code madvise(2)}.
     *
     * @throws OsException {@code EINVAL} if the kernel was built without
     */
    public static void adviseHugePages(ByteBuffer mapped, String object) throws IpcException {
        long address = address(mapped);
        Calls.call("madvise", object, () -> Memory.madvise(address, mapped.capacity(), MADV_HUGEPAGE));
    }

    /** Where byte 0 of a direct or mapped buffer lies; as long as the buffer is reachable. */
    public static long address(ByteBuffer buffer) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(buffer));
    }
}
