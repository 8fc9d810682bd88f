package org.jvmipc.mq;

import java.time.Duration;

/**
 * How a queue is made. Settled at creation; whoever opens it reads them from its directory.
 *
 * <pre>{@code
 * MessageQueueOptions options = MessageQueueOptions.defaults().withCapacity(1L << 30).withSync(true);
 * }</pre>
 *
 * <p>The log of a queue is cut into <b>cycles</b>, files of their own: room comes back a cycle at a time. A cycle ends when it has
 * {@code cycleBytes}, or when its first message is {@code cycleAge} old and another one comes.
 *
 * <p><b>Thread safety.</b> Immutable.
 *
 * @param capacityBytes the queue is full when its files have so many bytes; at least twice the largest message and 256 KiB
 * @param cycleBytes how large the file of a cycle becomes, at least 64 KiB; a message that is larger has one of its own
 * @param cycleAge how old a cycle becomes; zero for any age
 * @param maxMessageBytes the largest message that is sent or accepted, in bytes
 * @param whenFull what becomes of a message for which there is no room
 * @param retention how long messages that every group has taken are kept for replay, as long as their room is not needed
 * @param maxAge messages older than this go, taken or not, a cycle at a time when a new one is begun or room is needed; zero keeps
 *     them
 * @param sync whether a send returns, and an acknowledgement counts, only when it is on the device: survives a power failure
 * @param groups how many consumer groups there may be, 1 to 256
 * @param participants how many processes may have the queue open at one time, 1 to 4096
 */
public record MessageQueueOptions(
        long capacityBytes,
        long cycleBytes,
        Duration cycleAge,
        int maxMessageBytes,
        FullPolicy whenFull,
        Duration retention,
        Duration maxAge,
        boolean sync,
        int groups,
        int participants) {
    private static final long SMALLEST_CYCLE_BYTES = 64 << 10;
    private static final long LARGEST_CYCLE_BYTES = 1 << 30;
    private static final long OVERHEAD_BYTES = 256 << 10;
    private static final int LARGEST_MESSAGE_BYTES = 256 << 20;
    private static final int MOST_GROUPS = 256;
    private static final int MOST_PARTICIPANTS = 4096;

    private static final MessageQueueOptions DEFAULTS = new MessageQueueOptions(
            256 << 20, 32 << 20, Duration.ZERO, 16 << 20, FullPolicy.BLOCK, Duration.ZERO, Duration.ZERO, false, 8, 64);

    /** Checks the values. */
    public MessageQueueOptions {
        require("maxMessageBytes", maxMessageBytes, 1, LARGEST_MESSAGE_BYTES);
        require("cycleBytes", cycleBytes, SMALLEST_CYCLE_BYTES, LARGEST_CYCLE_BYTES);
        require("capacityBytes", capacityBytes, 2L * maxMessageBytes + OVERHEAD_BYTES, Long.MAX_VALUE);
        require("groups", groups, 1, MOST_GROUPS);
        require("participants", participants, 1, MOST_PARTICIPANTS);
        requireNotNegative("cycleAge", cycleAge);
        requireNotNegative("retention", retention);
        requireNotNegative("maxAge", maxAge);
    }

    private static void require(String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " is " + value + "; it is " + least + " to " + most);
        }
    }

    private static void requireNotNegative(String what, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(what + " is " + value + "; it must not be negative");
        }
    }

    /**
     * 256 MiB in cycles of 32 MiB, messages of up to 16 MiB, a full queue blocks, nothing is kept that every group has taken,
     * untaken messages are kept for ever, no sync, 8 groups, 64 processes.
     */
    public static MessageQueueOptions defaults() {
        return DEFAULTS;
    }

    /** The same with another capacity, in bytes; cycles become an eighth of it, as far as they may. */
    public MessageQueueOptions withCapacity(long bytes) {
        long cycle = Math.max(SMALLEST_CYCLE_BYTES, Math.min(DEFAULTS.cycleBytes, bytes / 8));
        return new MessageQueueOptions(
                bytes, cycle, cycleAge, maxMessageBytes, whenFull, retention, maxAge, sync, groups, participants);
    }

    /** The same with cycles of so many bytes. */
    public MessageQueueOptions withCycle(long bytes) {
        return new MessageQueueOptions(
                capacityBytes,
                bytes,
                cycleAge,
                maxMessageBytes,
                whenFull,
                retention,
                maxAge,
                sync,
                groups,
                participants);
    }

    /** The same with cycles of at most this age. */
    public MessageQueueOptions withCycleAge(Duration age) {
        return new MessageQueueOptions(
                capacityBytes,
                cycleBytes,
                age,
                maxMessageBytes,
                whenFull,
                retention,
                maxAge,
                sync,
                groups,
                participants);
    }

    /** The same with another largest message, in bytes. */
    public MessageQueueOptions withMaxMessage(int bytes) {
        return new MessageQueueOptions(
                capacityBytes, cycleBytes, cycleAge, bytes, whenFull, retention, maxAge, sync, groups, participants);
    }

    /** The same with another way to be full. */
    public MessageQueueOptions withWhenFull(FullPolicy policy) {
        return new MessageQueueOptions(
                capacityBytes,
                cycleBytes,
                cycleAge,
                maxMessageBytes,
                policy,
                retention,
                maxAge,
                sync,
                groups,
                participants);
    }

    /** The same that keeps what was taken for so long. */
    public MessageQueueOptions withRetention(Duration time) {
        return new MessageQueueOptions(
                capacityBytes,
                cycleBytes,
                cycleAge,
                maxMessageBytes,
                whenFull,
                time,
                maxAge,
                sync,
                groups,
                participants);
    }

    /** The same whose messages go when they are so old. */
    public MessageQueueOptions withMaxAge(Duration age) {
        return new MessageQueueOptions(
                capacityBytes,
                cycleBytes,
                cycleAge,
                maxMessageBytes,
                whenFull,
                retention,
                age,
                sync,
                groups,
                participants);
    }

    /** The same with or without waiting for the device. */
    public MessageQueueOptions withSync(boolean value) {
        return new MessageQueueOptions(
                capacityBytes,
                cycleBytes,
                cycleAge,
                maxMessageBytes,
                whenFull,
                retention,
                maxAge,
                value,
                groups,
                participants);
    }

    /** The same for so many groups. */
    public MessageQueueOptions withGroups(int count) {
        return new MessageQueueOptions(
                capacityBytes,
                cycleBytes,
                cycleAge,
                maxMessageBytes,
                whenFull,
                retention,
                maxAge,
                sync,
                count,
                participants);
    }

    /** The same for so many processes at one time. */
    public MessageQueueOptions withParticipants(int count) {
        return new MessageQueueOptions(
                capacityBytes, cycleBytes, cycleAge, maxMessageBytes, whenFull, retention, maxAge, sync, groups, count);
    }
}
