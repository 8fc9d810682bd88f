package org.jvmipc.internal.posix;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.ref.Reference;
import java.util.List;
import org.jvmipc.IpcException;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;

/**
 * The one door to the kernel: each call with its {@code errno} looked at on the same line and {@code EINTR} retried. All
 * of them pass the {@link Seam}, by the name that errors have for them; {@link Calls} says how.
 *
 * <p>Calls on the path of data ({@link #read}, {@link #write}, {@link #poll}) answer {@code -errno} as the kernel does,
 * so that an expected {@code EAGAIN} costs no exception; all others throw {@link OsException}, or {@link LimitException}
 * where the error is a limit of this process.
 */
public final class OsCalls {
    /** Descriptors of ours are 3 or more, so that a process started without stdin does not get a pipe of ours as 0. */
    private static final int FIRST_OWN_FD = 3;

    private OsCalls() {}

    /** Loads what the calls of this class need, which the first of them would: the native library takes a tenth of a second. */
    public static void prepare() {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        for (Class<?> each : List.of(
                DirectCalls.class,
                Unistd.class,
                Fcntl.class,
                Poll.class,
                FileCalls.class,
                LockCalls.class,
                PolledFd.class)) {
            try {
                lookup.ensureInitialized(each);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException("a class of this package cannot be initialised: " + each, e);
            }
        }
    }

    // ---- the path of data

    /** {@code read(2)}: bytes read, 0 at the end of file, or {@code -errno}. */
    public static int read(int fd, long address, int count) {
        int result;
        do {
            result = readOnce(fd, address, count);
        } while (result == -Errno.EINTR);
        return result;
    }

    /** {@code read(2)} that may block, so {@code EINTR} is the caller's: bytes read, 0 at the end of file, {@code -errno}. */
    static int readOnce(int fd, long address, int count) {
        return readOnce("read", fd, address, count);
    }

    private static int readOnce(String call, int fd, long address, int count) {
        int refused = Seam.before(call);
        if (refused != 0) {
            return -refused;
        }
        int result = DirectCalls.AVAILABLE
                ? (int) DirectCalls.call(DirectCalls.SYS_READ, fd, address, count)
                : Calls.result(Unistd.read(fd, address, count));
        Seam.after(call, result);
        return result;
    }

    /** {@code write(2)}: bytes written, or {@code -errno}. */
    public static int write(int fd, long address, int count) {
        int result;
        do {
            result = writeOnce("write", fd, address, count);
        } while (result == -Errno.EINTR);
        return result;
    }

    private static int writeOnce(String call, int fd, long address, int count) {
        int refused = Seam.before(call);
        if (refused != 0) {
            return -refused;
        }
        int result = DirectCalls.AVAILABLE
                ? (int) DirectCalls.call(DirectCalls.SYS_WRITE, fd, address, count)
                : Calls.result(Unistd.write(fd, address, count));
        Seam.after(call, result);
        return result;
    }

    /** {@code poll(2)}: how many descriptors have events, 0 after the time, or {@code -errno}, {@code EINTR} included. */
    public static int poll(long fds, int count, int timeoutMillis) {
        int refused = Seam.before("poll");
        if (refused != 0) {
            return -refused;
        }
        int result = DirectCalls.AVAILABLE
                ? (int) DirectCalls.call(DirectCalls.SYS_POLL, fds, count, timeoutMillis)
                : Calls.result(Poll.poll(fds, count, timeoutMillis));
        Seam.after("poll", result);
        return result;
    }

    /** As {@link #read(int, long, int)}, into the buffer's beginning. */
    public static int read(int fd, NativeBuffer target, int count) {
        try {
            return read(fd, target.address(), count);
        } finally {
            Reference.reachabilityFence(target);
        }
    }

    /** As {@link #write(int, long, int)}, from the buffer's beginning. */
    public static int write(int fd, NativeBuffer source, int count) {
        try {
            return write(fd, source.address(), count);
        } finally {
            Reference.reachabilityFence(source);
        }
    }

