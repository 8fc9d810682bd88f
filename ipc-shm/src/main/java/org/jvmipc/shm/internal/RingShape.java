package org.jvmipc.shm.internal;

import java.nio.ByteBuffer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.jvmipc.shm.RingFullPolicy;
import org.jvmipc.shm.RingKind;

/**
 * What was settled when a ring was made, and where its parts lie by that. Read once, into this; what is in memory may be changed by
 * anybody.
 *
 * @param capacity bytes of a lane, a power of two
 * @param lanes how many there are, 1 but of the kind {@code LANES}
 * @param receivers how many there may be, 1 but of a broadcast
 * @param maxMessage the largest message in bytes
 */
public record RingShape(
        RingKind kind, int capacity, int lanes, int receivers, int maxMessage, RingFullPolicy whenFull) {
    /** What the header, the participants and the directory of a segment may take. */
    private static final int ROOM_FOR_TABLES = 1 << 20;

    /** Checks the values. */
    public RingShape {
        String wrong = wrong(kind, capacity, lanes, receivers, maxMessage, whenFull);
        if (wrong != null) {
            throw new IllegalArgumentException(wrong);
        }
    }

    private static @Nullable String wrong(
            RingKind kind, int capacity, int lanes, int receivers, int maxMessage, RingFullPolicy whenFull) {
        if (Integer.bitCount(capacity) != 1
                || capacity < RingLayout.LEAST_CAPACITY
                || capacity > RingLayout.MOST_CAPACITY) {
            return "capacity is " + capacity + "; it is a power of two from " + RingLayout.LEAST_CAPACITY + " to "
                    + RingLayout.MOST_CAPACITY;
        }
        if (maxMessage < 0 || maxMessage > largestMessage(capacity)) {
            return "largest message is " + maxMessage + "; with a capacity of " + capacity + " it is 0 to "
                    + largestMessage(capacity);
        }
        if (lanes < 1 || lanes > (kind == RingKind.LANES ? RingLayout.MOST_PLACES : 1)) {
            return "lanes is " + lanes + "; a ring of the kind " + word(kind) + " has 1"
                    + (kind == RingKind.LANES ? " to " + RingLayout.MOST_PLACES : "");
        }
        if (receivers < 1 || receivers > (kind == RingKind.BROADCAST ? RingLayout.MOST_PLACES : 1)) {
            return "receivers is " + receivers + "; a ring of the kind " + word(kind) + " has 1"
                    + (kind == RingKind.BROADCAST ? " to " + RingLayout.MOST_PLACES : "");
        }
        if (whenFull == RingFullPolicy.DROP_SLOWEST && kind != RingKind.BROADCAST) {
            return "only a broadcast drops its slowest receiver, not a ring of the kind " + word(kind);
        }
        long bytes = bytes(capacity, lanes, receivers);
        return bytes > SegmentLayout.MAX_BYTES - ROOM_FOR_TABLES
                ? lanes + " lanes of " + capacity + " bytes are more than the 2 GiB of a segment"
                : null;
    }

    /** As addresses have it. */
    private static String word(RingKind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The largest message that a lane of this capacity takes: padding before it and the record fit at any position. */
    public static int largestMessage(int capacity) {
        return capacity / 2 - RingLayout.HEADER_BYTES;
    }

    // ---- in memory

    /** A ring of this shape, to be made. */
    public SegmentObjects.Content content() {
        return content(0);
    }

    /** The same whose positions begin elsewhere: for tests of their wrap. */
    public SegmentObjects.Content content(long position) {
        return new SegmentObjects.Content((int) bytes(capacity, lanes, receivers), (memory, offset) -> {
            Words.set(memory, offset + RingLayout.VERSION_AT, RingLayout.VERSION);
            Words.set(memory, offset + RingLayout.KIND_AT, code(kind));
            Words.set(memory, offset + RingLayout.CAPACITY_AT, capacity);
            Words.set(memory, offset + RingLayout.LANES_AT, lanes);
            Words.set(memory, offset + RingLayout.RECEIVERS_AT, receivers);
            Words.set(memory, offset + RingLayout.MAX_MESSAGE_AT, maxMessage);
            Words.set(memory, offset + RingLayout.WHEN_FULL_AT, code(whenFull));
            for (int i = 0; i < lanes; i++) {
                Words.setLong(memory, offset + lane(i) + RingLayout.LANE_TAIL, position);
            }
            for (int i = 0; i < cursors(); i++) {
                Words.setLong(memory, offset + cursor(i) + RingLayout.CURSOR_HEAD, position);
                Words.setLong(memory, offset + cursor(i) + RingLayout.CURSOR_TAKEN, position);
            }
        });
    }

    /**
     * What the object says that it is.
     *
     * @throws org.jvmipc.shm.DamagedSegmentException if it is no ring
     */
    public static RingShape read(SegmentMemory memory, Directory.Entry entry) {
        ByteBuffer bytes = memory.bytes();
        int at = entry.offset();
        int version = Words.get(bytes, at + RingLayout.VERSION_AT);
        if (version != RingLayout.VERSION) {
            throw memory.damaged(entry.name() + " is a ring of version " + version + "; this is " + RingLayout.VERSION);
        }
        int kindCode = Words.get(bytes, at + RingLayout.KIND_AT);
        int fullCode = Words.get(bytes, at + RingLayout.WHEN_FULL_AT);
        RingKind kind = kind(kindCode);
        RingFullPolicy full = whenFull(fullCode);
        if (kind == null || full == null) {
            throw memory.damaged(
                    entry.name() + " is a ring of kind " + kindCode + " and policy " + fullCode + "; both are 1 to 3");
        }
        RingShape shape;
        try {
            shape = new RingShape(
                    kind,
                    Words.get(bytes, at + RingLayout.CAPACITY_AT),
                    Words.get(bytes, at + RingLayout.LANES_AT),
                    Words.get(bytes, at + RingLayout.RECEIVERS_AT),
                    Words.get(bytes, at + RingLayout.MAX_MESSAGE_AT),
                    full);
        } catch (IllegalArgumentException e) {
            throw memory.damaged(entry.name() + ": its " + e.getMessage());
        }
        if (bytes(shape.capacity, shape.lanes, shape.receivers) > entry.size()) {
            throw memory.damaged(entry.name() + " has " + entry.size() + " bytes, too few for " + shape);
        }
        return shape;
    }

    private static int code(RingKind kind) {
        return switch (kind) {
            case ONE_TO_ONE -> RingLayout.ONE_TO_ONE;
            case LANES -> RingLayout.SEVERAL_LANES;
            case BROADCAST -> RingLayout.BROADCAST;
        };
    }

    private static @Nullable RingKind kind(int code) {
        for (RingKind kind : RingKind.values()) {
            if (code(kind) == code) {
                return kind;
            }
        }
        return null;
    }

    private static int code(RingFullPolicy policy) {
        return switch (policy) {
            case BLOCK -> RingLayout.BLOCK;
            case FAIL -> RingLayout.FAIL;
            case DROP_SLOWEST -> RingLayout.DROP_SLOWEST;
        };
    }

    private static @Nullable RingFullPolicy whenFull(int code) {
        for (RingFullPolicy policy : RingFullPolicy.values()) {
            if (code(policy) == code) {
                return policy;
            }
        }
        return null;
    }

    private static long bytes(int capacity, int lanes, int receivers) {
        return data(lanes, receivers) + (long) lanes * capacity;
    }

    private static int data(int lanes, int receivers) {
        return RingLayout.LANES
                + lanes * RingLayout.LANE_BYTES
                + Math.max(lanes, receivers) * RingLayout.CURSOR_BYTES
                + receivers * RingLayout.RECEIVER_BYTES;
    }

    /** How many cursors there are. */
    public int cursors() {
        return Math.max(lanes, receivers);
    }

    /** Where a lane's words begin. */
    public int lane(int lane) {
        return RingLayout.LANES + lane * RingLayout.LANE_BYTES;
    }

    /** Where a cursor begins. */
    public int cursor(int cursor) {
        return lane(lanes) + cursor * RingLayout.CURSOR_BYTES;
    }

    /** Where a receiver's words begin. */
    public int receiver(int receiver) {
        return cursor(cursors()) + receiver * RingLayout.RECEIVER_BYTES;
    }

    /** Where a lane's data begin. */
    public int data(int lane) {
        return data(lanes, receivers) + lane * capacity;
    }
}
