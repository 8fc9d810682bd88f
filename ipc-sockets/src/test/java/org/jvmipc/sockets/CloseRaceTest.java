package org.jvmipc.sockets;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.Codecs;
import org.jvmipc.Framing;
import org.jvmipc.internal.posix.DataPath;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.SocketCalls;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** This side is closed, by another thread, between a call to the kernel and its answer that the other side is gone. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(NoLeaks.class)
class CloseRaceTest implements NoLeaks.WarmUp {
    @Override
    public void warmUp() throws Exception {
        Connected.useThoseOfTheJdk();
        anAbortDuringAReceive();
    }

    @Test
    void anAbortDuringAReceive() throws Exception {
        try (Race race = new Race(Framing.FRAMED, 0, SocketConnection::abort)) {
            assertThrows(AsynchronousCloseException.class, race.connection()::tryReceive);
        }
    }

    @Test
    void aCloseDuringAReceive() throws Exception {
        try (Race race = new Race(Framing.FRAMED, 0, SocketConnection::close)) {
            assertThrows(AsynchronousCloseException.class, race.connection()::tryReceive);
        }
    }

    @Test
    void anAbortDuringAReceiveThatFindsAReset() throws Exception {
        try (Race race = new Race(Framing.LINE, -Errno.ECONNRESET, SocketConnection::abort)) {
            assertThrows(AsynchronousCloseException.class, race.connection()::tryReceive);
        }
    }

    @Test
    void anAbortDuringASend() throws Exception {
        try (Race race = new Race(Framing.FRAMED, -Errno.EPIPE, SocketConnection::abort)) {
            assertThrows(
                    AsynchronousCloseException.class, () -> race.connection().trySend("x"));
        }
    }

    @Test
    void aCloseDuringASend() throws Exception {
        try (Race race = new Race(Framing.LINE, -Errno.ECONNRESET, SocketConnection::close)) {
            assertThrows(
                    AsynchronousCloseException.class, () -> race.connection().trySend("x"));
        }
    }

    private interface Closing {
        void close(SocketConnection<String> connection) throws IOException;
    }

    /** A connection whose first call has an answer of our choice, which comes when another thread is closing already. */
    private static final class Race implements DataPath, AutoCloseable {
        private final int answer;
        private final Closing closing;
        private final TcpListener<String> listener;
        private final StreamConnection<String> connection;
        private final AtomicBoolean asked = new AtomicBoolean();
        private @Nullable Worker<Boolean> closer;

        Race(Framing framing, int answer, Closing closing) throws Exception {
            this.answer = answer;
            this.closing = closing;
            listener = Tcp.listen(Connected.anyPort(), Codecs.utf8(), ListenOptions.defaults());
            InetSocketAddress server = listener.localAddress();
            SocketOptions options = SocketOptions.defaults().withFraming(framing);
            Fd socket = SocketCalls.stream(server);
            connection = new StreamConnection<>(
                    socket, this, TcpConnection.toServer(server, options), Codecs.utf8(), () -> {});
        }

        SocketConnection<String> connection() {
            return connection;
        }

        private int answerInTheMiddleOfAClose() {
            if (!asked.compareAndSet(false, true)) {
                return -Errno.EPIPE; // the goodbye
            }
            Worker<Boolean> started = Worker.run(() -> closing.close(connection));
            closer = started;
            try {
                started.awaitBlocked();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            assertFalse(connection.isOpen());
            return answer;
        }

        @Override
        public int read(int fd, NativeBuffer target, int offset, int count) {
            return answerInTheMiddleOfAClose();
        }

        @Override
        public int readBlocking(int fd, NativeBuffer target, int offset, int count) {
            return answerInTheMiddleOfAClose();
        }

        @Override
        public int write(int fd, NativeBuffer source, int offset, int count) {
            return answerInTheMiddleOfAClose();
        }

        @Override
        public boolean blocksItself() {
            return true;
        }

        @Override
        public int capacity(int fd) {
            return 1;
        }

        @Override
        public int room(int fd) {
            return 1;
        }

        @Override
        public boolean isAtomic() {
            return false;
        }

        @Override
        public void close() throws IOException {
            try (listener;
                    connection) {
                Worker<Boolean> started = closer;
                if (started != null) {
                    awaitEnd(started);
                }
            }
        }

        private static void awaitEnd(Worker<Boolean> worker) {
            try (worker) {
                worker.result();
            } catch (Exception e) {
                throw new AssertionError("the close has failed", e);
            }
        }
    }
}
