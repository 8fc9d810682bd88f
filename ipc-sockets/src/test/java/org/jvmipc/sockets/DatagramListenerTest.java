package org.jvmipc.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.Codecs;
import org.jvmipc.LimitException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.ReceiverSet;
import org.jvmipc.sockets.internal.PortTable;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** The server of datagrams that keeps its sources apart, and within bounds. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DatagramListenerTest implements NoLeaks.WarmUp {
    private static final Duration PROMPT = Duration.ofSeconds(2);

    @Override
    public void warmUp() throws Exception {
        keepsSourcesApartAndAnswersEach();
    }

    private static DatagramListener<String> listen(DatagramListenOptions options) throws Exception {
        return Datagrams.listen(new InetSocketAddress("127.0.0.1", 0), Codecs.utf8(), options);
    }

    private static DatagramConnection<String> client(DatagramListener<String> server) throws Exception {
        return Datagrams.connect(server.localAddress(), Codecs.utf8());
    }

    private static DatagramConnection<String> accept(DatagramListener<String> server) throws Exception {
        DatagramConnection<String> connection = server.tryAccept(Await.LONG);
        assertNotNull(connection, "nobody came");
        return connection;
    }

    @Test
    void keepsSourcesApartAndAnswersEach() throws Exception {
        try (DatagramListener<String> server = listen(DatagramListenOptions.defaults());
                DatagramConnection<String> one = client(server);
                DatagramConnection<String> two = client(server)) {
            assertNull(server.tryAccept());
            one.send("one");
            try (DatagramConnection<String> first = server.accept()) {
                two.send("two");
                try (DatagramConnection<String> second = accept(server)) {
                    assertEquals(one.localAddress(), first.remoteAddress());
                    assertEquals(two.localAddress(), second.remoteAddress());
                    one.send("one more");
                    assertEquals("two", second.receive());
                    assertEquals("one", first.receive());
                    assertEquals("one more", first.tryReceive(Await.LONG));
                    assertNull(first.tryReceive());
                    second.send("to two");
                    assertTrue(first.trySend("to one"));
                    assertEquals("to one", one.receive());
                    assertEquals("to two", two.receive());
                    assertEquals(2, server.sources());
                }
            }
            assertEquals(0, server.sources());
        }
    }

    @Test
    void aSilentSourceIsGoneAndComesBackAsANewOne() throws Exception {
        DatagramListenOptions hasty = DatagramListenOptions.defaults().withIdleTimeout(Duration.ofSeconds(1));
        try (DatagramListener<String> server = listen(hasty);
                DatagramConnection<String> client = client(server)) {
            client.send("before");
            try (DatagramConnection<String> first = accept(server)) {
                assertEquals("before", first.receive());
                PeerGoneException gone = assertThrows(PeerGoneException.class, first::receive);
                assertEquals(PeerGoneException.Reason.CLOSED, gone.reason());
                assertThrows(PeerGoneException.class, () -> first.send("anybody?"));
                client.send("after");
                try (DatagramConnection<String> again = accept(server)) {
                    assertEquals("after", again.receive());
                    assertEquals(2, server.sources(), "the old one counts until it is closed");
                }
                assertThrows(PeerGoneException.class, first::tryReceive);
            }
        }
    }

    @Test
    void oneThatWasNeverAcceptedIsForgotten() throws Exception {
        DatagramListenOptions hasty = DatagramListenOptions.defaults().withIdleTimeout(Duration.ofMillis(30));
        try (DatagramListener<String> server = listen(hasty);
                DatagramConnection<String> client = client(server)) {
            client.send("hello?");
            Await.until("it came", () -> server.sources() == 1);
            Await.until("it is forgotten", () -> server.sources() == 0);
            assertNull(server.tryAccept());
        }
    }

    @Test
    void hostileSourcesUseUpWhatIsSetAndTheServerGoesOn() throws Exception {
        DatagramListenOptions tight = DatagramListenOptions.defaults()
                .withBacklog(4)
                .withMaxSources(6)
                .withMaxQueued(3, 100_000)
                .withIdleTimeout(Duration.ofSeconds(3));
        List<DatagramConnection<String>> strangers = new ArrayList<>();
        try (DatagramListener<String> server = listen(tight);
                DatagramConnection<String> friend = client(server)) {
            friend.send("I was first");
            DatagramConnection<String> known = accept(server);
            for (int i = 0; i < 50; i++) {
                DatagramConnection<String> stranger = client(server);
                strangers.add(stranger);
                for (int k = 0; k < 10; k++) {
                    stranger.send("x".repeat(100));
                }
            }
            Await.until("those beyond the backlog were refused", () -> server.refused() > 0);
            assertTrue(server.sources() <= 5, "sources: " + server.sources());
            assertEquals("I was first", known.receive());
            // one datagram may be lost: what the strangers sent fills the socket of a server that is late
            Await.until("the friend is still served", () -> {
                friend.send("and I am still served");
                return "and I am still served".equals(known.tryReceive(Duration.ofMillis(100)));
            });
            Await.until("the strangers are forgotten", () -> {
                friend.send("alive");
                return server.sources() == 1;
            });
            try (DatagramConnection<String> late = client(server)) {
                Await.until("a new one is served", () -> {
                    late.send("late");
                    return server.sources() == 2;
                });
                try (DatagramConnection<String> accepted = accept(server)) {
                    assertEquals("late", accepted.receive());
                }
            }
            assertTrue(server.dropped() > 0);
            known.close();
        } finally {
            for (DatagramConnection<String> stranger : strangers) {
                stranger.close();
            }
        }
    }

    @Test
    void aFullQueueOfOneSourceDropsOnlyItsOwn() throws Exception {
        DatagramListenOptions tight = DatagramListenOptions.defaults().withMaxQueued(3, 100_000);
        try (DatagramListener<String> server = listen(tight);
                DatagramConnection<String> loud = client(server);
                DatagramConnection<String> quiet = client(server)) {
            for (int i = 0; i < 10; i++) {
                loud.send("loud " + i);
            }
            quiet.send("quiet");
            try (DatagramConnection<String> first = accept(server);
                    DatagramConnection<String> second = accept(server)) {
                assertEquals("quiet", second.receive());
                for (int i = 0; i < 3; i++) {
                    assertEquals("loud " + i, first.receive());
                }
                assertNull(first.tryReceive());
                assertEquals(7, first.dropped());
                assertEquals(0, second.dropped());
            }
        }
    }

    @Test
    void oneThatIsTooLargeIsToldToItsConnection() throws Exception {
        DatagramListenOptions small = DatagramListenOptions.defaults()
                .withDatagrams(DatagramOptions.defaults().withMaxMessage(10));
        try (DatagramListener<String> server = listen(small);
                DatagramConnection<String> client = client(server)) {
            client.send("x".repeat(11));
            client.send("fits");
            try (DatagramConnection<String> connection = accept(server)) {
                assertThrows(LimitException.class, connection::receive);
                assertEquals("fits", connection.receive());
                assertThrows(LimitException.class, () -> connection.send("x".repeat(11)));
            }
        }
    }

    @Test
    @SuppressWarnings("try") // closes early on purpose
    void interruptAndCloseEndEveryWait() throws Exception {
        try (DatagramListener<String> server = listen(DatagramListenOptions.defaults());
                DatagramConnection<String> client = client(server)) {
            client.send("hello");
            DatagramConnection<String> connection = accept(server);
            assertEquals("hello", connection.receive());
            for (Worker.Action wait : List.<Worker.Action>of(server::accept, connection::receive)) {
                try (Worker<Boolean> waiter = Worker.run(wait)) {
                    waiter.awaitBlocked();
                    waiter.interrupt();
                    waiter.failure(InterruptedException.class, PROMPT);
                }
            }
            try (Worker<Boolean> acceptor = Worker.run(server::accept).awaitBlocked()) {
                server.close();
                acceptor.failure(AsynchronousCloseException.class, PROMPT);
            }
            assertThrows(ClosedChannelException.class, server::accept);
            client.send("still served");
            assertEquals("still served", connection.receive());
            try (Worker<Boolean> receiver = Worker.run(connection::receive).awaitBlocked()) {
                connection.close();
                receiver.failure(AsynchronousCloseException.class, PROMPT);
            }
            assertThrows(ClosedChannelException.class, connection::receive);
            assertThrows(ClosedChannelException.class, () -> connection.send("x"));
            assertFalse(connection.isOpen());
        }
    }

    @Test
    @SuppressWarnings("try") // closes early on purpose
    void itsConnectionsAreWaitedForTogether() throws Exception {
        DatagramListenOptions hasty = DatagramListenOptions.defaults().withIdleTimeout(Duration.ofSeconds(5));
        try (DatagramListener<String> server = listen(hasty);
                DatagramConnection<String> one = client(server);
                DatagramConnection<String> two = client(server);
                ReceiverSet<String> set = new ReceiverSet<>()) {
            one.send("one");
            try (DatagramConnection<String> first = accept(server)) {
                two.send("two");
                try (DatagramConnection<String> second = accept(server)) {
                    set.add(first);
                    set.add(second);
                    assertEquals(List.of(first, second), set.await(), "what came before they were in the set");
                    assertEquals("one", first.receive());
                    assertEquals("two", second.receive());
                    for (int i = 0; i < 20; i++) {
                        assertEquals(List.of(), set.tryAwait());
                        try (Worker<?> waiter = Worker.call(set::await).awaitBlocked()) {
                            (i % 2 == 0 ? one : two).send("x");
                            assertEquals(List.of(i % 2 == 0 ? first : second), waiter.result());
                        }
                        assertEquals("x", (i % 2 == 0 ? first : second).receive());
                    }
                    try (Worker<?> waiter = Worker.call(set::await).awaitBlocked()) {
                        second.close();
                        assertEquals(List.of(second), waiter.result(PROMPT));
                    }
                    assertEquals(List.of(first), set.await(), "its end by silence");
                    assertThrows(PeerGoneException.class, first::tryReceive);
                }
            }
        }
    }

    @Test
    void thePortIsFreeWhenAllIsClosed() throws Exception {
        InetSocketAddress place;
        try (DatagramListener<String> server = listen(DatagramListenOptions.defaults());
                DatagramConnection<String> client = client(server)) {
            place = server.localAddress();
            client.send("hello");
            try (DatagramConnection<String> connection = accept(server)) {
                assertEquals("hello", connection.receive());
            }
        }
        for (int i = 0; i < 20; i++) {
            Datagrams.listen(place, Codecs.utf8()).close();
        }
    }

    @Test
    void aForgottenListenerGivesEverythingBack() throws Exception {
        DatagramListenOptions hasty = DatagramListenOptions.defaults().withIdleTimeout(Duration.ofMillis(20));
        InetSocketAddress place = forgotten(hasty);
        Await.until("the port is free", () -> {
            System.gc();
            return PortTable.UDP.listener(place) == null;
        });
    }

    private static InetSocketAddress forgotten(DatagramListenOptions options) throws Exception {
        return listen(options).localAddress();
    }
}
