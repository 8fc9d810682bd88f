package org.jvmipc.mq;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a consumer takes part in its group.
 *
 * <p><b>Thread safety.</b> Immutable.
 *
 * @param lease how long a message is this consumer's after it was handed out, 1 ms at least: then another one gets it, unless it was
 *     acknowledged; a consumer that dies loses it at once
 * @param maxDeliveries a message that was handed out so often without being acknowledged goes to the dead-letter queue instead; 0 never
 * @param prefetch how many messages are leased at a time, 1 to 64: more is faster, fewer is fairer among consumers
 * @param type messages of other types count as taken by the group, and are not decoded; null takes all
 * @param from where a group that does not exist yet begins: {@code START}, {@code END} or {@code INDEX}
 * @param until this consumer gets only messages below this index, and leaves the others to others; {@link Long#MAX_VALUE} for all
 */
public record ConsumerOptions(
        Duration lease, int maxDeliveries, int prefetch, @Nullable String type, ReceiveFrom from, long until) {
    private static final int MAX_PREFETCH = 64;
    private static final int MAX_DELIVERIES = 254;

    private static final ConsumerOptions DEFAULTS =
            new ConsumerOptions(Duration.ofSeconds(30), 5, 16, null, ReceiveFrom.start(), Long.MAX_VALUE);

    /** Checks the values. */
    public ConsumerOptions {
        if (lease.compareTo(Duration.ofMillis(1)) < 0 || lease.compareTo(Duration.ofDays(365)) > 0) {
            throw new IllegalArgumentException("lease is " + lease + "; it is 1 ms to 365 days");
        }
        if (maxDeliveries < 0 || maxDeliveries > MAX_DELIVERIES) {
            throw new IllegalArgumentException("maxDeliveries is " + maxDeliveries + "; it is 0 to " + MAX_DELIVERIES);
        }
        if (prefetch < 1 || prefetch > MAX_PREFETCH) {
            throw new IllegalArgumentException("prefetch is " + prefetch + "; it is 1 to " + MAX_PREFETCH);
        }
        if (from.kind() == ReceiveFrom.Kind.TIME || from.kind() == ReceiveFrom.Kind.LAST) {
            throw new IllegalArgumentException(
                    "a group begins at the start, at the end or at an index, not by " + from);
        }
        if (until < 0) {
            throw new IllegalArgumentException("until is " + until + "; it is 0 or more");
        }
    }

    /** A lease of 30 s, dead after 5 deliveries, 16 at a time, all types, from the start. */
    public static ConsumerOptions defaults() {
        return DEFAULTS;
    }

    /** The same with another lease. */
    public ConsumerOptions withLease(Duration time) {
        return new ConsumerOptions(time, maxDeliveries, prefetch, type, from, until);
    }

    /** The same with another number of deliveries. */
    public ConsumerOptions withMaxDeliveries(int count) {
        return new ConsumerOptions(lease, count, prefetch, type, from, until);
    }

    /** The same with so many messages at a time. */
    public ConsumerOptions withPrefetch(int count) {
        return new ConsumerOptions(lease, maxDeliveries, count, type, from, until);
    }

    /** The same for one type of message. */
    public ConsumerOptions withType(@Nullable String only) {
        return new ConsumerOptions(lease, maxDeliveries, prefetch, only, from, until);
    }

    /** The same of a group that begins there if it is new. */
    public ConsumerOptions withFrom(ReceiveFrom place) {
        return new ConsumerOptions(lease, maxDeliveries, prefetch, type, place, until);
    }

    /** The same, but for messages below this index only. */
    public ConsumerOptions withUntil(long index) {
        return new ConsumerOptions(lease, maxDeliveries, prefetch, type, from, index);
    }
}
