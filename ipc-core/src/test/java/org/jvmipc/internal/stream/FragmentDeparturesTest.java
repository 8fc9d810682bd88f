package org.jvmipc.internal.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.Batch;
import org.jvmipc.PeerGoneException;
import org.jvmipc.PeerGoneException.Reason;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.PolledFd;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** Senders and receivers of a framed FIFO that close, die, and are followed by others. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(NoLeaks.class)
@SuppressWarnings("try") // what is closed early is closed again by the end of its block
class FragmentDeparturesTest implements NoLeaks.WarmUp {
    private static final FifoTraffic MANY = FifoTraffic.MANY_SENDERS;
    private static final FifoTraffic ONE = FifoTraffic.ONE_SENDER;
    private static final FragmentImages FOREIGN = FragmentImages.foreign(1);

    private RawFifo fifo;

    @BeforeEach
    void makeFifo() throws Exception {
        fifo = new RawFifo();
    }

    @AfterEach
    void removeFifo() throws Exception {
        fifo.close();
    }

    /** The watch of deaths is for the life of the JVM. */
    @Override
    public void warmUp() throws Exception {
        try (RawFifo any = new RawFifo();
                FragmentReceiver<byte[]> receiver = any.receiver(MANY);
                RawFifo.Injector out = any.injector();
                Victim victim = new Victim()) {
            out.write(victim.images(0).message(0));
            receiver.receive();
        }
    }

    /** A process in whose name fragments are written, and which can be killed. */
    private static final class Victim implements AutoCloseable {
        private final Process process;
        private final ProcessIdentity identity;

        Victim() throws Exception {
            process = new ProcessBuilder("sleep", "60").start();
            identity = Objects.requireNonNull(ProcessIdentity.of(process.pid()));
        }

        FragmentImages images(int sender) {
            return FragmentImages.of(identity, sender);
        }

        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }

