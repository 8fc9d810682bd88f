package org.jvmipc.sockets.internal.reliable;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The receiving half of a session: the reorder buffer, whose size is the window; what is in order waits to be taken. All that
 * the other side says is compared with what it was told before anything is kept: a packet has a place only inside the window, and is no larger than was
 * offered.
 */
final class Inbound {
    /** What became of a packet. */
    enum Arrival {
        IN_ORDER,
        EARLY,
        DUPLICATE,
        NO_PLACE,
        IMPOSSIBLE
    }

    private final int partBytes;
    private final PacketMemory memory;
    private final SessionCounters counters;
    private final @Nullable Incoming[] ring;
    private final ArrayDeque<Incoming> waiting = new ArrayDeque<>();
    private long expected;
    private long highest;
    private long edge;
    private int early;
    private boolean discarding;
    private boolean ended;

    Inbound(Offer mine, Offer theirs, SessionCounters counters) {
        this.partBytes = mine.packetBytes() - RudpLayout.SESSION_BYTES;
        this.memory = new PacketMemory(partBytes);
        this.counters = counters;
        this.ring = new Incoming[mine.windowPackets()];
        this.expected = theirs.firstSequence();
        this.highest = expected - 1;
        this.edge = expected + ring.length;
    }

    /** A packet of DATA, or a FIN. */
    Arrival accept(ByteBuffer packet, boolean fin) {
        long number = packet.getLong(RudpLayout.SEQUENCE_AT);
        int length = packet.getInt(RudpLayout.PAYLOAD_BYTES_AT);
        if (!fin && (length <= 0 || length > partBytes)) {
            return Arrival.IMPOSSIBLE;
        }
        long ahead = number - expected;
        if (ahead < 0 || (ahead < ring.length && ring[at(number)] != null)) {
            counters.duplicates++;
            return Arrival.DUPLICATE;
        }
        // The FIN needs no place among messages, so it may stand behind a shut window.
        if (ended || ahead >= ring.length || (!fin && number - edge >= 0)) {
            counters.overflowed++;
            return Arrival.NO_PLACE;
        }
        byte[] bytes = memory.take(length);
        packet.get(RudpLayout.SESSION_BYTES, bytes, 0, length);
        return place(number, new Incoming(bytes, length, fin));
    }

    private Arrival place(long number, Incoming part) {
        if (number - highest < 0) {
            counters.reordered++;
        } else {
            highest = number;
        }
        ring[at(number)] = part;
        early++;
        if (number != expected) {
            return Arrival.EARLY;
        }
        Incoming next;
        while (!ended && (next = ring[at(expected)]) != null) {
            ring[at(expected)] = null;
            early--;
            expected++;
            deliver(next);
        }
        return Arrival.IN_ORDER;
    }

    private void deliver(Incoming part) {
        if (part.fin) {
            ended = true;
        } else if (discarding) {
            memory.give(part.bytes);
        } else {
            waiting.add(part);
        }
    }

    /** What the next packet carried; null if there is none yet. */
    @Nullable
    Incoming poll() {
        return waiting.poll();
    }

    /** What was taken is done with. */
    void done(Incoming part) {
        memory.give(part.bytes);
    }

    boolean hasPart() {
        return !waiting.isEmpty();
    }

    /** Nobody takes messages any more: what is here and what comes is thrown away. */
    void discard() {
        discarding = true;
        waiting.clear();
    }

    /** Whether the other side has said that there is nothing behind what came. */
    boolean isEnded() {
        return ended;
    }

    // ---- what the other side is told

    long expected() {
        return expected;
    }

    /** So many packets from {@link #expected()} on have a place; a place that was promised is kept. */
    int window() {
        long free = expected + Math.max(0, ring.length - waiting.size());
        if (free - edge > 0) {
            edge = free;
        }
        return (int) Math.max(0, edge - expected);
    }

    /** Whether the other side is to be told of the window by itself: when it would be much larger than it was told. */
    boolean isWindowWorthTelling() {
        long gain = expected + Math.max(0, ring.length - waiting.size()) - edge;
        return gain >= Math.max(1, ring.length / 4);
    }

    /** Whether something came before its turn. */
    boolean hasGap() {
        return early > 0;
    }

    /**
     * Writes ranges behind the header.
     *
     * @param present those that came before their turn; else those that are missed
     * @return how many ranges
     */
    int writeRanges(ByteBuffer packet, boolean present) {
        int count = 0;
        long at = expected;
        while (at - highest <= 0 && count < RudpLayout.MOST_RANGES) {
            long from = at;
            boolean here = ring[at(at)] != null;
            while (at - highest <= 0 && ring[at(at)] != null == here) {
                at++;
            }
            if (here == present) {
                int place = RudpLayout.SESSION_BYTES + count * RudpLayout.RANGE_BYTES;
                packet.putInt(place, (int) (from - expected));
                packet.putInt(place + Integer.BYTES, (int) (at - from));
                count++;
            }
        }
        return count;
    }

    private int at(long number) {
        return (int) number & (ring.length - 1);
    }
}
