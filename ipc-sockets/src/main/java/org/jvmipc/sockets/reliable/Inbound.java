package org.jvmipc.sockets.reliable;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The receiving half of a session: the reorder buffer, whose size is the window; what is in order becomes messages. All that the
 * other side says is compared with what it was told before anything is kept: a packet has a place only inside the window, and a
 * part only inside a message that is not too large.
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

    /** One that came before its turn, or in it. */
    private static final class Part {
        final int messageBytes;
        final int offset;
        final byte[] bytes;
        final boolean fin;

        Part(int messageBytes, int offset, byte[] bytes, boolean fin) {
            this.messageBytes = messageBytes;
            this.offset = offset;
            this.bytes = bytes;
            this.fin = fin;
        }
    }

    /** A whole message, and of how many packets it is. */
    private static final class Whole {
        final byte[] bytes;
        final int packets;

        Whole(byte[] bytes, int packets) {
            this.bytes = bytes;
            this.packets = packets;
        }
    }

    private final int maxMessageBytes;
    private final Reassembly reassembly = new Reassembly();
    private final SessionCounters counters;
    private final @Nullable Part[] ring;
    private final ArrayDeque<Whole> messages = new ArrayDeque<>();
    private long expected;
    private long highest;
    private long edge;
    private int early;
    private int waitingPackets;
    private boolean discarding;
    private boolean ended;
    private boolean broken;

    Inbound(Offer mine, Offer theirs, SessionCounters counters) {
        this.maxMessageBytes = mine.maxMessageBytes();
        this.counters = counters;
        this.ring = new Part[mine.windowPackets()];
        this.expected = theirs.firstSequence();
        this.highest = expected - 1;
        this.edge = expected + ring.length;
    }

    /** A packet of DATA, or a FIN. */
    Arrival accept(ByteBuffer packet, boolean fin) {
        long number = packet.getLong(RudpLayout.SEQUENCE_AT);
        int messageBytes = packet.getInt(RudpLayout.MESSAGE_BYTES_AT);
        int offset = packet.getInt(RudpLayout.OFFSET_AT);
        int length = packet.getInt(RudpLayout.PAYLOAD_BYTES_AT);
        if (!fin && !isPossible(messageBytes, offset, length)) {
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
        byte[] bytes = new byte[length];
        packet.get(RudpLayout.SESSION_BYTES, bytes);
        return place(number, new Part(messageBytes, offset, bytes, fin));
    }

    private boolean isPossible(int messageBytes, int offset, int length) {
        return messageBytes >= 0
                && messageBytes <= maxMessageBytes
                && offset >= 0
                && length <= messageBytes - offset
                && (length > 0 || messageBytes == 0);
    }

    private Arrival place(long number, Part part) {
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
        Part next;
        while (!ended && !broken && (next = ring[at(expected)]) != null) {
            ring[at(expected)] = null;
            early--;
            expected++;
            deliver(next);
        }
        return Arrival.IN_ORDER;
    }

    private void deliver(Part part) {
        if (part.fin) {
            ended = true;
            broken |= reassembly.isUnderWay();
        } else if (!reassembly.add(part.messageBytes, part.offset, part.bytes)) {
            broken = true;
        } else if (reassembly.isComplete()) {
            int packets = reassembly.parts();
            byte[] message = reassembly.take();
            if (!discarding) {
                messages.add(new Whole(message, packets));
                waitingPackets += packets;
                counters.messagesReceived++;
            }
        }
    }

    /** The next message; null if there is none yet. */
    byte @Nullable [] poll() {
        Whole message = messages.poll();
        if (message == null) {
            return null;
        }
        waitingPackets -= message.packets;
        return message.bytes;
    }

    boolean hasMessage() {
        return !messages.isEmpty();
    }

    /** Nobody takes messages any more: what is here and what comes is thrown away. */
    void discard() {
        discarding = true;
        messages.clear();
        waitingPackets = 0;
    }

    /** Whether the other side has said that there is nothing behind what came. */
    boolean isEnded() {
        return ended;
    }

    /** Whether the other side has sent what no program of this protocol sends. */
    boolean isBroken() {
        return broken;
    }

    // ---- what the other side is told

    long expected() {
        return expected;
    }

    /** So many packets from {@link #expected()} on have a place; a place that was promised is kept. */
    int window() {
        long free = expected + Math.max(0, ring.length - waitingPackets);
        if (free - edge > 0) {
            edge = free;
        }
        return (int) Math.max(0, edge - expected);
    }

    /** Whether the other side is to be told of the window by itself: when it would be much larger than it was told. */
    boolean isWindowWorthTelling() {
        long gain = expected + Math.max(0, ring.length - waitingPackets) - edge;
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
