package org.jvmipc.pipes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvmipc.Codecs;
import org.jvmipc.Framing;
import org.jvmipc.IpcException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.PeerGoneException.Reason;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/**
 * Lines and raw bytes over a real pipe: what the contract promises of waiting, interrupts and closing, as far as there are no
 * frames in it. The pipe is the smallest, and holds one message of the tests.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(NoLeaks.class)
class PlainPipesTest implements NoLeaks.WarmUp {
    /** With its newline, the most that is written all or nothing. */
    private static final int MESSAGE_BYTES = 4095;

    private static final Duration PROMPT = Duration.ofSeconds(2);
    private static final Duration SHORT = Duration.ofMillis(30);
    private static final Duration FOR_EVER = Duration.ofDays(1);

    private interface Receiving {
        void from(Receiver<byte[]> receiver) throws Exception;
    }

    private interface Sending {
        void to(Sender<byte[]> sender, byte[] message) throws Exception;
    }

    private static final List<Receiving> RECEIVING = List.of(
            Receiver::receive, receiver -> receiver.tryReceive(FOR_EVER), receiver -> receiver.forEach(message -> {}));

    private static final List<Sending> SENDING =
            List.of(Sender::send, (sender, message) -> sender.trySend(message, FOR_EVER));

    private static PipePair<byte[]> open(Framing framing) throws IOException {
        return Pipes.open(
                Codecs.bytes(), PipeOptions.defaults().withCapacity(4096).withFraming(framing));
    }

    private static byte[] message(char filling) {
        return message(filling, MESSAGE_BYTES);
    }

    private static byte[] message(char filling, int size) {
        byte[] message = new byte[size];
        Arrays.fill(message, (byte) filling);
        return message;
    }

    @Override
    public void warmUp() throws Exception {
        try (PipePair<byte[]> pipe = open(Framing.LINE);
                Worker<byte[]> reader = Worker.call(() -> pipe.receiver().receive())) {
            reader.awaitBlocked().interrupt();
            reader.failure(InterruptedException.class);
        }
    }

    private static void assertGoesThrough(PipePair<byte[]> pipe) throws Exception {
        assertNull(pipe.receiver().tryReceive(), "a message that nobody sent");
        for (char filling : new char[] {'x', 'y'}) {
            pipe.sender().send(message(filling));
            assertArrayEquals(message(filling), pipe.receiver().receive());
        }
        assertNull(pipe.receiver().tryReceive(), "a message that nobody sent");
    }

    private static void assertClosed(Worker.Action call) throws Exception {
        try (Worker<Boolean> worker = Worker.run(call)) {
            assertEquals(
                    Reason.CLOSED,
                    worker.failure(PeerGoneException.class, PROMPT).reason());
        }
    }

    // ---- interrupts

    @ParameterizedTest
    @EnumSource(names = {"LINE", "RAW"})
    void interruptEndsABlockedReceive(Framing framing) throws Exception {
        try (PipePair<byte[]> pipe = open(framing)) {
            for (Receiving receiving : RECEIVING) {
                try (Worker<Boolean> reader = Worker.run(() -> receiving.from(pipe.receiver()))) {
                    reader.awaitBlocked().interrupt();
                    reader.failure(InterruptedException.class, PROMPT);
                }
            }
            assertGoesThrough(pipe);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LINE", "RAW"})
    void interruptEndsABlockedSendAndNothingOfItIsDelivered(Framing framing) throws Exception {
        try (PipePair<byte[]> pipe = open(framing)) {
            pipe.sender().send(message('a'));
            for (Sending sending : SENDING) {
                try (Worker<Boolean> writer = Worker.run(() -> sending.to(pipe.sender(), message('b')))) {
                    writer.awaitBlocked().interrupt();
                    writer.failure(InterruptedException.class, PROMPT);
                }
            }
            assertArrayEquals(message('a'), pipe.receiver().receive());
            assertGoesThrough(pipe);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LINE", "RAW"})
    void interruptInTheMiddleOfALargerMessageEndsTheStream(Framing framing) throws Exception {
        try (PipePair<byte[]> pipe = open(framing)) {
            try (Worker<Boolean> writer = Worker.run(() -> pipe.sender().send(message('a', 10_000)))) {
                writer.awaitBlocked().interrupt();
                writer.failure(InterruptedException.class, PROMPT);
            }
            assertThrows(IpcException.class, () -> pipe.sender().send(message('b', 1)));
        }
    }

    // ---- close

    @ParameterizedTest
    @EnumSource(names = {"LINE", "RAW"})
    void closeByAnotherThreadWakesABlockedReceive(Framing framing) throws Exception {
        for (Receiving receiving : RECEIVING) {
            try (PipePair<byte[]> pipe = open(framing);
                    Worker<Boolean> reader = Worker.run(() -> receiving.from(pipe.receiver()))) {
                reader.awaitBlocked();
                pipe.receiver().close();
                reader.failure(AsynchronousCloseException.class, PROMPT);
                assertThrows(ClosedChannelException.class, () -> pipe.receiver().tryReceive());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LINE", "RAW"})
    void closeByAnotherThreadWakesABlockedSend(Framing framing) throws Exception {
        for (Sending sending : SENDING) {
            try (PipePair<byte[]> pipe = open(framing);
                    Worker<Boolean> writer = Worker.run(() -> {
                        pipe.sender().send(message('a'));
                        sending.to(pipe.sender(), message('b'));
                    })) {
                writer.awaitBlocked();
                pipe.sender().close();
                writer.failure(AsynchronousCloseException.class, PROMPT);
                assertThrows(ClosedChannelException.class, () -> pipe.sender().trySend(message('c')));
                assertArrayEquals(message('a'), pipe.receiver().receive());
                assertClosed(() -> pipe.receiver().receive());
            }
        }
    }

    // ---- waiting

    @ParameterizedTest
    @EnumSource(names = {"LINE", "RAW"})
    void fullPipeBlocksASenderUntilTheReaderTakes(Framing framing) throws Exception {
        for (Sending sending : SENDING) {
            try (PipePair<byte[]> pipe = open(framing)) {
                pipe.sender().send(message('a'));
                assertFalse(pipe.sender().trySend(message('b')));
                try (Worker<Boolean> writer = Worker.run(() -> sending.to(pipe.sender(), message('b')))) {
                    writer.awaitBlocked();
                    assertArrayEquals(message('a'), pipe.receiver().receive());
                    writer.result(PROMPT);
                }
                assertArrayEquals(message('b'), pipe.receiver().receive());
                assertGoesThrough(pipe);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LINE", "RAW"})
    void aMessageWakesABlockedReceive(Framing framing) throws Exception {
        try (PipePair<byte[]> pipe = open(framing)) {
            try (Worker<byte[]> reader = Worker.call(() -> pipe.receiver().receive())) {
                reader.awaitBlocked();
                pipe.sender().send(message('a'));
                assertArrayEquals(message('a'), reader.result(PROMPT));
            }
            try (Worker<Boolean> reader = Worker.call(
                    () -> Arrays.equals(message('b'), pipe.receiver().tryReceive(FOR_EVER)))) {
                reader.awaitBlocked();
                pipe.sender().send(message('b'));
                assertTrue(reader.result(PROMPT));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LINE", "RAW"})
    void timedFormsWaitTheirTimeAndLeaveNothing(Framing framing) throws Exception {
        try (PipePair<byte[]> pipe = open(framing)) {
            long start = System.nanoTime();
            assertNull(pipe.receiver().tryReceive(SHORT));
            assertTrue(System.nanoTime() - start >= SHORT.toNanos(), "receiving gave up early");
            assertTrue(pipe.sender().trySend(message('a'), SHORT));
            start = System.nanoTime();
            assertFalse(pipe.sender().trySend(message('b'), SHORT));
            assertTrue(System.nanoTime() - start >= SHORT.toNanos(), "sending gave up early");
            assertArrayEquals(message('a'), pipe.receiver().tryReceive(SHORT));
            assertGoesThrough(pipe);
        }
    }

    // ---- the other side

    @ParameterizedTest
    @EnumSource(names = {"LINE", "RAW"})
    void allThatWasSentBeforeACloseArrivesAndThenItIsTold(Framing framing) throws Exception {
        try (PipePair<byte[]> pipe = open(framing)) {
            pipe.sender().send(message('a'));
            pipe.sender().close();
            assertArrayEquals(message('a'), pipe.receiver().receive());
            for (Receiving receiving : RECEIVING.subList(0, 2)) {
                assertClosed(() -> receiving.from(pipe.receiver()));
            }
            assertClosed(() -> pipe.receiver().tryReceive());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LINE", "RAW"})
    void theWritersCloseWakesABlockedReceive(Framing framing) throws Exception {
        for (Receiving receiving : RECEIVING.subList(0, 2)) {
            try (PipePair<byte[]> pipe = open(framing);
                    Worker<Boolean> reader = Worker.run(() -> receiving.from(pipe.receiver()))) {
                reader.awaitBlocked();
                pipe.sender().close();
                assertEquals(
                        Reason.CLOSED,
                        reader.failure(PeerGoneException.class, PROMPT).reason());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LINE", "RAW"})
    void theReadersCloseWakesABlockedSend(Framing framing) throws Exception {
        for (Sending sending : SENDING) {
            try (PipePair<byte[]> pipe = open(framing)) {
                pipe.sender().send(message('a'));
                try (Worker<Boolean> writer = Worker.run(() -> sending.to(pipe.sender(), message('b')))) {
                    writer.awaitBlocked();
                    pipe.receiver().close();
                    assertEquals(
                            Reason.CLOSED,
                            writer.failure(PeerGoneException.class, PROMPT).reason());
                }
                assertClosed(() -> pipe.sender().trySend(message('c')));
                assertClosed(() -> sending.to(pipe.sender(), message('c')));
            }
        }
    }
}
