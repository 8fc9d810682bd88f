package org.jvmipc.internal.posix;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;
import org.jvmipc.OsException;

/**
 * The door to the kernel for POSIX message queues, {@code mq_overview(7)}: opening, removing, and what a queue says of itself;
 * messages go through {@link MqPath}.
 *
 * <p>The calls are made by number: the C library has its functions in {@code librt} before glibc 2.34. The kernel's name of a queue
 * is without the slash that a C program's begins with.
 */
public final class MqCalls {
    /** The highest priority, {@code MQ_PRIO_MAX - 1}. */
    public static final int MAX_PRIORITY = 32_767;

    static final long SYS_MQ_TIMEDSEND = Platform.pick(242, 182);
    static final long SYS_MQ_TIMEDRECEIVE = Platform.pick(243, 183);
    private static final long SYS_MQ_OPEN = Platform.pick(240, 180);
    private static final long SYS_MQ_UNLINK = Platform.pick(241, 181);
    private static final long SYS_MQ_GETSETATTR = Platform.pick(245, 185);

    /*
     * struct mq_attr: flags 0, maxmsg 8, msgsize 16, curmsgs 24, all s64, and 32 bytes that are reserved
     */
    private static final int ATTRIBUTES_BYTES = 64;
    private static final int MAXMSG = 8;
    private static final int MSGSIZE = 16;
    private static final int CURMSGS = 24;

    /** What a read of the descriptor gives: {@code QSIZE:129 NOTIFY:2 SIGNO:0 NOTIFY_PID:8260}. */
    private static final int STATUS_BYTES = 128;

    private static final String QSIZE = "QSIZE:";
    private static final String OPEN = "mq_open";

    private MqCalls() {}

    /**
     * What a queue says of itself.
     *
     * @param depth how many messages it holds at most
     * @param maxMessageBytes the largest message, in bytes
     * @param messages how many there are
     */
    public record Attributes(int depth, int maxMessageBytes, int messages) {}

    /**
     * Makes a queue that must not exist: {@code mq_open} with {@code O_CREAT|O_EXCL}, close-on-exec, for reading and writing. The umask
     * takes bits from the mode.
     *
     * @param name with its slash
     * @throws org.jvmipc.LimitException if a limit of the kernel, of the user or of this process would be passed; it is named
     * @throws org.jvmipc.UnsupportedMechanismException if this kernel has no POSIX message queues
     * @throws OsException {@code EEXIST} if there is one
     */
    public static Fd create(String name, int mode, int depth, int maxMessageBytes) throws IpcException {
        NativeLibraryLoader.require();
        NativeBuffer attributes = new NativeBuffer(ATTRIBUTES_BYTES);
        attributes.bytes().putLong(MAXMSG, depth).putLong(MSGSIZE, maxMessageBytes);
        int result = open(name, Fcntl.O_RDWR | Fcntl.O_CREAT | Fcntl.O_EXCL, mode, attributes);
        if (result < 0) {
            throw MqLimits.refused(name, depth, maxMessageBytes, -result);
        }
        try {
            return new Fd(OsCalls.aboveStandard(result));
        } catch (IpcException e) {
            unlinkQuietly(name, e); // nobody is told of it
            throw e;
        }
    }

    private static void unlinkQuietly(String name, IpcException cause) {
        try {
            unlink(name);
        } catch (IpcException e) {
            cause.addSuppressed(e);
        }
    }

    /**
     * Opens a queue that exists, close-on-exec, in blocking mode: whether a call waits is said with each.
     *
     * @param name with its slash
     * @param flags {@link Fcntl#O_RDONLY}, {@link Fcntl#O_WRONLY}
     * @throws OsException {@code ENOENT} if there is none
     * @throws org.jvmipc.UnsupportedMechanismException if this kernel has no POSIX message queues
     */
    public static Fd open(String name, int flags) throws IpcException {
        NativeLibraryLoader.require();
        int result = open(name, flags, 0, null);
        if (result == -Errno.ENOSYS) {
            throw MqLimits.unsupported();
        }
        return new Fd(OsCalls.aboveStandard(Calls.check(OPEN, result, "name=" + name)));
    }

