package org.jvmipc.internal.posix;

import java.util.ArrayList;
import java.util.List;
import org.jvmipc.IpcException;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;
import org.jvmipc.UnsupportedMechanismException;

/** Why the kernel made no message queue: {@code errno} alone says one thing for several reasons, and {@code EMFILE} a wrong one. */
final class MqLimits {
    private static final String LIMITS = "/proc/sys/fs/mqueue/";
    private static final String FAILED = "mq_open failed: ";

    /** {@code HARD_MSGMAX} of {@code linux/ipc_namespace.h}: the most that {@code msg_max} can be. */
    private static final int HARD_MSGMAX = 65_536;

    /** {@code HARD_MSGSIZEMAX}, the most that {@code msgsize_max} can be. */
    private static final int HARD_MSGSIZEMAX = 16 << 20;

    /** Of who has it only the two above are asked; {@code capabilities(7)}. */
    private static final int CAP_SYS_RESOURCE = 24;

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
                    FAILED + "as many queues as there may be (ENOSPC) name=" + name,
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

    // ---- one that is too large

    /**
     * One of the two sizes of a queue, and what bounds it.
     *
     * @param hard the bound for everybody
     * @param setting the file of the bound for those without privilege
     */
    private record Size(String what, long asked, String hardName, long hard, String setting) {
        boolean isOverHard() {
            return asked > hard;
        }

        boolean isOverSetting() {
            long value = ProcFiles.number(setting);
            return value >= 0 && asked > value;
        }

        String bound() {
            return isOverHard() ? hardName : setting;
        }

        long value() {
            return isOverHard() ? hard : ProcFiles.number(setting);
        }

        String remedy() {
            return isOverHard()
                    ? "no setting raises it; without CAP_SYS_RESOURCE " + setting + " is " + ProcFiles.number(setting)
                    : "a privileged user may write a larger value there";
        }
    }

    /**
     * The hard bounds come first, as they are everybody's. That nothing is over them and it was refused all the same proves that the
     * settings are this process's bounds, whatever capabilities it has: in a user namespace they do not count here.
     */
    private static IpcException tooLarge(String name, int depth, int maxMessageBytes) {
        List<Size> sizes = List.of(
                new Size("a depth of " + depth + " messages", depth, "HARD_MSGMAX", HARD_MSGMAX, LIMITS + "msg_max"),
                new Size(
                        "a largest message of " + maxMessageBytes + " bytes",
                        maxMessageBytes,
                        "HARD_MSGSIZEMAX",
                        HARD_MSGSIZEMAX,
                        LIMITS + "msgsize_max"));
        boolean settingsCount =
                sizes.stream().noneMatch(Size::isOverHard) || !ProcFiles.hasCapability(CAP_SYS_RESOURCE);
        List<Size> over = new ArrayList<>();
        for (Size size : sizes) {
            if (size.isOverHard() || (settingsCount && size.isOverSetting())) {
                over.add(size);
            }
        }
        if (over.isEmpty()) {
            return new OsException(
                    "mq_open",
                    Errno.EINVAL,
                    "name=" + name + " depth=" + depth + " maxMessageBytes=" + maxMessageBytes);
        }
        Size first = over.get(0);
        if (over.size() == 1) {
            return new LimitException(
                    FAILED + first.what() + " (EINVAL) name=" + name, first.bound(), first.value(), first.remedy());
        }
        Size second = over.get(1);
        return new LimitException(
                FAILED + first.what() + " and " + second.what() + " (EINVAL) name=" + name,
                first.bound(),
                first.value(),
                first.remedy() + "; and " + second.bound() + " is " + second.value() + "; " + second.remedy());
    }

    // ---- one that is too much

    /**
     * {@code EMFILE} is for descriptors as well as for the bytes of the user's queues, of which the kernel tells nobody how many there
     * are. So it is looked whether there is a descriptor left.
     */
    private static IpcException tooMuchMemory(String name, int depth, int maxMessageBytes) {
        if (!isDescriptorLeft()) {
            return Calls.tooManyOpenFiles("mq_open failed name=" + name);
        }
        return new LimitException(
                FAILED + "a queue of " + depth + " messages of " + maxMessageBytes + " bytes takes "
                        + neededBytes(depth, maxMessageBytes) + " bytes, which this user has not left (EMFILE) name="
                        + name,
                "RLIMIT_MSGQUEUE",
                Resource.messageQueueBytes(),
                "it counts all queues of the user; raise it with `ulimit -q`, remove a queue, or make this one smaller");
    }

    private static boolean isDescriptorLeft() {
        try {
            OsCalls.eventfd().close();
            return true;
        } catch (LimitException e) {
            return false;
        } catch (IpcException e) {
            return true; // another reason, which tells nothing
        }
    }

    static UnsupportedMechanismException unsupported() {
        return new UnsupportedMechanismException(
                "this kernel has no POSIX message queues (ENOSYS): it was built without CONFIG_POSIX_MQUEUE");
    }
}
