package org.jvmipc.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.Codecs;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** A connection that comes back, and requests with replies. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(NoLeaks.class)
class ReconnectingTest implements NoLeaks.WarmUp {
    private static final ReconnectOptions QUICK =
            ReconnectOptions.defaults().withPauses(Duration.ofMillis(1), Duration.ofMillis(20));

    @Override
    public void warmUp() throws Exception {
        Connected.unix(Codecs.utf8(), SocketOptions.defaults()).close();
    }

    private static ReconnectingConnection<String> to(Path path) throws IOException {
        return UnixSockets.reconnecting(path, Codecs.utf8(), SocketOptions.defaults(), QUICK);
    }

    @Test
    void aSendWaitsForAServerAndForTheNextOne() throws Exception {
        Path path = Connected.newPath();
        try (ReconnectingConnection<String> client = to(path)) {
            try (Worker<Boolean> sending = Worker.run(() -> client.send("to the first"));
                    UnixListener<String> first = UnixSockets.listen(path, Codecs.utf8());
                    UnixConnection<String> accepted = first.accept()) {
                assertEquals("to the first", accepted.receive());
                sending.result();
            }
            assertTrue(client.isConnected());
            try (UnixListener<String> second = UnixSockets.listen(path, Codecs.utf8());
                    Worker<Boolean> sending = Worker.run(() -> client.send("to the second"));
                    UnixConnection<String> accepted = second.accept()) {
                assertEquals("to the second", accepted.receive());
                sending.result();
                assertEquals(2, client.connections());
            }
        }
    }

    @Test
    void aReceiveGoesOnWithTheNextServer() throws Exception {
        Path path = Connected.newPath();
        try (ReconnectingConnection<String> client = to(path);
                Worker<String> receiving = Worker.call(client::receive)) {
            try (UnixListener<String> first = UnixSockets.listen(path, Codecs.utf8())) {
                first.accept().close();
            }
            try (UnixListener<String> second = UnixSockets.listen(path, Codecs.utf8());
                    UnixConnection<String> accepted = second.accept()) {
                accepted.send("from the second");
                assertEquals("from the second", receiving.result());
            }
        }
    }

    @Test
    void theTriesEndWithoutAServer() throws Exception {
        try (ReconnectingConnection<String> client = to(Connected.newPath())) {
            assertFalse(client.trySend("x"));
            assertFalse(client.trySend("x", Duration.ofMillis(30)));
            assertNull(client.tryReceive());
            assertNull(client.tryReceive(Duration.ofMillis(30)));
            assertFalse(client.isConnected());
            assertEquals(0, client.connections());
        }
    }

    @Test
    void closeAndInterruptEndTheWaitForAServer() throws Exception {
        ReconnectingConnection<String> client = to(Connected.newPath());
        try (Worker<Boolean> interrupted = Worker.run(() -> client.send("x"))) {
            interrupted.awaitBlocked().interrupt();
            interrupted.failure(InterruptedException.class);
        }
        try (Worker<Boolean> closed = Worker.run(() -> client.send("x"))) {
            closed.awaitBlocked();
            client.close();
            closed.failure(ClosedChannelException.class);
        }
    }

    @Test
    void aRequestGetsItsReply() throws Exception {
        try (Connected<UnixConnection<String>> pair = Connected.unix(Codecs.utf8(), SocketOptions.defaults());
                Requester<String> requester = new Requester<>(pair.client());
                Worker<Boolean> server = Worker.run(() -> {
                    for (int i = 0; i < 3; i++) {
                        pair.server().send("re: " + pair.server().receive());
                    }
                })) {
            assertEquals("re: one", requester.request("one"));
            assertEquals("re: two", requester.request("two"));
            assertEquals("re: three", requester.tryRequest("three", Await.LONG));
            server.result();
        }
    }

    @Test
    void aRequestThatWasGivenUpClosesTheConnection() throws Exception {
        try (Connected<UnixConnection<String>> pair = Connected.unix(Codecs.utf8(), SocketOptions.defaults());
                Requester<String> requester = new Requester<>(pair.client())) {
            assertNull(requester.tryRequest("anybody?", Duration.ofMillis(30)));
            assertFalse(requester.isOpen());
        }
    }
}
