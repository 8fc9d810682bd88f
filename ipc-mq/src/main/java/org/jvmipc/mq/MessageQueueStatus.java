package org.jvmipc.mq;

import java.util.List;

/**
 * How things stand with a queue at one moment.
 *
 * @param firstIndex index of the oldest message that is kept
 * @param nextIndex index that the next message will have; the difference is how many are kept
 * @param bytes what the messages' files have, in bytes
 * @param capacityBytes what they may have
 * @param cycles how many files there are
 * @param processes those that have the queue open, by pid; this one too if it has
 * @param groups its consumer groups
 */
public record MessageQueueStatus(
        long firstIndex,
        long nextIndex,
        long bytes,
        long capacityBytes,
        int cycles,
        List<Long> processes,
        List<Group> groups) {
    /** Keeps copies of the lists. */
    public MessageQueueStatus {
        processes = List.copyOf(processes);
        groups = List.copyOf(groups);
    }

    /**
     * A consumer group.
     *
     * @param name its name
     * @param lag messages that it has not taken
     * @param leased messages that a consumer has, or has had and left
     * @param lowWater all messages below this index were taken
     * @param redeliveries how often a message was handed out again, since the group was made or the machine was started
     * @param deadLetters how many messages went to the dead-letter queue, since then
     */
    public record Group(String name, long lag, long leased, long lowWater, long redeliveries, long deadLetters) {}
}