        @Override
        public void close() throws InterruptedException {
            kill();
        }
    }

    private static void expect(FragmentReceiver<byte[]> receiver, int value) throws Exception {
        assertArrayEquals(new byte[] {(byte) value}, receiver.tryReceive(Duration.ofSeconds(20)));
    }

    private static PeerGoneException gone(FragmentReceiver<byte[]> receiver) {
        return assertThrows(PeerGoneException.class, () -> receiver.tryReceive(Duration.ofSeconds(20)));
    }

    private static void expectClosed(FragmentReceiver<byte[]> receiver) {
        assertEquals(Reason.CLOSED, gone(receiver).reason());
    }

    private static void expectDeath(FragmentReceiver<byte[]> receiver, long pid) {
        PeerGoneException death = gone(receiver);
        assertEquals(Reason.DIED, death.reason());
        assertEquals(pid, death.pid().orElse(0));
    }

    @Test
    void closeOfTheLastSenderIsToldAndTheNextOnesAreReceived() throws Exception {
        for (FifoTraffic traffic : FifoTraffic.values()) {
            try (FragmentReceiver<byte[]> receiver = fifo.receiver(traffic)) {
                for (int generation = 0; generation < 3; generation++) {
                    try (FramedSender<byte[]> first = fifo.sender(traffic);
                            FramedSender<byte[]> second = fifo.sender(traffic)) {
                        first.send(new byte[] {1});
                        first.close();
                        second.sendAll(List.of(new byte[] {2}, new byte[] {3}));
                    }
                    expect(receiver, 1);
                    expect(receiver, 2);
                    expect(receiver, 3);
                    expectClosed(receiver);
                    assertNull(receiver.tryReceive());
                    assertNull(receiver.tryReceive(Duration.ofMillis(1)));
                }
            }
        }
    }

    @Test
    void receiveThatWaitsIsToldOfTheCloseAndGetsTheNextSendersMessage() throws Exception {
        try (FragmentReceiver<byte[]> receiver = fifo.receiver(MANY)) {
            FramedSender<byte[]> first = fifo.sender(MANY);
            try (Worker<byte[]> reader = Worker.call(receiver::receive)) {
                reader.awaitBlocked();
                first.close();
                assertEquals(
                        Reason.CLOSED, reader.failure(PeerGoneException.class).reason());
            }
            try (Worker<byte[]> reader = Worker.call(receiver::receive)) {
                reader.awaitBlocked();
                try (FramedSender<byte[]> second = fifo.sender(MANY)) {
                    second.send(new byte[] {4});
                    assertArrayEquals(new byte[] {4}, reader.result());
                }
            }
            expectClosed(receiver);
        }
    }

    @Test
    void whoOpensAndClosesWithoutAWordIsNoSender() throws Exception {
        try (FragmentReceiver<byte[]> receiver = fifo.receiver(MANY);
                Worker<byte[]> reader = Worker.call(receiver::receive)) {
            reader.awaitBlocked();
            fifo.injector().close();
            reader.awaitBlocked();
            try (FramedSender<byte[]> sender = fifo.sender(MANY)) {
                sender.send(new byte[] {4});
                assertArrayEquals(new byte[] {4}, reader.result());
            }
        }
    }

    @Test
    void deathWakesAReceiveWhileAnotherSenderIsThere() throws Exception {
        try (FragmentReceiver<byte[]> receiver = fifo.receiver(MANY);
                FramedSender<byte[]> other = fifo.sender(MANY);
                RawFifo.Injector out = fifo.injector();
                Victim victim = new Victim()) {
            out.write(victim.images(0).part(0, 0, 9, (byte) 1));
            try (Worker<byte[]> reader = Worker.call(receiver::receive)) {
                reader.awaitBlocked();
                victim.kill();
                PeerGoneException death = reader.failure(PeerGoneException.class);
                assertEquals(victim.identity.pid(), death.pid().orElse(0));
                assertTrue(String.valueOf(death.getMessage()).contains("middle of a message"));
            }
            try (Victim second = new Victim();
                    Worker<byte[]> reader = Worker.call(() -> receiver.tryReceive(Duration.ofSeconds(100)))) {
                out.write(second.images(0).hello(0));
                reader.awaitBlocked();
                second.kill();
                assertEquals(
                        second.identity.pid(),
                        reader.failure(PeerGoneException.class).pid().orElse(0));
            }
            other.send(new byte[] {5});
            expect(receiver, 5);
        }
    }

    @Test
    void allThatADeadSenderSentComesBeforeItsDeathAndTheOthersGoOn() throws Exception {
        try (FragmentReceiver<byte[]> receiver = fifo.receiver(MANY);
                FramedSender<byte[]> other = fifo.sender(MANY);
                RawFifo.Injector out = fifo.injector();
                Victim victim = new Victim()) {
            out.write(victim.images(0).message(0, (byte) 1));
            expect(receiver, 1);
            out.write(victim.images(0).message(1, (byte) 2));
            other.send(new byte[] {3});
            out.write(victim.images(0).message(2, (byte) 4), victim.images(0).part(3, 0, 2, (byte) 5));
            victim.kill();
            expect(receiver, 2);
            expect(receiver, 3);
            expect(receiver, 4);
            expectDeath(receiver, victim.identity.pid());
            other.send(new byte[] {6});
            expect(receiver, 6);
            other.close();
            out.close();
            expectClosed(receiver);
        }
    }

    @Test
    void senderThatDiedBeforeAnythingOfItWasReadIsNamed() throws Exception {
        try (FragmentReceiver<byte[]> receiver = fifo.receiver(MANY);
                FramedSender<byte[]> other = fifo.sender(MANY);
                RawFifo.Injector out = fifo.injector();
                Victim victim = new Victim()) {
            out.write(victim.images(0).hello(0));
            victim.kill();
            expectDeath(receiver, victim.identity.pid());
            other.send(new byte[] {1});
            expect(receiver, 1);
        }
    }

    @Test
    void processWithSeveralSendersDiesOnce() throws Exception {
        try (FragmentReceiver<byte[]> receiver = fifo.receiver(MANY);
                FramedSender<byte[]> other = fifo.sender(MANY);
                RawFifo.Injector out = fifo.injector();
                Victim victim = new Victim()) {
            out.write(victim.images(0).message(0, (byte) 1), victim.images(1).message(0, (byte) 2));
            out.write(victim.images(2).hello(0), victim.images(1).end(1));
            expect(receiver, 1);
            expect(receiver, 2);
            victim.kill();
            expectDeath(receiver, victim.identity.pid());
            assertNull(receiver.tryReceive());
            other.send(new byte[] {3});
            expect(receiver, 3);
        }
    }

    @Test
    void goodbyeBeforeDeathIsNoDeath() throws Exception {
        try (FragmentReceiver<byte[]> receiver = fifo.receiver(MANY);
                RawFifo.Injector out = fifo.injector();
                Victim victim = new Victim()) {
            out.write(victim.images(0).message(0, (byte) 1), victim.images(0).end(1));
            victim.kill();
            expect(receiver, 1);
            assertNull(receiver.tryReceive());
            out.close();
            expectClosed(receiver);
        }
    }

    /** In whatever order they go: each death is told, and then the close, since somebody has closed. */
    @Test
    void endOfTheStreamTellsDeathsAndThenTheClose() throws Exception {
        for (boolean known : new boolean[] {true, false}) {
            try (FragmentReceiver<byte[]> receiver = fifo.receiver(MANY);
                    RawFifo.Injector out = fifo.injector();
                    Victim victim = new Victim()) {
                FragmentImages dead = known ? victim.images(0) : FOREIGN;
                out.write(dead.message(0, (byte) 1));
                fifo.sender(MANY).close();
                out.close();
                victim.kill();
                expect(receiver, 1);
                expectDeath(receiver, dead.pid());
                expectClosed(receiver);
                assertNull(receiver.tryReceive());
            }
        }
    }

    @Test
    void senderOfAnUnknownNamespaceIsNotSaidToBeDead() throws Exception {
        try (FragmentReceiver<byte[]> receiver = fifo.receiver(MANY);
                RawFifo.Injector out = fifo.injector();
                Victim victim = new Victim()) {
            FragmentImages visible = new FragmentImages(victim.identity.pid(), victim.identity.startTime(), 0, 1);
            out.write(new FragmentImages(victim.identity.pid(), 1, 0, 1).message(0, (byte) 1));
            out.write(visible.message(0, (byte) 2));
            expect(receiver, 1);
            expect(receiver, 2);
            assertNull(receiver.tryReceive());
            victim.kill(); // but one that can be seen is watched
            expectDeath(receiver, victim.identity.pid());
            assertNull(receiver.tryReceive());
        }
    }

    @Test
    void partOfAWriteOfADeadSenderIsNotInTheWayOfTheNextOne() throws Exception {
        for (int left : new int[] {1, 7, 8, 20, 47, 48, 51, 1000, 40_000}) {
            for (boolean waits : new boolean[] {true, false}) {
                nextAfterATornWrite(left, waits);
            }
        }
    }

    private void nextAfterATornWrite(int left, boolean waits) throws Exception {
        try (FragmentReceiver<byte[]> receiver = fifo.receiver(ONE);
                RawFifo.Injector out = fifo.injector();
                Victim victim = new Victim()) {
            byte[] large = victim.images(0).message(1, new byte[60_000]);
            out.write(victim.images(0).message(0, (byte) 1), Arrays.copyOf(large, left));
            if (waits) { // and so sees the part by itself
                expect(receiver, 1);
                assertNull(receiver.tryReceive());
            }
            victim.kill();
            FramedSender<byte[]> next = fifo.sender(ONE);
            next.send(new byte[] {2});
            next.send(new byte[100_000]);
            next.send(new byte[] {3});
            if (!waits) {
                expect(receiver, 1);
            }
            boolean told = false;
            for (int expected = 0; expected < 3; expected++) {
                byte[] message;
                try {
                    message = receiver.tryReceive(Duration.ofSeconds(20));
                } catch (PeerGoneException e) {
                    assertEquals(victim.identity.pid(), e.pid().orElse(0));
                    assertFalse(told, "the death is told once");
                    told = true;
                    expected--;
                    continue;
                }
                assertArrayEquals(
                        List.of(new byte[] {2}, new byte[100_000], new byte[] {3})
                                .get(expected),
                        message);
            }
            if (!told) {
                expectDeath(receiver, victim.identity.pid());
            }
            next.close();
            out.close();
            expectClosed(receiver);
        }
    }

    /** The next one has come, and gone, while the receiver looked elsewhere. */
    @Test
    void messagesBehindATornWriteAreReceivedAtTheEndOfTheStream() throws Exception {
        for (int left : new int[] {1, 20, 48, 1000}) {
            try (FragmentReceiver<byte[]> receiver = fifo.receiver(ONE);
                    RawFifo.Injector out = fifo.injector()) {
                byte[] large = FOREIGN.message(1, new byte[60_000]);
                out.write(FOREIGN.message(0, (byte) 1), Arrays.copyOf(large, left));
                try (FramedSender<byte[]> next = fifo.sender(ONE)) {
                    next.sendAll(List.of(new byte[] {2}, new byte[] {3}));
                    next.send(new byte[] {4});
                }
                out.close();
                for (int i = 1; i <= 4; i++) {
                    expect(receiver, i);
                    assertFalse(receiver.hasSender());
                }
                expectDeath(receiver, FOREIGN.pid());
                expectClosed(receiver);
            }
        }
    }

    /** Looking for the next sender while the last one's batch is not taken must not move it. */
    @Test
    void nextSendersBytesAreNotMixedWithWhatTheLastOneLeft() throws Exception {
        try (FragmentReceiver<byte[]> receiver = fifo.receiver(MANY)) {
            try (FramedSender<byte[]> first = fifo.sender(MANY)) {
                first.sendAll(List.of(new byte[] {1}, new byte[] {2}, new byte[] {3}));
            }
            expect(receiver, 1);
            try (FramedSender<byte[]> second = fifo.sender(MANY)) {
                second.send(new byte[] {4});
                assertTrue(receiver.hasSender());
                expect(receiver, 2);
                expect(receiver, 3);
                expect(receiver, 4); // before the end of the stream was seen
            }
            expectClosed(receiver);
        }
    }

    @Test
    void senderGoesOnWhenAReaderIsThereAgain() throws Exception {
        for (FifoTraffic traffic : FifoTraffic.values()) {
            FragmentReceiver<byte[]> first = fifo.receiver(traffic);
            try (FramedSender<byte[]> sender = fifo.sender(traffic)) {
                sender.send(new byte[] {1});
                first.close();
                assertFalse(sender.hasReceiver());
                assertThrows(PeerGoneException.class, () -> sender.send(new byte[] {2}));
                assertThrows(PeerGoneException.class, () -> sender.trySend(new byte[] {2}));
                Batch<byte[]> batch = sender.batch();
                batch.add(new byte[] {2});
                assertThrows(PeerGoneException.class, batch::flush);
                batch.close();
                try (FragmentReceiver<byte[]> second = fifo.receiver(traffic)) {
                    assertTrue(sender.awaitReceiver(Deadline.NEVER));
                    sender.send(new byte[] {3});
                    expect(second, 1); // was in the pipe
                    expect(second, 3);
                    sender.close();
                    expectClosed(second);
                }
            }
        }
    }

    @Test
    void newReaderPassesOverTheMessageThatTheOldOneHadBegun() throws Exception {
        for (FifoTraffic traffic : new FifoTraffic[] {MANY, ONE}) {
            PolledFd first = fifo.reading();
            try (FramedSender<byte[]> sender = fifo.sender(traffic)) {
                byte[] large = new byte[300_000];
                try (Worker<Boolean> writer = Worker.run(() -> sender.send(large))) {
                    writer.awaitBlocked();
                    assertEquals(30_000, first.read(new NativeBuffer(30_000), 0, 30_000));
                    writer.awaitBlocked();
                    try (FragmentReceiver<byte[]> second = fifo.receiver(traffic)) {
                        first.close();
                        try (Worker<byte[]> reader = Worker.call(second::receive)) {
                            writer.result();
                            sender.send(new byte[] {7});
                            assertArrayEquals(new byte[] {7}, reader.result());
                        }
                    }
                }
            }
        }
    }

    @Test
    void sendThatWasCutOffDeliversNothingAndTheStreamGoesOn() throws Exception {
        for (FifoTraffic traffic : new FifoTraffic[] {MANY, ONE}) {
            try (FragmentReceiver<byte[]> receiver = fifo.receiver(traffic);
                    FramedSender<byte[]> sender = fifo.sender(traffic)) {
                byte[] large = new byte[300_000];
                assertFalse(sender.trySend(large));
                assertFalse(sender.trySend(large, Duration.ofMillis(1)));
                try (Worker<Boolean> writer = Worker.run(() -> sender.send(large))) {
                    writer.awaitBlocked();
                    writer.interrupt();
                    writer.failure(InterruptedException.class);
                }
                try (Worker<Boolean> writer = Worker.run(() -> {
                    sender.send(new byte[] {1});
                    sender.send(large);
                    sender.close();
                })) {
                    expect(receiver, 1);
                    assertArrayEquals(large, receiver.receive());
                    writer.result();
                    expectClosed(receiver);
                }
            }
        }
    }

    @Test
    void forgottenReceiverIsNotKeptByTheWatch() throws Exception {
        try (Victim victim = new Victim()) {
            WeakReference<FragmentReceiver<byte[]>> forgotten = forget(victim);
            Await.until("the receiver is collected", () -> {
                System.gc();
                return forgotten.get() == null;
            });
        }
    }

    private WeakReference<FragmentReceiver<byte[]>> forget(Victim victim) throws Exception {
        FragmentReceiver<byte[]> receiver = fifo.receiver(MANY);
        try (RawFifo.Injector out = fifo.injector()) {
            out.write(victim.images(0).message(0, (byte) 1));
            expect(receiver, 1);
        }
        return new WeakReference<>(receiver);
    }
}
