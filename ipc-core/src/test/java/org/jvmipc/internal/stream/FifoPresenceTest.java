package org.jvmipc.internal.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.Codecs;
import org.jvmipc.Framing;
import org.jvmipc.IpcException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.PeerGoneException.Reason;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.PolledFd;
import org.jvmipc.testkit.Worker;

/** Whether the other side of a FIFO is there, waiting for it to come and to go; and plain streams whose other side returns. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@SuppressWarnings("try") // what is closed early is closed again by the end of its block
class FifoPresenceTest {
    private RawFifo fifo;

    @BeforeEach
    void makeFifo() throws Exception {
        fifo = new RawFifo();
    }

    @AfterEach
    void removeFifo() throws Exception {
        fifo.close();
    }

    private static Deadline in(int millis) {
        return Deadline.after(Duration.ofMillis(millis));
    }

    @Test
    void senderIsSeenToComeAndToGo() throws Exception {
        try (PlainReceiver<byte[]> receiver = fifo.plainReceiver(Framing.RAW)) {
            for (int generation = 0; generation < 3; generation++) {
                assertFalse(receiver.hasSender());
                assertFalse(receiver.awaitSender(Deadline.NOW));
                assertFalse(receiver.awaitSender(in(20)));
                assertTrue(receiver.awaitDeparture(Deadline.NOW));
                try (Worker<Boolean> waiter = Worker.call(() -> receiver.awaitSender(Deadline.NEVER))) {
                    try (PolledFd silent = fifo.writing()) {
                        assertTrue(waiter.result());
                        assertTrue(receiver.hasSender());
                        assertNull(receiver.tryReceive());
                        assertFalse(receiver.awaitDeparture(Deadline.NOW));
                        assertFalse(receiver.awaitDeparture(in(20)));
                        try (Worker<Boolean> leaving = Worker.call(() -> receiver.awaitDeparture(Deadline.NEVER))) {
                            leaving.awaitBlocked();
                            silent.close();
                            assertTrue(leaving.result());
                        }
                    }
                }
                assertFalse(receiver.hasSender());
                assertEquals(
                        Reason.CLOSED,
                        assertThrows(PeerGoneException.class, receiver::receive).reason());
            }
        }
    }

    @Test
    void waitForASenderEndsWhenOneHasLeftSomething() throws Exception {
        try (PlainReceiver<byte[]> receiver = fifo.plainReceiver(Framing.RAW)) {
            try (RawFifo.Injector out = fifo.injector()) {
                out.write(new byte[] {1});
            }
            assertFalse(receiver.hasSender());
            assertTrue(receiver.awaitSender(Deadline.NEVER));
            assertArrayEquals(new byte[] {1}, receiver.receive());
        }
    }

    /** The end of the last sender, which was not taken yet, shows on the descriptor all the time. */
    @Test
    void waitForASenderBehindAnEndDoesNotSpin() throws Exception {
        PolledFd reading = fifo.reading();
        try (PlainReceiver<byte[]> receiver =
                new PlainReceiver<>(reading, fifo.address, Set.of(), Codecs.bytes(), Framing.RAW, 100, true)) {
            try (RawFifo.Injector out = fifo.injector()) {
                out.write(new byte[] {1});
                assertArrayEquals(new byte[] {1}, receiver.receive());
            }
            long before = reading.waits();
            assertFalse(receiver.awaitSender(in(100)));
            assertTrue(reading.waits() - before <= 100, () -> "waited " + (reading.waits() - before) + " times");
            try (PolledFd silent = fifo.writing()) {
                assertTrue(receiver.awaitSender(Deadline.NEVER));
                assertTrue(receiver.hasSender());
            }
        }
    }

    @Test
    void receiverIsSeenToComeAndToGo() throws Exception {
        PlainReceiver<byte[]> first = fifo.plainReceiver(Framing.RAW);
        try (PlainSender<byte[]> sender = fifo.plainSender(Framing.RAW)) {
            for (int generation = 0; generation < 3; generation++) {
                assertTrue(sender.hasReceiver());
                assertTrue(sender.awaitReceiver(Deadline.NOW));
                assertFalse(sender.awaitDeparture(Deadline.NOW));
                assertFalse(sender.awaitDeparture(in(20)));
                try (Worker<Boolean> leaving = Worker.call(() -> sender.awaitDeparture(Deadline.NEVER))) {
                    leaving.awaitBlocked();
                    first.close();
                    assertTrue(leaving.result());
                }
                assertFalse(sender.hasReceiver());
                assertFalse(sender.awaitReceiver(Deadline.NOW));
                assertFalse(sender.awaitReceiver(in(20)));
                try (Worker<Boolean> waiter = Worker.call(() -> sender.awaitReceiver(Deadline.NEVER))) {
                    first = fifo.plainReceiver(Framing.RAW);
                    assertTrue(waiter.result());
                }
            }
        }
        first.close();
    }

    private interface Verb {
        boolean call(Deadline deadline) throws Exception;
    }

    @Test
    void interruptAndCloseEndEveryWaitForTheOtherSide() throws Exception {
        try (PlainReceiver<byte[]> lonely = fifo.plainReceiver(Framing.RAW)) {
            assertEnds(lonely::awaitSender, lonely::close);
        }
        try (PlainReceiver<byte[]> receiver = fifo.plainReceiver(Framing.RAW);
                PlainSender<byte[]> sender = fifo.plainSender(Framing.RAW)) {
            assertInterruptible(sender::awaitDeparture);
            assertEnds(receiver::awaitDeparture, receiver::close);
            assertEnds(sender::awaitReceiver, sender::close);
        }
    }

    private static void assertInterruptible(Verb verb) throws Exception {
        try (Worker<Boolean> waiter = Worker.call(() -> verb.call(Deadline.NEVER))) {
            waiter.interrupt(); // before, or in it
            waiter.failure(InterruptedException.class);
        }
    }

    private static void assertEnds(Verb verb, Worker.Action close) throws Exception {
        assertInterruptible(verb);
        try (Worker<Boolean> waiter = Worker.call(() -> verb.call(in(100_000)))) {
            close.run(); // before, or in it
            waiter.failure(ClosedChannelException.class);
        }
        assertThrows(ClosedChannelException.class, () -> verb.call(Deadline.NOW));
    }

    @Test
    void lastLineWithoutNewlineIsNotMixedWithTheNextSendersFirst() throws Exception {
        try (PlainReceiver<byte[]> receiver = fifo.plainReceiver(Framing.LINE)) {
            try (RawFifo.Injector out = fifo.injector()) {
                out.write("one\ntw".getBytes(UTF_8));
            }
            expectLine(receiver, "one");
            expectLine(receiver, "tw");
            try (RawFifo.Injector out = fifo.injector()) {
                out.write("three\nfour\n".getBytes(UTF_8));
                assertTrue(receiver.hasSender()); // reads ahead
                assertThrows(PeerGoneException.class, receiver::receive, "the end of the first");
                expectLine(receiver, "three");
                expectLine(receiver, "four");
                assertNull(receiver.tryReceive());
            }
            assertThrows(PeerGoneException.class, receiver::receive);
        }
    }

    private static void expectLine(PlainReceiver<byte[]> receiver, String line) throws Exception {
        assertEquals(line, new String(receiver.receive(), UTF_8));
    }

    @Test
    void plainSenderGoesOnWithTheNextReaderUnlessAMessageWasCutInTwo() throws Exception {
        PlainReceiver<byte[]> first = fifo.plainReceiver(Framing.LINE);
        try (PlainSender<byte[]> sender = fifo.plainSender(Framing.LINE)) {
            sender.send(new byte[] {1});
            assertEquals(1, first.receive().length);
            first.close();
            assertThrows(PeerGoneException.class, () -> sender.send(new byte[] {2}));
            PlainReceiver<byte[]> second = fifo.plainReceiver(Framing.LINE);
            sender.send(new byte[] {3});
            assertArrayEquals(new byte[] {3}, second.receive());
            try (Worker<Boolean> writer = Worker.run(() -> sender.send(new byte[1_000_000]))) {
                writer.awaitBlocked();
                second.close();
                writer.failure(PeerGoneException.class);
            }
            try (PlainReceiver<byte[]> third = fifo.plainReceiver(Framing.LINE)) {
                assertThrows(IpcException.class, () -> sender.send(new byte[] {4}), "a part of a line is out");
                assertTrue(third.isOpen());
            }
        }
    }
}
