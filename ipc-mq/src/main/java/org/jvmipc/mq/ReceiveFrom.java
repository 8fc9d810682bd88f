package org.jvmipc.mq;

import java.time.Instant;

/**
 * Where a receiver begins that belongs to no group.
 *
 * <p><b>Thread safety.</b> Immutable.
 *
 * @param kind how the place is given
 * @param number of the kind: an index, milliseconds since 1970, how many messages; else 0
 */
public record ReceiveFrom(Kind kind, long number) {
    /** How a place in a queue is given. */
    public enum Kind {
        /** The oldest message that is kept. */
        START,
        /** Behind the newest message. */
        END,
        /** The message with an index, or the oldest one if that has gone. */
        INDEX,
        /** The first message of a time or later. */
        TIME,
        /** The last so many messages. */
        LAST
    }

    /** Checks the number. */
    public ReceiveFrom {
        if (number < 0) {
            throw new IllegalArgumentException(kind + " is " + number + "; it is 0 or more");
        }
    }

    /** From the oldest message on. */
    public static ReceiveFrom start() {
        return new ReceiveFrom(Kind.START, 0);
    }

    /** From the next message on that is sent. */
    public static ReceiveFrom end() {
        return new ReceiveFrom(Kind.END, 0);
    }

    /** From this message on. */
    public static ReceiveFrom index(long index) {
        return new ReceiveFrom(Kind.INDEX, index);
    }

    /** From this time on, by the senders' clock. */
    public static ReceiveFrom time(Instant time) {
        return new ReceiveFrom(Kind.TIME, Math.max(0, time.toEpochMilli()));
    }

    /** The last so many messages, and what follows. */
    public static ReceiveFrom last(long count) {
        return new ReceiveFrom(Kind.LAST, count);
    }
}