    /** Adds one to an eventfd: it is readable then. {@code EAGAIN} would mean that it is at its maximum: readable anyway. */
    static void raiseEvent(int eventfd, NativeBuffer one) {
        try {
            while (writeOnce("write(eventfd)", eventfd, one.address(), Long.BYTES) == -Errno.EINTR) {}
        } finally {
            Reference.reachabilityFence(one);
        }
    }

    /** Sets an eventfd back to 0; there are 8 bytes at the address to read it into. */
    static void takeEvent(int eventfd, long scratch) {
        while (readOnce("read(eventfd)", eventfd, scratch, Long.BYTES) == -Errno.EINTR) {}
    }

    // ---- descriptors

    /**
     * {@code pipe2(2)}, close-on-exec, both numbers above 2.
     *
     * @param flags further flags, such as {@link Fcntl#O_NONBLOCK}
     * @return read end, write end
     */
    public static Fd[] pipe(int flags) throws IpcException {
        NativeLibraryLoader.require();
        NativeBuffer fds = new NativeBuffer(8);
        Calls.call("pipe2", "", () -> Unistd.pipe2(fds.address(), flags | Fcntl.O_CLOEXEC));
        int reading = fds.bytes().getInt(0);
        int writing = fds.bytes().getInt(4);
        int open = 0; // a failed move has closed what it was given
        try {
            reading = aboveStandard(reading);
            open = reading;
            writing = aboveStandard(writing);
        } catch (IpcException e) {
            close(open == 0 ? writing : open);
            throw e;
        }
        return new Fd[] {new Fd(reading), new Fd(writing)};
    }

    /** {@code open(2)}, close-on-exec, the number above 2. */
    public static Fd open(String path, int flags, int mode) throws IpcException {
        NativeLibraryLoader.require();
        byte[] name = Calls.zeroEnded(path);
        int fd;
        do {
            fd = Calls.result("open", () -> Fcntl.open(name, flags | Fcntl.O_CLOEXEC, mode));
        } while (fd == -Errno.EINTR);
        return new Fd(aboveStandard(Calls.check("open", fd, "path=" + path)));
    }

    /** {@code eventfd(2)}, close-on-exec, non-blocking. */
    public static Fd eventfd() throws IpcException {
        NativeLibraryLoader.require();
        int fd = Calls.call("eventfd", "", () -> Poll.eventfd(0, Poll.EFD_CLOEXEC | Poll.EFD_NONBLOCK));
        return new Fd(aboveStandard(fd));
    }

    /** A close-on-exec duplicate with a number above 2. The open file description, its flags included, is shared. */
    public static Fd duplicate(int fd) throws IpcException {
        return new Fd(fcntl("fcntl(F_DUPFD_CLOEXEC)", fd, Fcntl.F_DUPFD_CLOEXEC, FIRST_OWN_FD));
    }

    /** {@code dup3(2)} without close-on-exec: makes {@code to} what {@code from} is. For the standard descriptors. */
    public static void replace(int from, int to) throws IpcException {
        replace(from, to, 0);
    }

    private static void replace(int from, int to, int flags) throws IpcException {
        int result;
        do {
            result = Calls.result("dup3", () -> Unistd.dup3(from, to, flags));
        } while (result == -Errno.EINTR || result == -Errno.EBUSY);
        Calls.check("dup3", result, "fd=" + from + " to=" + to);
    }

    static int aboveStandard(int fd) throws IpcException {
        if (fd >= FIRST_OWN_FD) {
            return fd;
        }
        try {
            return fcntl("fcntl(F_DUPFD_CLOEXEC)", fd, Fcntl.F_DUPFD_CLOEXEC, FIRST_OWN_FD);
        } finally {
            close(fd);
        }
    }

    /** {@code close(2)}. Never tried again: on Linux the number is free whatever it answers. */
    static void close(int fd) {
        Seam.before("close");
        int result = Unistd.close(fd);
        Seam.after("close", result);
    }

