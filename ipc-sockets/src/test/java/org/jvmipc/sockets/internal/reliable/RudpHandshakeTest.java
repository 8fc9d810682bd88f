package org.jvmipc.sockets.internal.reliable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.PeerGoneException;

/** How sessions come to be, and what those get who only pretend. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RudpHandshakeTest {
    @Test
    void aCookieIsGoodForItsAddressAndItsTime() throws Exception {
        RudpAlone server = new RudpAlone(64);
        ByteBuffer connect = server.connect(RudpAlone.address(1), 5000);
        assertNull(server.table.receive(RudpAlone.address(2), connect, 5000));
        assertEquals(RudpLayout.CHALLENGE, RudpLayout.type(server.only()), "not his: he may ask again");
        assertNull(server.table.receive(RudpAlone.address(1), connect, 5001 + Cookies.LIFETIME_NANOS));
        assertEquals(RudpLayout.CHALLENGE, RudpLayout.type(server.only()), "too old");
        assertNull(server.table.receive(RudpAlone.address(1), connect, 4999));
        assertEquals(RudpLayout.CHALLENGE, RudpLayout.type(server.only()), "of the future");
        ServedSession served = server.table.receive(RudpAlone.address(1), connect, 5000 + Cookies.LIFETIME_NANOS);
        assertNotNull(served);
        assertFalse(served.session.isConfirmed());
        assertEquals(
                served,
                server.table.receive(RudpAlone.address(1), connect, 6000),
                "the same question, the same session");
        assertEquals(1, server.table.sessions().size());
    }

    @Test
    void aFullServerRefusesAndTheClientIsTold() throws Exception {
        RudpAlone server = new RudpAlone(1);
        assertNotNull(server.table.receive(RudpAlone.address(1), server.connect(RudpAlone.address(1), 1), 1));
        assertNull(server.table.receive(RudpAlone.address(2), server.connect(RudpAlone.address(2), 1), 1));
        assertEquals(RudpLayout.REFUSE, RudpLayout.type(server.only()));
        assertEquals(1, server.table.refused());
        RudpSimulation full = new RudpSimulation(1, RudpFaults.none());
        full.table.limit(0);
        assertTrue(full.run(RudpSimulation.SECOND, () -> full.client.isRefused()));
        assertNull(full.client.session());
    }

    @Test
    void whatNobodyUsesIsForgotten() throws Exception {
        RudpAlone server = new RudpAlone(64);
        ServedSession served = server.table.receive(RudpAlone.address(1), server.connect(RudpAlone.address(1), 1), 1);
        assertNotNull(served);
        ByteBuffer packet = ByteBuffer.allocate(2000);
        int answers = 0;
        for (long now = 1; now < 60 * RudpSimulation.SECOND; now += RudpSimulation.MILLI) {
            while (served.next(packet, now)) {
                answers++;
            }
            server.table.forget(now);
        }
        assertEquals(20, answers);
        assertEquals(0, server.table.sessions().size());
    }

    @Test
    void aCopyOfAnOldQuestionDoesNotEndTheSessionThatCameAfterIt() {
        RudpSimulation simulation = new RudpSimulation(2, RudpFaults.none());
        ByteBuffer old = ByteBuffer.allocate(2000);
        assertTrue(simulation.client.next(old, simulation.now));
        simulation.inject(RudpSimulation.CLIENT, old);
        Runnable keep = () -> {
            if (RudpLayout.type(old) == RudpLayout.HELLO) {
                simulation.client.next(old, simulation.now);
            }
        };
        simulation.run(10 * RudpSimulation.MILLI, keep, () -> RudpLayout.type(old) == RudpLayout.CONNECT);
        assertEquals(RudpLayout.CONNECT, RudpLayout.type(old), "kept somewhere on the way");
        simulation.restartClient();
        Session session = simulation.connect();
        simulation.inject(RudpSimulation.CLIENT, old);
        simulation.pass(40 * RudpSimulation.SECOND);
        assertNull(session.gone());
        assertNull(simulation.serverSession().gone());
        assertEquals(1, simulation.table.sessions().size());
    }

    @Test
    void aClientThatIsStartedAgainIsANewSessionTwoHundredTimes() {
        RudpSimulation simulation = new RudpSimulation(3, new RudpFaults(20, 30, 20, 2, 2 * RudpSimulation.MILLI));
        for (int round = 0; round < 200; round++) {
            Session client = simulation.connect();
            Session server = simulation.serverSession();
            int[] sent = {0};
            int mark = round;
            Runnable programs = () -> {
                while (client.hasRoom() && sent[0] < 1000) {
                    RudpSimulation.send(
                            client,
                            new byte[] {(byte) mark, (byte) (mark >> 8), (byte) sent[0], (byte) (sent[0] >> 8)});
                    sent[0]++;
                }
            };
            simulation.run(simulation.random.nextLong(50 * RudpSimulation.MILLI), programs, () -> false);
            Session before = server;
            simulation.restartClient(); // with packets of the old one still on their way, in both directions
            simulation.connect();
            assertNotEquals(before, simulation.serverSession());
            Gone gone = before.gone();
            assertNotNull(gone);
            assertEquals(PeerGoneException.Reason.DIED, gone.reason());
            byte[] message;
            for (int i = 0; (message = simulation.poll(before)) != null; i++) {
                assertEquals(round, (message[0] & 0xff) | ((message[1] & 0xff) << 8));
                assertEquals(i, (message[2] & 0xff) | ((message[3] & 0xff) << 8));
            }
            simulation.pass(simulation.random.nextLong(20 * RudpSimulation.MILLI));
            assertNull(simulation.poll(simulation.serverSession()), "old data in a new session");
            simulation.restartClient();
        }
    }

    @Test
    void aServerThatIsStartedAgainKnowsNothingAndSaysSo() {
        RudpSimulation before = new RudpSimulation(4, RudpFaults.none());
        Session client = before.connect();
        RudpAlone restarted = new RudpAlone(64);
        ByteBuffer packet = ByteBuffer.allocate(2000);
        RudpSimulation.send(client, new byte[10]);
        assertTrue(client.next(packet, before.now));
        assertNull(restarted.table.receive(RudpSimulation.CLIENT, packet, before.now));
        ByteBuffer reset = restarted.only();
        assertTrue(reset.limit() <= packet.limit());
        before.client.receive(reset, before.now);
        Gone gone = client.gone();
        assertNotNull(gone);
        assertEquals(PeerGoneException.Reason.DIED, gone.reason());
        assertEquals(0, restarted.table.sessions().size());
    }

    @Test
    void aSessionIsOfItsAddress() throws Exception {
        RudpSimulation simulation = new RudpSimulation(5, RudpFaults.none());
        Session client = simulation.connect();
        RudpSimulation.send(client, new byte[10]);
        ByteBuffer packet = ByteBuffer.allocate(2000);
        assertTrue(client.next(packet, simulation.now));
        simulation.inject(RudpAlone.address(9), packet);
        simulation.run(RudpSimulation.SECOND / 100, () -> simulation.table.unknown() > 0);
        assertEquals(1, simulation.table.unknown());
    }

    @Test
    void whatIsSentBackToItsSenderIsNothing() {
        RudpSimulation simulation = new RudpSimulation(6, RudpFaults.none());
        Session client = simulation.connect();
        RudpSimulation.send(client, new byte[10]);
        ByteBuffer packet = ByteBuffer.allocate(2000);
        assertTrue(client.next(packet, simulation.now));
        simulation.client.receive(packet, simulation.now);
        assertNull(simulation.poll(client));
        assertEquals(1, client.counters.corrupt);
    }
}
