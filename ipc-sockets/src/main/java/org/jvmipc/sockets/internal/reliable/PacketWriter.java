package org.jvmipc.sockets.internal.reliable;

import java.nio.ByteBuffer;

/** Writes the packets of a session: what all of them have in common, and what each type adds. */
final class PacketWriter {
    private final long identity;
    private final int side;
    private final Inbound inbound;
    private final Outbound outbound;
    private final Farewell farewell;
    private final Clocks clocks;
    private final SessionCounters counters;

    PacketWriter(
            long identity,
            boolean server,
            Inbound inbound,
            Outbound outbound,
            Farewell farewell,
            Clocks clocks,
            SessionCounters counters) {
        this.identity = identity;
        this.side = server ? RudpLayout.FROM_SERVER : 0;
        this.inbound = inbound;
        this.outbound = outbound;
        this.farewell = farewell;
        this.clocks = clocks;
        this.counters = counters;
    }

    /** The packet of DATA, or the FIN, that was chosen. */
    void data(ByteBuffer packet, long now) {
        int type = outbound.isChosenFin() ? RudpLayout.FIN : RudpLayout.DATA;
        begin(packet, type, RudpLayout.SESSION_BYTES + outbound.chosenBytes(), now);
        outbound.writeChosen(packet, now);
        end(packet);
    }

    /** An ACK with what is here, or a NACK with what is missing. */
    void ranges(ByteBuffer packet, int type, long now) {
        begin(packet, type, RudpLayout.LEAST_PACKET_BYTES, now);
        packet.putInt(RudpLayout.DOUBLED_AT, (int) counters.duplicates);
        int ranges = inbound.hasGap() ? inbound.writeRanges(packet, type == RudpLayout.ACK) : 0;
        packet.putShort(RudpLayout.RANGES_AT, (short) ranges);
        packet.limit(RudpLayout.SESSION_BYTES + ranges * RudpLayout.RANGE_BYTES);
        end(packet);
    }

    void ping(ByteBuffer packet, long now) {
        begin(packet, RudpLayout.PING, RudpLayout.SESSION_BYTES, now);
        end(packet);
    }

    void reset(ByteBuffer packet) {
        RudpLayout.begin(packet, RudpLayout.RESET, side, identity, RudpLayout.COMMON_BYTES);
        end(packet);
    }

    private void begin(ByteBuffer packet, int type, int bytes, long now) {
        RudpLayout.begin(packet, type, farewell.flags() | side | clocks.flags(now), identity, bytes);
        packet.putLong(RudpLayout.ACKNOWLEDGED_AT, inbound.expected());
        packet.putInt(RudpLayout.WINDOW_AT, inbound.window());
        clocks.write(packet, now);
    }

    private void end(ByteBuffer packet) {
        RudpLayout.seal(packet);
        counters.packetsSent++;
    }
}
