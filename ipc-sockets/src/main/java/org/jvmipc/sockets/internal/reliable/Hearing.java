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

    /** Takes it; false if it cannot be. */
    boolean take(ByteBuffer packet, int type, long now) {
        long measured = clocks.roundTripNanos(packet, now);
        if (measured >= 0) {
            roundTrip.sample(measured);
            outbound.measured(measured, now);
        }
        long acknowledged = packet.getLong(RudpLayout.ACKNOWLEDGED_AT);
        if (!outbound.acknowledged(acknowledged, packet.getInt(RudpLayout.WINDOW_AT), now)) {
            return false;
        }
        int ranges = Short.toUnsignedInt(packet.getShort(RudpLayout.RANGES_AT));
        for (int i = 0; i < ranges; i++) {
            int place = RudpLayout.SESSION_BYTES + i * RudpLayout.RANGE_BYTES;
            long from = acknowledged + Integer.toUnsignedLong(packet.getInt(place));
            long count = Integer.toUnsignedLong(packet.getInt(place + Integer.BYTES));
            boolean possible =
                    type == RudpLayout.NACK ? outbound.missing(from, count, now) : outbound.held(from, count, now);
            if (!possible) {
                return false;
            }
        }
        return true;
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
