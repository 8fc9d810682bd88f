package org.jvmipc.internal.posix;

import java.lang.ref.Reference;
import org.jvmipc.IpcException;
import org.jvmipc.OsException;

/** The door to the kernel as far as names in the file system go. */
public final class FileCalls {
    private static final int STATFS_BYTES = 120;

    private FileCalls() {}

    /** {@code mkfifo(3)}; the umask takes bits from the mode. Fails with {@code EEXIST} whatever is there, a link too. */
    public static void makeFifo(String path, int mode) throws IpcException {
        NativeLibraryLoader.require();
        byte[] name = Calls.zeroEnded(path);
        Calls.call("mkfifo", "path=" + path, () -> Fcntl.mkfifo(name, mode));
    }

    /**
     * {@code unlink(2)}.
     *
     * @return false if there was no such name
     */
    public static boolean unlink(String path) throws IpcException {
        NativeLibraryLoader.require();
        byte[] name = Calls.zeroEnded(path);
        int result = Calls.result("unlink", () -> Fcntl.unlink(name));
        if (result == -Errno.ENOENT) {
            return false;
        }
        Calls.check("unlink", result, "path=" + path);
        return true;
    }

    /** {@code rename(2)}: replaces what has the new name, at one instant. */
    public static void rename(String from, String to) throws IpcException {
        NativeLibraryLoader.require();
        byte[] old = Calls.zeroEnded(from);
        byte[] name = Calls.zeroEnded(to);
        Calls.call("rename", "path=" + from + " to=" + to, () -> Fcntl.rename(old, name));
    }

    /**
     * Names a file without opening it, links not followed: no side effect, no permission on it needed, and what is asked of
     * the descriptor is asked of that very file, whatever happens to the name.
     *
     * @throws OsException {@code ENOENT} if there is none
     */
    public static Fd name(String path) throws IpcException {
        return OsCalls.open(path, Fcntl.O_PATH | Fcntl.O_NOFOLLOW, 0);
    }

    /** Opens the very file that a descriptor of {@link #name} names; {@code path} is for the error. */
    public static Fd reopen(Fd named, int flags, String path) throws IpcException {
        try {
            return OsCalls.open(ofDescriptor(named), flags, 0);
        } catch (OsException e) {
            throw new OsException("open", e.errno(), "path=" + path);
        }
    }

    /** {@code chmod(2)} of the very file that a descriptor of {@link #name} names: the mode whatever the umask is. */
    public static void changeMode(Fd named, int mode, String path) throws IpcException {
        byte[] name = Calls.zeroEnded(ofDescriptor(named));
        String object = "path=" + path + " mode=0" + Integer.toOctalString(mode);
        Calls.call("chmod", object, () -> Fcntl.chmod(name, mode));
    }

    /**
     * {@code statx(2)} of a path, symbolic links followed, also those of {@code /proc/PID/fd}: the file is looked at and not
     * opened.
     *
     * @throws OsException {@code ENOENT} if there is none
     */
    public static FileStatus status(String path) throws IpcException {
        return OsCalls.status(Fcntl.AT_FDCWD, path, 0, "path=" + path);
    }

    /** Has a file or a directory written to its device: {@code fsync(2)}. Returns when it is there. */
    public static void sync(Fd file, String path) throws IpcException {
        int result;
        do {
            result = Calls.result("fsync", () -> Fcntl.fsync(file.number()));
        } while (result == -Errno.EINTR);
        Calls.check("fsync", result, "path=" + path);
    }

    /** What kind of file system it lies on: {@code f_type} of {@code fstatfs(2)}. */
    public static long fileSystemType(Fd file, String path) throws IpcException {
        NativeBuffer statfs = new NativeBuffer(STATFS_BYTES);
        try {
            Calls.call("fstatfs", "path=" + path, () -> Fcntl.fstatfs(file.number(), statfs.address()));
            return statfs.bytes().getLong(0);
        } finally {
            Reference.reachabilityFence(statfs);
        }
    }

    /**
     * {@code pread(2)} into the buffer's beginning.
     *
     * @param path for the error
     * @return bytes read, 0 at the end of the file
     */
    public static int readAt(Fd file, NativeBuffer target, int count, long offset, String path) throws IpcException {
        try {
            int result;
            do {
                result = readAtOnce(file.number(), target.address(), count, offset);
            } while (result == -Errno.EINTR);
            if (result < 0) {
                throw new OsException("pread", -result, "path=" + path + " offset=" + offset);
            }
            return result;
        } finally {
            Reference.reachabilityFence(target);
        }
    }

    private static int readAtOnce(int fd, long address, int count, long offset) {
        int refused = Seam.before("pread");
        if (refused != 0) {
            return -refused;
        }
        int result = DirectCalls.AVAILABLE
                ? (int) DirectCalls.callSix(DirectCalls.SYS_PREAD64, fd, address, count, offset, 0, 0)
                : Calls.result(Unistd.pread(fd, address, count, offset));
        Seam.after("pread", result);
        return result;
    }

    private static String ofDescriptor(Fd fd) {
        return "/proc/self/fd/" + fd.number();
    }
}