    private static int fcntl(String name, int fd, int command, long argument) throws IpcException {
        return Calls.check(name, fcntlResult(name, fd, command, argument), "fd=" + fd);
    }

    /** {@code fcntl(2)}: what it answers, or {@code -errno}. */
    static int fcntlResult(String name, int fd, int command, long argument) {
        int result;
        do {
            result = Calls.result(name, () -> Fcntl.fcntl(fd, command, argument));
        } while (result == -Errno.EINTR);
        return result;
    }

    /** {@code fcntl(2)} on a path that is measured: what it answers, or {@code -errno}, {@code EINTR} included. */
    static int fcntlDirectly(String name, int fd, int command, long argument) {
        int refused = Seam.before(name);
        if (refused != 0) {
            return -refused;
        }
        int result = DirectCalls.AVAILABLE
                ? (int) DirectCalls.call(DirectCalls.SYS_FCNTL, fd, command, argument)
                : Calls.result(Fcntl.fcntl(fd, command, argument));
        Seam.after(name, result);
        return result;
    }

    /** Whether the descriptor is a terminal; {@code isatty(3)}. */
    public static boolean isTerminal(int fd) {
        return Calls.result("isatty", () -> Unistd.isatty(fd)) == 1;
    }

    /** A descriptor of the same pipe with an open file description of its own, in blocking mode, for reading. */
    static Fd blockingTwin(int fd) throws IpcException {
        // Non-blocking at first: opening a FIFO without a writer would wait for one.
        Fd twin = open("/proc/self/fd/" + fd, Fcntl.O_RDONLY | Fcntl.O_NONBLOCK, 0);
        try {
            fcntl("fcntl(F_SETFL)", twin.number(), Fcntl.F_SETFL, 0);
            return twin;
        } catch (IpcException e) {
            twin.close();
            throw e;
        }
    }

    /** Makes the descriptor, close-on-exec, one of a new non-blocking open file description of the same pipe, for reading. */
    static void renewReading(int fd) throws IpcException {
        try (Fd fresh = open("/proc/self/fd/" + fd, Fcntl.O_RDONLY | Fcntl.O_NONBLOCK, 0)) {
            replace(fresh.number(), fd, Fcntl.O_CLOEXEC);
        }
    }

    /**
     * Opens the pipe for writing, and closes it again: a description for reading that was opened while there was no writer
     * tells of their absence by poll from then on, and not before; pipe(7).
     *
     * @return false if this user may not write to it
     */
    static boolean passAsWriter(int fd) throws IpcException {
        try {
            open("/proc/self/fd/" + fd, Fcntl.O_WRONLY | Fcntl.O_NONBLOCK, 0).close();
            return true;
        } catch (OsException e) {
            if (e.errno() == Errno.EACCES) {
                return false;
            }
            throw e;
        }
    }

    // ---- pipes

    /** The pipe's capacity in bytes; {@code F_GETPIPE_SZ}. */
    public static int pipeCapacity(int fd) throws IpcException {
        return fcntl("fcntl(F_GETPIPE_SZ)", fd, Fcntl.F_GETPIPE_SZ, 0);
    }

    /**
     * Sets the pipe's capacity; {@code F_SETPIPE_SZ}. The kernel rounds up to a power of two of pages.
     *
     * @return the capacity it has now, in bytes
     * @throws LimitException over {@code /proc/sys/fs/pipe-max-size} without privilege
     */
    public static int setPipeCapacity(int fd, int bytes) throws IpcException {
        int result = fcntlResult("fcntl(F_SETPIPE_SZ)", fd, Fcntl.F_SETPIPE_SZ, bytes);
        if (result == -Errno.EPERM) {
            long max = ProcFiles.number("/proc/sys/fs/pipe-max-size");
            String limit = bytes > max ? "pipe-max-size" : "pipe-user-pages-soft";
            throw new LimitException(
                    "a pipe of " + bytes + " bytes was refused (EPERM)",
                    "/proc/sys/fs/" + limit,
                    ProcFiles.number("/proc/sys/fs/" + limit),
                    "a privileged user may write a larger value there");
        }
        if (result == -Errno.EBUSY) {
            throw new LimitException(
                    "a pipe of " + bytes + " bytes was refused (EBUSY)",
                    "bytes waiting in the pipe",
                    bytesWaiting(fd),
                    "it must hold what is in it; try again when the reader has taken some");
        }
        return Calls.check("fcntl(F_SETPIPE_SZ)", result, "fd=" + fd + " bytes=" + bytes);
    }

