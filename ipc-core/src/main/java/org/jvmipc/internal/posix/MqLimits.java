package org.jvmipc.internal.posix;

import org.jvmipc.IpcException;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;
import org.jvmipc.UnsupportedMechanismException;

/** Why the kernel made no message queue: {@code errno} alone says one thing for several reasons, and {@code EMFILE} a wrong one. */
final class MqLimits {
    private static final String LIMITS = "/proc/sys/fs/mqueue/";

    /**
     * What a message takes of {@code RLIMIT_MSGQUEUE} beyond its bytes, {@code getrlimit(2)}: a {@code struct msg_msg} and, of up to
     * 32,768 messages, a {@code struct posix_msg_tree_node}, of 48 bytes each on machines of 64 bits.
     */
    private static final int PER_MESSAGE_BYTES = 48;

    private static final int MOST_NODES = MqCalls.MAX_PRIORITY + 1;

    private MqLimits() {}

    /** How many bytes the kernel counts for a queue, whatever is in it. */
    static long neededBytes(int depth, int maxMessageBytes) {
        return (long) depth * (maxMessageBytes + PER_MESSAGE_BYTES)
                + (long) Math.min(depth, MOST_NODES) * PER_MESSAGE_BYTES;
    }

    /** The error for this {@code errno} of {@code mq_open}. */
    static IpcException refused(String name, int depth, int maxMessageBytes, int errno) throws IpcException {
        return switch (errno) {
            case Errno.EINVAL -> tooLarge(name, depth, maxMessageBytes);
            case Errno.EMFILE -> tooMuchMemory(name, depth, maxMessageBytes);
            case Errno.ENOSPC -> new LimitException(
                    "mq_open failed: as many queues as there may be (ENOSPC) name=" + name,
                    LIMITS + "queues_max",
                    ProcFiles.number(LIMITS + "queues_max"),
                    "a privileged user may write a larger value there; or remove a queue");
            case Errno.ENOSYS -> unsupported();
            default -> {
                Calls.check("mq_open", -errno, "name=" + name);
                yield new OsException("mq_open", errno, "name=" + name);
            }
        };
    }

    private static IpcException tooLarge(String name, int depth, int maxMessageBytes) {
        long mostMessages = ProcFiles.number(LIMITS + "msg_max");
        long mostBytes = ProcFiles.number(LIMITS + "msgsize_max");
        if (mostMessages >= 0 && depth > mostMessages) {
            return overMaximum(name, "depth of " + depth + " messages", "msg_max", mostMessages);
        }
        if (mostBytes >= 0 && maxMessageBytes > mostBytes) {
            return overMaximum(name, "largest message of " + maxMessageBytes + " bytes", "msgsize_max", mostBytes);
        }
        return new OsException(
                "mq_open", Errno.EINVAL, "name=" + name + " depth=" + depth + " maxMessageBytes=" + maxMessageBytes);
    }

    private static LimitException overMaximum(String name, String what, String limit, long value) {
        return new LimitException(
                "mq_open failed: a " + what + " (EINVAL) name=" + name,
                LIMITS + limit,
                value,
                "a privileged user may write a larger value there");
    }

    /**
     * {@code EMFILE} is for descriptors as well as for the bytes of the user's queues, of which the kernel tells nobody how many there
     * are. So it is looked whether there is a descriptor left.
     */
    private static IpcException tooMuchMemory(String name, int depth, int maxMessageBytes) throws IpcException {
        OsCalls.eventfd().close();
        return new LimitException(
                "mq_open failed: a queue of " + depth + " messages of " + maxMessageBytes + " bytes takes "
                        + neededBytes(depth, maxMessageBytes) + " bytes, which this user has not left (EMFILE) name="
                        + name,
                "RLIMIT_MSGQUEUE",
                Resource.messageQueueBytes(),
                "it counts all queues of the user; raise it with `ulimit -q`, remove a queue, or make this one smaller");
    }

    static UnsupportedMechanismException unsupported() {
        return new UnsupportedMechanismException(
                "this kernel has no POSIX message queues (ENOSYS): it was built without CONFIG_POSIX_MQUEUE");
    }
}
