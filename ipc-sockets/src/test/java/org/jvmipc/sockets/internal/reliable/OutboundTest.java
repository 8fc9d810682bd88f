package org.jvmipc.sockets.internal.reliable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an acknowledgement of several ranges says is heard as one word. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OutboundTest {
    private static final long MILLI = RudpSimulation.MILLI;
    private static final int COUNT = CongestionWindow.FIRST_PACKETS;

    private final RoundTrip roundTrip = new RoundTrip(10 * MILLI);
    private final Offer offer = Offer.of(0, RudpSimulation.SETTINGS);
    private final Outbound outbound = new Outbound(offer, offer, 1 << 20, roundTrip, new SessionCounters(), 0);
    private final Hearing hearing = new Hearing(outbound, roundTrip, new Clocks());
    private final ByteBuffer packet = ByteBuffer.allocate(RudpSimulation.SETTINGS.packetBytes());

    private void send(long now) {
        RudpLayout.begin(packet, RudpLayout.DATA, 0, 1, packet.capacity());
        outbound.writeChosen(packet, now);
    }

    /** Says that the first is not there, and of others that they are, or are missed. */
    private void hear(int type, long now, int... ranges) {
        RudpLayout.begin(packet, type, 0, 1, RudpLayout.SESSION_BYTES + ranges.length * Integer.BYTES);
        packet.putShort(RudpLayout.RANGES_AT, (short) (ranges.length / 2));
        packet.putInt(RudpLayout.WINDOW_AT, 128);
        for (int i = 0; i < ranges.length; i++) {
            packet.putInt(RudpLayout.SESSION_BYTES + i * Integer.BYTES, ranges[i]);
        }
        assertTrue(hearing.take(packet, type, now));
    }

    @Test
    void whatOneAcknowledgementSaysHasComeIsNotLostBefore() {
        outbound.add(ByteBuffer.allocate(2 * COUNT * packet.capacity()));
        for (int i = 0; i < COUNT; i++) {
            assertTrue(outbound.choose());
            send(0);
        }
        assertFalse(outbound.choose());
        hear(RudpLayout.NACK, 200 * MILLI, 1, 1);
        assertTrue(outbound.choose());
        send(200 * MILLI);
        // The one that was sent again has come: what was sent before it, and is not here, is lost.
        hear(RudpLayout.ACK, 400 * MILLI, 1, 1, 3, COUNT - 3);
        assertEquals(2 * COUNT - 2, outbound.congestionPackets(), "slow start, by as many as have come");
        assertTrue(outbound.choose());
        assertEquals(2, resent(400 * MILLI));
        hear(RudpLayout.NACK, 700 * MILLI, 0, 1);
        assertEquals(2 * COUNT - 2, outbound.congestionPackets(), "three of a round are not two fifths");
    }

    /** How many are sent again now. */
    private int resent(long now) {
        int count = 0;
        while (outbound.choose() && packetNumber(now) < COUNT) {
            count++;
        }
        return count;
    }

    private long packetNumber(long now) {
        send(now);
        return packet.getLong(RudpLayout.SEQUENCE_AT);
    }
}