    /** {@code tee(2)}, without waiting: how many bytes of one pipe are in the other one now, too; or {@code -errno}. */
    static int tee(int from, int to, int count) {
        int result;
        do {
            result = Calls.result("tee", () -> Fcntl.tee(from, to, count, Fcntl.SPLICE_F_NONBLOCK));
        } while (result == -Errno.EINTR);
        return result;
    }

    /** Puts the write end of a pipe into packet mode, non-blocking: each read takes one write; {@code O_DIRECT}, pipe(2). */
    public static void setPacketMode(int fd) throws IpcException {
        fcntl("fcntl(F_SETFL)", fd, Fcntl.F_SETFL, Fcntl.O_DIRECT | Fcntl.O_NONBLOCK);
    }

    /** How many bytes lie in the pipe or socket; {@code FIONREAD}. */
    public static int bytesWaiting(int fd) throws IpcException {
        NativeBuffer count = new NativeBuffer(4);
        Calls.call("ioctl(FIONREAD)", "fd=" + fd, () -> Poll.ioctl(fd, Poll.FIONREAD, count.address()));
        return count.bytes().getInt(0);
    }

    // ---- files

    /** {@code statx(2)} of an open descriptor. */
    public static FileStatus status(int fd) throws IpcException {
        return status(fd, "", Fcntl.AT_EMPTY_PATH, "fd=" + fd);
    }

    /** {@code statx(2)} of a path, symbolic links not followed. */
    public static FileStatus linkStatus(String path) throws IpcException {
        return status(Fcntl.AT_FDCWD, path, Fcntl.AT_SYMLINK_NOFOLLOW, "path=" + path);
    }

    static FileStatus status(int directory, String path, int flags, String object) throws IpcException {
        NativeBuffer buffer = new NativeBuffer(FileStatus.STATX_BYTES);
        int mask = Fcntl.STATX_BASIC_STATS | Fcntl.STATX_BTIME;
        byte[] name = Calls.zeroEnded(path);
        Calls.call("statx", object, () -> Fcntl.statx(directory, name, flags, mask, buffer.address()));
        return FileStatus.read(buffer.bytes());
    }

    /** {@code mkdir(2)}. */
    public static void makeDirectory(String path, int mode) throws IpcException {
        byte[] name = Calls.zeroEnded(path);
        Calls.call("mkdir", "path=" + path, () -> Fcntl.mkdir(name, mode));
    }

    /** {@code fchmod(2)}: the mode whatever the umask is. */
    public static void changeMode(int fd, int mode) throws IpcException {
        Calls.call("fchmod", "fd=" + fd, () -> Fcntl.fchmod(fd, mode));
    }

    /**
     * {@code ioctl(2)} with a structure in private memory.
     *
     * @param name such as {@code ioctl(PIDFD_GET_INFO)}
     * @return what it answers, or {@code -errno}
     */
    public static int control(String name, int fd, long request, NativeBuffer argument) {
        return Calls.result(name, () -> Poll.ioctl(fd, request, argument.address()));
    }

    // ---- errors

    /** An error of the JDK, which tells errno in its text only, as one of ours. */
    public static IpcException asLimit(IOException error, String what) {
        String text = String.valueOf(error.getMessage());
        return text.contains(Errno.text(Errno.EMFILE)) && !text.contains(Errno.text(Errno.ENFILE))
                ? Calls.tooManyOpenFiles(what)
                : new IpcException(what + ": " + text, error);
    }
}
