package org.jvmipc.sockets.internal.reliable;

import java.nio.ByteBuffer;

/** What each packet says of those that went the other way: how long they took, which have come, which are missing, which came twice. */
final class Hearing {
    private final Outbound outbound;
    private final RoundTrip roundTrip;
    private final Clocks clocks;
    private int doubledThere;

    Hearing(Outbound outbound, RoundTrip roundTrip, Clocks clocks) {
        this.outbound = outbound;
        this.roundTrip = roundTrip;
        this.clocks = clocks;
    }

    /** Takes it; false, and nothing is changed, if any of it cannot be. */
    boolean take(ByteBuffer packet, int type, long now) {
        long acknowledged = packet.getLong(RudpLayout.ACKNOWLEDGED_AT);
        int window = packet.getInt(RudpLayout.WINDOW_AT);
        int ranges = Short.toUnsignedInt(packet.getShort(RudpLayout.RANGES_AT));
        boolean possible = outbound.isPossible(acknowledged, window);
        for (int i = 0; possible && i < ranges; i++) {
            possible = outbound.isPossibleRange(from(packet, i), count(packet, i));
        }
        if (possible) {
            measure(packet, now);
            int before = outbound.unsettled();
            outbound.acknowledged(acknowledged, window, now);
            for (int i = 0; i < ranges; i++) {
                hear(type, from(packet, i), count(packet, i), now);
            }
            outbound.settled(before - outbound.unsettled(), now);
        }
        return possible;
    }

    private void measure(ByteBuffer packet, long now) {
        long measured = clocks.roundTripNanos(packet, now);
        if (measured >= 0) {
            roundTrip.sample(measured);
            outbound.measured(measured, now);
        }
    }

    private void hear(int type, long from, long count, long now) {
        if (type == RudpLayout.NACK) {
            outbound.missing(from, count, now);
        } else {
            outbound.held(from, count, now);
        }
    }

    private static int place(int range) {
        return RudpLayout.SESSION_BYTES + range * RudpLayout.RANGE_BYTES;
    }

    private static long from(ByteBuffer packet, int range) {
        return packet.getLong(RudpLayout.ACKNOWLEDGED_AT) + Integer.toUnsignedLong(packet.getInt(place(range)));
    }

    private static long count(ByteBuffer packet, int range) {
        return Integer.toUnsignedLong(packet.getInt(place(range) + Integer.BYTES));
    }

    /** Of a packet that is believed: its time, and how many have come twice there. */
    void believe(ByteBuffer packet, int type, long now) {
        clocks.came(packet, now);
        roundTrip.calm(now);
        if (type == RudpLayout.ACK || type == RudpLayout.NACK) {
            int doubled = packet.getInt(RudpLayout.DOUBLED_AT);
            if (doubled - doubledThere > 0) {
                doubledThere = doubled;
                roundTrip.doubled(now);
            }
        }
    }
}
