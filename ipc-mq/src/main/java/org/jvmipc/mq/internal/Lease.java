package org.jvmipc.mq.internal;

/**
 * A range of messages that a consumer has been dealt.
 *
 * @param range number of its entry in the group's table
 * @param number of the lease: who comes later with another number has lost it
 * @param first index of its first message
 * @param count how many messages it has
 * @param taken bit i: message i was taken before
 * @param place where the first message begins, or one before it
 */
public record Lease(int range, int number, long first, int count, long taken, long place) {
    /** Whether the message with this index is in it, and was not taken before. */
    public boolean isOpen(long index) {
        long bit = index - first;
        return bit >= 0 && bit < count && (taken >>> bit & 1) == 0;
    }

    /** The index behind its last message. */
    public long end() {
        return first + count;
    }
}
