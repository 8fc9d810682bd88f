package org.jvmipc.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Codecs;
import org.jvmipc.IpcException;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.FaultWalk;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** Any native call of datagrams fails once: told by its name or not seen, nothing left open, and the next try succeeds. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UdpSeamTest implements NoLeaks.WarmUp {
    private static final Duration MOMENT = Duration.ofMillis(2);
    private static final DatagramOptions ALL =
            DatagramOptions.defaults().withBuffers(8192, 8192).withMaxMessage(100);

    @Override
    public void warmUp() throws Exception {
        try (DatagramEndpoint<String> endpoint = Datagrams.open(Codecs.utf8())) {
            assertNull(endpoint.tryReceive(MOMENT));
            endpoint.sendTo(endpoint.localAddress(), "x");
            endpoint.receive();
        }
    }

    private static InetSocketAddress any(String host) {
        return new InetSocketAddress(host, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void aWholeLife(String host) throws Exception {
        int strikes = new FaultWalk().walk(round -> {
            DatagramEndpoint<String> server = round.call(() -> Datagrams.bind(any(host), Codecs.utf8(), ALL));
            DatagramConnection<String> client =
                    round.call(() -> Datagrams.connect(server.localAddress(), Codecs.utf8(), ALL));
            for (int i = 0; i < 2; i++) {
                round.run(() -> client.send("question"));
                Datagram<String> question = round.call(server::receiveFrom);
                assertEquals("question", question.message());
                round.run(() -> server.sendTo(question.source(), "answer"));
                assertEquals("answer", round.call(() -> client.tryReceive(Await.LONG)));
            }
            assertEquals(0L, round.call(server::dropped));
            round.run(client::close);
            round.run(server::close);
        });
        assertTrue(strikes > 0, "no native call passes the seam");
    }

    @Test
    void waitingForWhatDoesNotCome() throws Exception {
        new FaultWalk().walk(round -> {
            try (DatagramEndpoint<String> endpoint = Datagrams.open(Codecs.utf8())) {
                round.run(() -> assertNull(endpoint.tryReceive()));
                round.run(() -> assertNull(endpoint.tryReceive(MOMENT)));
                endpoint.sendTo(endpoint.localAddress(), "x");
                assertEquals("x", round.call(endpoint::receive));
            }
        });
    }

    @Test
    void beingClosedInAReceive() throws Exception {
        new FaultWalk().everyThread().walk(round -> {
            DatagramEndpoint<String> endpoint = Datagrams.open(Codecs.utf8());
            try (Worker<String> reader = Worker.call(endpoint::receive)) {
                reader.awaitBlocked();
                round.run(endpoint::close);
                reader.failure(IOException.class);
            }
        });
    }

    @Test
    void aListenerServesInSpiteOfIt() throws Exception {
        new FaultWalk().everyThread().walk(round -> {
            try (DatagramListener<String> server = Datagrams.listen(any("127.0.0.1"), Codecs.utf8())) {
                round.attempt(() -> ask(server));
                askPastAnError(server);
            }
        });
    }

    @Test
    void openingAndClosingAListener() throws Exception {
        new FaultWalk().walk(round -> {
            DatagramListener<String> server = round.call(() -> Datagrams.listen(any("127.0.0.1"), Codecs.utf8()));
            round.run(() -> assertEquals(0L, server.dropped()));
            round.run(server::close);
        });
    }

    private static void ask(DatagramListener<String> server) throws Exception {
        try (DatagramConnection<String> client = Datagrams.connect(server.localAddress(), Codecs.utf8())) {
            client.send("hello");
            try (DatagramConnection<String> peer = accept(server, client)) {
                assertEquals("hello", peer.receive());
                peer.send("hello yourself");
                assertEquals("hello yourself", client.tryReceive(Await.LONG));
            }
        }
    }

    /** The connection of this client, past those of earlier ones. */
    private static DatagramConnection<String> accept(DatagramListener<String> server, DatagramConnection<String> client)
            throws Exception {
        while (true) {
            DatagramConnection<String> peer = server.tryAccept(Await.LONG);
            assertNotNull(peer);
            if (peer.remoteAddress().equals(client.localAddress())) {
                return peer;
            }
            peer.close();
        }
    }

    /** What the listener's thread has met is told by the next accept, which may come after the strike. */
    private static void askPastAnError(DatagramListener<String> server) throws Exception {
        try {
            ask(server);
        } catch (IpcException e) {
            ask(server);
        }
    }

    @Test
    void aLinkOpensOrTells() throws Exception {
        try (DatagramEndpoint<String> server = Datagrams.open(Codecs.utf8())) {
            assertNull(server.tryReceive(MOMENT)); // the first wait makes what a wait needs
            new FaultWalk().walk(round -> {
                try (FaultyLink link =
                        round.call(() -> FaultyLink.open(server.localAddress(), FaultyLinkOptions.defaults()))) {
                    try (DatagramConnection<String> client = Datagrams.connect(link.address(), Codecs.utf8())) {
                        client.send("x");
                        assertEquals("x", server.tryReceive(Await.LONG));
                    }
                }
            });
        }
    }

    @Test
    void aLinkGoesOnInSpiteOfIt() throws Exception {
        try (DatagramEndpoint<String> server = Datagrams.open(Codecs.utf8())) {
            assertNull(server.tryReceive(MOMENT)); // the first wait makes what a wait needs
            new FaultWalk().everyThread().walk(round -> {
                try (FaultyLink link = FaultyLink.open(server.localAddress(), FaultyLinkOptions.defaults());
                        DatagramConnection<String> client = Datagrams.connect(link.address(), Codecs.utf8())) {
                    round.attempt(() -> throughOrFailed(client, link, server));
                    client.send("again");
                    assertEquals("again", server.tryReceive(Await.LONG));
                }
            });
        }
    }

    private static void throughOrFailed(
            DatagramConnection<String> client, FaultyLink link, DatagramEndpoint<String> server) throws Exception {
        client.send("x");
        Await.until(
                "it came or failed",
                () -> link.forward().forwarded() + link.forward().failed() > 0);
        if (link.forward().forwarded() > 0) {
            receivePastAnError(server);
        }
    }

    private static void receivePastAnError(DatagramEndpoint<String> server) throws Exception {
        try {
            assertEquals("x", server.tryReceive(Await.LONG));
        } catch (IpcException e) {
            assertEquals("x", server.tryReceive(Await.LONG));
            throw e;
        }
    }
}
