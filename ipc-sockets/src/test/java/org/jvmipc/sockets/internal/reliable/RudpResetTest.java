package org.jvmipc.sockets.internal.reliable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.PeerGoneException;

/** The RESET of who aborts: one that is lost is said again to who has not heard it, and to nobody else. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RudpResetTest {
    private static final long KEEP_ALIVE = RudpSimulation.SETTINGS.keepAliveNanos();

    /** Loses the first so many RESETs, and counts all. */
    private static final class Losing implements Predicate<ByteBuffer> {
        final int first;
        int resets;

        Losing(int first) {
            this.first = first;
        }

        @Override
        public boolean test(ByteBuffer packet) {
            return RudpLayout.type(packet) == RudpLayout.RESET && ++resets <= first;
        }
    }

    private static void assertDied(Session session) {
        Gone gone = session.gone();
        assertNotNull(gone);
        assertEquals(PeerGoneException.Reason.DIED, gone.reason());
    }

    @ParameterizedTest
    @CsvSource({"true, 1", "false, 1", "true, 3", "false, 3"})
    void aResetThatIsLostIsRepairedByTheNextQuestionOfWhoIsSilent(boolean fromServer, int losses) {
        RudpSimulation simulation = new RudpSimulation(1, RudpFaults.none());
        Session client = simulation.connect();
        Session server = simulation.serverSession();
        simulation.pass(KEEP_ALIVE / 2);
        Session one = fromServer ? server : client;
        Session other = fromServer ? client : server;
        Losing losing = new Losing(losses);
        simulation.loses = losing;
        one.abort(Gone.CLOSED, simulation.now);
        simulation.pass(KEEP_ALIVE / 4);
        assertNull(other.gone(), "the only word of it is lost");
        assertTrue(simulation.run(losses * 2 * KEEP_ALIVE, () -> other.gone() != null));
        assertDied(other);
        assertEquals(losses + 1, losing.resets);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aResetThatIsLostIsRepairedByWhatIsSentNext(boolean fromServer) {
        RudpSimulation simulation = new RudpSimulation(2, RudpFaults.none());
        Session client = simulation.connect();
        Session one = fromServer ? simulation.serverSession() : client;
        Session other = fromServer ? client : simulation.serverSession();
        simulation.loses = new Losing(1);
        one.abort(Gone.CLOSED, simulation.now);
        simulation.pass(RudpSimulation.MILLI);
        assertNull(other.gone());
        RudpSimulation.send(other, new byte[10]);
        assertTrue(simulation.run(Reset.LEAST_NANOS + RudpSimulation.MILLI, () -> other.gone() != null));
        assertDied(other);
    }

    @Test
    void whoSendsMuchToAnEndedSessionGetsFewAndShorterPackets() {
        RudpSimulation simulation = new RudpSimulation(3, RudpFaults.none());
        Session client = simulation.connect();
        client.abort(Gone.CLOSED, simulation.now);
        ByteBuffer question = ByteBuffer.allocate(RudpLayout.SESSION_BYTES);
        ByteBuffer answer = ByteBuffer.allocate(2000);
        long start = simulation.now;
        int answers = 0;
        for (int i = 0; i < 10_000; i++) { // one each 0.1 ms
            ping(question, RudpLayout.FROM_SERVER, client.identity);
            simulation.client.receive(question, simulation.now);
            while (simulation.client.next(answer, simulation.now)) {
                assertEquals(RudpLayout.RESET, RudpLayout.type(answer));
                assertEquals(client.identity, RudpLayout.identity(answer));
                assertTrue(answer.limit() <= question.limit());
                answers++;
            }
            simulation.now += RudpSimulation.MILLI / 10;
        }
        long most = 1 + (simulation.now - start) / Reset.LEAST_NANOS;
        assertTrue(answers > most / 2 && answers <= most, answers + " answers");
    }

    private static void ping(ByteBuffer packet, int flags, long identity) {
        RudpLayout.begin(packet, RudpLayout.PING, flags, identity, RudpLayout.SESSION_BYTES);
        RudpLayout.seal(packet);
    }

    @Test
    void whoDoesNotKnowTheSessionIsNotAnsweredAndAResetNever() {
        RudpSimulation simulation = new RudpSimulation(4, RudpFaults.none());
        Session client = simulation.connect();
        client.abort(Gone.CLOSED, simulation.now);
        ByteBuffer packet = ByteBuffer.allocate(2000);
        assertTrue(simulation.client.next(packet, simulation.now));
        simulation.now += RudpSimulation.SECOND;
        ping(packet, RudpLayout.FROM_SERVER, client.identity + 1);
        simulation.client.receive(packet, simulation.now);
        assertNull(next(simulation), "another identity");
        ping(packet, 0, client.identity);
        simulation.client.receive(packet, simulation.now);
        assertNull(next(simulation), "its own packet, sent back");
        RudpLayout.begin(packet, RudpLayout.RESET, RudpLayout.FROM_SERVER, client.identity, RudpLayout.COMMON_BYTES);
        RudpLayout.seal(packet);
        simulation.client.receive(packet, simulation.now);
        assertNull(next(simulation), "two that reset each other for ever");
        assertTrue(client.resetUntil() < simulation.now, "the other side knows");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aResetThatIsSentBackToItsSenderIsNothing(boolean toServer) {
        RudpSimulation simulation = new RudpSimulation(5, RudpFaults.none());
        Session client = simulation.connect();
        Session session = toServer ? simulation.serverSession() : client;
        ByteBuffer packet = ByteBuffer.allocate(RudpLayout.COMMON_BYTES);
        int own = toServer ? RudpLayout.FROM_SERVER : 0;
        for (int flags : new int[] {own, own ^ RudpLayout.FROM_SERVER}) {
            assertNull(session.gone());
            RudpLayout.begin(packet, RudpLayout.RESET, flags, session.identity, RudpLayout.COMMON_BYTES);
            RudpLayout.seal(packet);
            if (toServer) {
                simulation.table.receive(RudpSimulation.CLIENT, packet, simulation.now);
            } else {
                simulation.client.receive(packet, simulation.now);
            }
            assertEquals(1, session.counters.corrupt);
        }
        assertDied(session);
    }

    private static @org.jspecify.annotations.Nullable ByteBuffer next(RudpSimulation simulation) {
        ByteBuffer packet = ByteBuffer.allocate(2000);
        return simulation.client.next(packet, simulation.now) ? packet : null;
    }

    @Test
    void aServerAnswersSoManyStrangersAndNoMore() throws Exception {
        RudpAlone server = new RudpAlone(64);
        ByteBuffer packet = ByteBuffer.allocate(RudpLayout.SESSION_BYTES);
        long now = 5000;
        for (int i = 0; i < 10 * ResetBudget.MOST; i++) {
            ping(packet, 0, server.random.nextLong());
            assertNull(server.table.receive(RudpAlone.address(i), packet, now));
        }
        assertEquals(ResetBudget.MOST, server.answers.size());
        server.answers.clear();
        for (int i = 0; i < 1000; i++) {
            now += ResetBudget.EACH_NANOS / 10;
            ping(packet, 0, server.random.nextLong());
            assertNull(server.table.receive(RudpAlone.address(i), packet, now));
        }
        assertEquals(100, server.answers.size());
        assertEquals(0, server.table.kept());
    }
}
