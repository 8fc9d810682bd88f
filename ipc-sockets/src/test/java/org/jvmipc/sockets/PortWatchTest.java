package org.jvmipc.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.PeerGoneException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.sockets.internal.PortTable;
import org.jvmipc.sockets.internal.reliable.MessageReader;
import org.jvmipc.testkit.Await;

/** The ports of silent clients are looked for in one reading of the kernel's table, seldom, and without the lock. */
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PortWatchTest {
    private static InetSocketAddress port(int number) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), number);
    }

    @Test
    void allWhoAreSilentShareOneReading() {
        List<Set<InetSocketAddress>> readings = new ArrayList<>();
        PortWatch watch = new PortWatch(asked -> {
            readings.add(Set.copyOf(asked));
            Set<InetSocketAddress> bound = new HashSet<>(asked);
            bound.remove(port(500));
            return bound;
        });
        assertFalse(watch.isAsked());
        for (int i = 1; i <= 1000; i++) {
            watch.ask(port(i));
        }
        assertTrue(watch.isAsked());
        assertEquals(Set.of(port(500)), watch.missing(watch.take()));
        assertFalse(watch.isAsked());
        assertEquals(1, readings.size());
        assertEquals(1000, readings.get(0).size());
    }

    @Test
    void aLongTableIsReadSeldom() {
        PortWatch watch = new PortWatch(asked -> Set.of());
        long answer = PortWatch.ANSWER_NANOS;
        assertEquals(100 + answer, watch.earliest(100));
        watch.looked(1000, 1001);
        assertEquals(1001 + answer, watch.earliest(-answer), "not again at once");
        long begun = 1_000_000_000;
        long ended = begun + 50_000_000;
        watch.looked(begun, ended);
        long paid = begun + PortWatch.SHARE * 50_000_000L;
        assertEquals(paid, watch.earliest(100), "a twentieth of the time");
        assertEquals(100 * ended + answer, watch.earliest(100 * ended));
        watch.looked(ended + answer, ended + answer + 10_000_000);
        assertEquals(paid + PortWatch.SHARE * 10_000_000L, watch.earliest(100), "of both");
    }

    @Test
    void onlyTwoLooksInSuccessionThatFindNothingEndAnybody() {
        PortLooks looks = new PortLooks(new PortWatch(asked -> Set.of()));
        long never = Long.MAX_VALUE;
        long answer = PortWatch.ANSWER_NANOS;
        assertEquals(never, looks.deadline(never, 10), "who answers is not looked for");
        assertEquals(100 + answer, looks.deadline(100, 10));
        looks.ask(100, 10);
        assertEquals(never, looks.deadline(100, 10), "a look is under way");
        assertFalse(looks.looked(true, 10, 5000));
        assertEquals(5000 + answer, looks.deadline(100, 10));
        assertEquals(5000 + answer, looks.deadline(200, 10), "another question changes nothing");
        looks.ask(200, 10);
        assertFalse(looks.looked(false, 10, 6000), "here again");
        assertEquals(never, looks.deadline(200, 10), "until the next question");
        looks.ask(300, 10);
        assertFalse(looks.looked(true, 10, 7000));
        assertEquals(400 + answer, looks.deadline(400, 350), "he was heard");
        looks.ask(400, 350);
        assertFalse(looks.looked(true, 350, 8000), "the first since then");
        looks.ask(400, 350);
        assertTrue(looks.looked(true, 350, 9000));
    }

    @Test
    void ofATableThatCannotBeReadNothingIsBelieved() {
        PortWatch watch = new PortWatch(asked -> {
            throw new IOException("no /proc");
        });
        assertEquals(Set.of(), watch.missing(Set.of(port(1))));
        PortWatch odd = new PortWatch(asked -> {
            throw new IndexOutOfBoundsException("a line that is none");
        });
        assertEquals(Set.of(), odd.missing(Set.of(port(1))));
    }

    @Test
    void theKernelsTableIsReadForSeveral() throws Exception {
        List<InetSocketAddress> asked = new ArrayList<>();
        Set<InetSocketAddress> bound = new HashSet<>();
        try (DatagramSocket here = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                DatagramSocket any = new DatagramSocket(0)) {
            bound.add(port(here.getLocalPort()));
            bound.add(port(any.getLocalPort()));
            asked.addAll(bound);
            asked.add(new InetSocketAddress(InetAddress.getByName("127.0.0.77"), here.getLocalPort()));
            asked.add(port(1)); // nobody's
            assertEquals(bound, PortTable.UDP.bound(asked));
        }
        assertEquals(Set.of(), PortTable.UDP.bound(asked));
    }

    /** Has a session with the server, and is gone without a word. */
    private static void dieAfterConnecting(InetSocketAddress server, int number) throws IOException {
        connect(server, number).close();
    }

    /** Has a session with the server, and says nothing more. */
    private static DatagramSocket connect(InetSocketAddress server, int number) throws IOException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        socket.setSoTimeout((int) Await.LONG.toMillis());
        byte[] challenge = ask(socket, RawPackets.hello(number), server);
        byte[] accept = ask(socket, RawPackets.connect(number, challenge, -1), server);
        byte[] ping = RawPackets.ping(accept);
        socket.send(new DatagramPacket(ping, ping.length, server));
        return socket;
    }

    private static byte[] ask(DatagramSocket from, byte[] question, InetSocketAddress server) throws IOException {
        from.send(new DatagramPacket(question, question.length, server));
        DatagramPacket answer = new DatagramPacket(new byte[2000], 2000);
        from.receive(answer);
        return Arrays.copyOf(answer.getData(), answer.getLength());
    }

    /** The kernel's table, but for what the first reading leaves out. */
    private static PortWatch.Ports skippingOnce(List<Set<InetSocketAddress>> readings) {
        return asked -> {
            readings.add(Set.copyOf(asked));
            return readings.size() == 1 ? Set.of() : PortTable.UDP.bound(asked);
        };
    }

    /** Has a session, and says nothing; the port is there, though one reading may leave it out; then it is gone. */
    private static void assertLivesUntilThePortIsGone(PortWatch.Ports ports, List<Set<InetSocketAddress>> readings)
            throws Exception {
        ReliableOptions options = ReliableOptions.defaults().withSilence(Duration.ofMillis(50), Duration.ZERO);
        ReliableServer server = ReliableServer.bind(
                Connected.anyPort(), ReliableListenOptions.defaults().withReliable(options), ports);
        try {
            ReliableEnd end;
            try (DatagramSocket silent = connect(server.local, 1)) {
                end = server.accept(Deadline.after(Await.LONG));
                assertNotNull(end);
                Await.until("several readings", () -> readings.size() >= 4);
                assertNull(end.alive().gone());
                assertTrue(readings.contains(Set.of(port(silent.getLocalPort()))));
            }
            PeerGoneException gone = assertThrows(
                    PeerGoneException.class, () -> end.inlet.read(new MessageReader(1000), Deadline.after(Await.LONG)));
            assertEquals(PeerGoneException.Reason.DIED, gone.reason());
            end.startClosing();
        } finally {
            server.stopListening();
            server.awaitUnused();
        }
    }

    @Test
    void aRowThatOneReadingLeavesOutEndsNobody() throws Exception {
        List<Set<InetSocketAddress>> readings = new CopyOnWriteArrayList<>();
        assertLivesUntilThePortIsGone(skippingOnce(readings), readings);
    }

    @Test
    void aReadingThatFailsEndsNobodyAndIsFollowedByOthers() throws Exception {
        List<Set<InetSocketAddress>> readings = new CopyOnWriteArrayList<>();
        PortWatch.Ports ports = skippingOnce(readings);
        assertLivesUntilThePortIsGone(
                asked -> {
                    Set<InetSocketAddress> bound = ports.bound(asked);
                    if (readings.size() == 2) {
                        throw new IndexOutOfBoundsException("a line that is none");
                    }
                    return bound;
                },
                readings);
    }

    @Test
    void manyWhoDieAreToldWithoutTheLockAndByFewReadings() throws Exception {
        int count = 50;
        List<Long> readings = new CopyOnWriteArrayList<>();
        AtomicReference<ReliableServer> place = new AtomicReference<>();
        ReliableOptions options = ReliableOptions.defaults().withSilence(Duration.ofMillis(50), Duration.ZERO);
        ReliableServer server = ReliableServer.bind(
                Connected.anyPort(), ReliableListenOptions.defaults().withReliable(options), asked -> {
                    readings.add(System.nanoTime());
                    ReliableServer mine = place.get();
                    if (mine != null && mine.lock.isHeldByCurrentThread()) {
                        throw new AssertionError("the table is read under the lock");
                    }
                    return PortTable.UDP.bound(asked);
                });
        place.set(server);
        try {
            for (int i = 0; i < count; i++) {
                dieAfterConnecting(server.local, i);
            }
            for (int i = 0; i < count; i++) {
                ReliableEnd end = server.accept(Deadline.after(Await.LONG));
                assertNotNull(end);
                PeerGoneException gone = assertThrows(
                        PeerGoneException.class,
                        () -> end.inlet.read(new MessageReader(1000), Deadline.after(Await.LONG)));
                assertEquals(PeerGoneException.Reason.DIED, gone.reason());
                end.startClosing();
            }
        } finally {
            server.stopListening();
            server.awaitUnused();
        }
        assertFalse(readings.isEmpty());
        for (int i = 1; i < readings.size(); i++) {
            long pause = readings.get(i) - readings.get(i - 1);
            assertTrue(pause >= PortWatch.ANSWER_NANOS, pause + " ns from one reading to the next");
        }
    }
}
