package org.jvmipc.mq;

/**
 * How a kernel message queue is made. Settled at creation; whoever opens it reads them from the kernel
 * ({@link PosixMessageQueue#status()}).
 *
 * <pre>{@code
 * PosixMessageQueueOptions options = PosixMessageQueueOptions.defaults().withDepth(4).withMaxMessage(1024);
 * }</pre>
 *
 * <p>What the kernel allows is asked of the kernel, at creation: without privilege at most {@code /proc/sys/fs/mqueue/msg_max} (10)
 * messages of at most {@code msgsize_max} (8192) bytes, and all queues of a user together at most {@code RLIMIT_MSGQUEUE} (819,200)
 * bytes, whatever is in them: {@code depth * (maxMessageBytes + 96)} each.
 *
 * <p><b>Thread safety.</b> Immutable.
 *
 * @param depth how many messages it holds, at least 1; {@code mq_maxmsg}
 * @param maxMessageBytes the largest message, in bytes, at least 1; {@code mq_msgsize}
 */
public record PosixMessageQueueOptions(int depth, int maxMessageBytes) {
    private static final PosixMessageQueueOptions DEFAULTS = new PosixMessageQueueOptions(10, 8192);

    /** Checks the values. */
    public PosixMessageQueueOptions {
        requirePositive("depth", depth);
        requirePositive("maxMessageBytes", maxMessageBytes);
    }

    private static void requirePositive(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " is " + value + "; it must be at least 1");
        }
    }

    /** 10 messages of up to 8192 bytes: what the kernel gives who asks for nothing else. */
    public static PosixMessageQueueOptions defaults() {
        return DEFAULTS;
    }

    /** The same for so many messages. */
    public PosixMessageQueueOptions withDepth(int messages) {
        return new PosixMessageQueueOptions(messages, maxMessageBytes);
    }

    /** The same with another largest message, in bytes. */
    public PosixMessageQueueOptions withMaxMessage(int bytes) {
        return new PosixMessageQueueOptions(depth, bytes);
    }
}