    /**
     * Opens a queue that exists for what it says of itself, which needs no particular permission: for reading, or where only that is
     * allowed, for writing.
     *
     * @param name with its slash
     * @throws OsException {@code ENOENT} if there is none, {@code EACCES} if this user may do neither
     * @throws org.jvmipc.UnsupportedMechanismException if this kernel has no POSIX message queues
     */
    public static Fd openForAttributes(String name) throws IpcException {
        try {
            return open(name, Fcntl.O_RDONLY);
        } catch (OsException e) {
            if (e.errno() != Errno.EACCES) {
                throw e;
            }
            return open(name, Fcntl.O_WRONLY);
        }
    }

    private static int open(String name, int flags, int mode, @Nullable NativeBuffer attributes) {
        NativeBuffer text = inKernel(name);
        long address = attributes == null ? 0 : attributes.address();
        try {
            return untilDone(
                    OPEN, () -> Unistd.syscall(SYS_MQ_OPEN, text.address(), flags | Fcntl.O_CLOEXEC, mode, address, 0));
        } finally {
            Reference.reachabilityFence(text);
            Reference.reachabilityFence(attributes);
        }
    }

    /**
     * {@code mq_unlink}: removes the name. Who has it open goes on.
     *
     * @return false if there was none
     */
    public static boolean unlink(String name) throws IpcException {
        NativeLibraryLoader.require();
        NativeBuffer text = inKernel(name);
        int result;
        try {
            result = untilDone("mq_unlink", () -> Unistd.syscall(SYS_MQ_UNLINK, text.address(), 0, 0, 0, 0));
        } finally {
            Reference.reachabilityFence(text);
        }
        if (result == -Errno.ENOENT) {
            return false;
        }
        if (result == -Errno.ENOSYS) {
            throw MqLimits.unsupported();
        }
        Calls.check("mq_unlink", result, "name=" + name);
        return true;
    }

    private static int untilDone(String call, LongSupplier function) {
        int result;
        do {
            result = Calls.result(call, function);
        } while (result == -Errno.EINTR);
        return result;
    }

    private static NativeBuffer inKernel(String name) {
        byte[] text = Calls.zeroEnded(name);
        NativeBuffer buffer = new NativeBuffer(text.length - 1);
        buffer.bytes().put(text, 1, text.length - 1);
        return buffer;
    }

    /**
     * {@code mq_getattr}.
     *
     * @param name for the error
     */
    public static Attributes attributes(Fd queue, String name) throws IOException {
        return queue.use(number -> attributes(number, name));
    }

    /** The same of a descriptor that nobody closes meanwhile. */
    public static Attributes attributes(int queue, String name) throws IpcException {
        NativeBuffer memory = new NativeBuffer(ATTRIBUTES_BYTES);
        try {
            Calls.call(
                    "mq_getsetattr",
                    "name=" + name,
                    () -> Unistd.syscall(SYS_MQ_GETSETATTR, queue, 0, memory.address(), 0, 0));
            return new Attributes(
                    (int) memory.bytes().getLong(MAXMSG), (int) memory.bytes().getLong(MSGSIZE), (int)
                            memory.bytes().getLong(CURMSGS));
        } finally {
            Reference.reachabilityFence(memory);
        }
    }

    /** How many bytes its messages have together, as its file in {@code /dev/mqueue} says; -1 if it does not, or was not opened for reading. */
    public static long bytesWaiting(Fd queue) throws IOException {
        NativeBuffer text = new NativeBuffer(STATUS_BYTES);
        int length = queue.use(number -> OsCalls.read(number, text, STATUS_BYTES));
        byte[] read = new byte[Math.max(0, length)];
        text.bytes().get(0, read);
        String status = new String(read, StandardCharsets.US_ASCII);
        return status.matches("(?s)QSIZE:\\d{1,18}\\s.*")
                ? Long.parseLong(status.substring(QSIZE.length()).split("\\s", 2)[0])
                : -1;
    }
}
