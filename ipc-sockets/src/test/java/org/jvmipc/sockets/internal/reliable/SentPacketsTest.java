package org.jvmipc.sockets.internal.reliable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a packet counts as lost. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SentPacketsTest {
    private static final long MILLI = RudpSimulation.MILLI;
    private static final long ROUND_TRIP = 40 * MILLI;
    private static final long FIRST = -2; // so that numbers pass zero

    private final RoundTrip roundTrip = new RoundTrip(10 * MILLI);
    private final SentPackets sent = new SentPackets(FIRST, 8, roundTrip, new CongestionWindow(8, 0));

    SentPacketsTest() {
        roundTrip.sample(ROUND_TRIP);
    }

    /** So many, one each millisecond. */
    private void send(int count) {
        for (int i = 0; i < count; i++) {
            long number = sent.add(new Outgoing(new byte[1], false));
            assertEquals(FIRST + i, number);
            sent.sent(sent.get(number), i * MILLI);
        }
    }

    @Test
    void whatWasOvertakenIsLostWhenItHadTimeToCome() {
        send(4);
        sent.held(FIRST + 2, 1, ROUND_TRIP);
        long patience = ROUND_TRIP + ROUND_TRIP / 4;
        sent.detectLosses(patience - 1);
        assertEquals(0, sent.lost());
        assertEquals(patience, sent.lossDeadline());
        sent.detectLosses(patience);
        assertEquals(1, sent.lost());
        assertEquals(FIRST, sent.firstLost());
        sent.detectLosses(patience + 100 * MILLI);
        assertEquals(2, sent.lost());
        assertFalse(sent.get(FIRST + 3).lost, "nothing behind it has come");
        assertEquals(FIRST + 3, sent.lastUnacknowledged());
    }

    @Test
    void aTimeoutLosesTheFirstAndNotWhatMayOnlyBeLate() {
        for (int i = 0; i < 100; i++) {
            roundTrip.doubled(0); // a link that holds back for long
        }
        send(4);
        sent.held(FIRST, 1, ROUND_TRIP);
        long timeout = ROUND_TRIP + 60 * MILLI;
        assertEquals(FIRST + 1, sent.loseAfterTimeout(timeout));
        assertEquals(1, sent.lost());
        assertTrue(sent.get(FIRST + 1).lost);
        assertEquals(2, sent.inFlight());
        assertEquals(FIRST + 1, sent.loseAfterTimeout(20 * ROUND_TRIP));
        assertEquals(3, sent.lost(), "none of them can still come");
        assertEquals(0, sent.inFlight());
    }

    @Test
    void aTimeoutWithNothingOpenLosesNothing() {
        send(2);
        sent.held(FIRST, 2, ROUND_TRIP);
        assertEquals(sent.next(), sent.loseAfterTimeout(20 * ROUND_TRIP));
        assertEquals(0, sent.lost());
    }
}
