package org.jvmipc.pipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Codecs;
import org.jvmipc.testkit.Campaign;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** A thousand interrupts and time limits, at random moments of opening, reading and writing. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FifoStormTest {
    private static final int TIMES = Campaign.size(130, 5_000);
    private static final int LARGEST_PAUSE_NANOS = 1_000_000;

    private static final long PROMISED_NANOS = 100_000_000;

    /** A busy machine may take its time to let a thread run. */
    private static final Duration PROMPT = Duration.ofSeconds(2);

    @TempDir
    Path directory;

    private Fifo fifo;

    @BeforeEach
    void create() throws Exception {
        fifo = Fifo.create(directory.resolve("f"));
    }

    @AfterEach
    void remove() throws Exception {
        Fifo.remove(fifo.path());
    }

    private static Duration shortTime() {
        return Duration.ofNanos(ThreadLocalRandom.current().nextInt(1, LARGEST_PAUSE_NANOS));
    }

    private interface Timed {
        boolean isNothing(Duration timeout) throws Exception;
    }

    /** Interrupts the wait, which must have no other end, at random moments from its very beginning on. */
    private static void interruptOften(Worker.Action wait) throws Exception {
        long[] nanos = new long[TIMES];
        for (int time = 0; time < TIMES; time++) {
            try (Worker<Boolean> worker = Worker.run(wait)) {
                LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(LARGEST_PAUSE_NANOS));
                long interrupted = System.nanoTime();
                worker.interrupt();
                worker.failure(InterruptedException.class, PROMPT);
                nanos[time] = System.nanoTime() - interrupted;
            }
        }
        Arrays.sort(nanos);
        assertTrue(nanos[TIMES / 2] <= PROMISED_NANOS, () -> "half of the interrupts took over " + nanos[TIMES / 2]);
    }

    private static void timeOutOften(Timed wait) throws Exception {
        for (int time = 0; time < TIMES; time++) {
            Duration timeout = shortTime();
            long start = System.nanoTime();
            assertTrue(wait.isNothing(timeout));
            long took = System.nanoTime() - start;
            assertTrue(took >= timeout.toNanos(), () -> "waited " + took + " ns of " + timeout);
            assertTrue(took < PROMPT.toNanos(), () -> "waited " + took + " ns of " + timeout);
        }
    }

    private void assertMeet() throws Exception {
        try (FifoReceiver<String> receiver = fifo.openReceiver(Codecs.utf8());
                FifoSender<String> sender = fifo.openSender(Codecs.utf8())) {
            assertUsable(sender, receiver);
        }
    }

    private static void assertUsable(FifoSender<String> sender, FifoReceiver<String> receiver) throws Exception {
        for (int i = 0; i < 10; i++) {
            sender.send("message " + i);
            assertEquals("message " + i, receiver.receive());
        }
        assertNull(receiver.tryReceive());
    }

    @Test
    void opening() throws Exception {
        interruptOften(() -> fifo.openSender(Codecs.utf8()));
        timeOutOften(timeout -> fifo.tryOpenSender(Codecs.utf8(), timeout) == null);
        assertMeet();
    }

    @Test
    void readingWithoutAnySenderYet() throws Exception {
        try (FifoReceiver<String> receiver = fifo.openReceiver(Codecs.utf8())) {
            interruptOften(receiver::receive);
            timeOutOften(timeout -> receiver.tryReceive(timeout) == null);
            try (FifoSender<String> sender = fifo.openSender(Codecs.utf8())) {
                assertUsable(sender, receiver);
            }
        }
    }

    @Test
    void reading() throws Exception {
        try (FifoReceiver<String> receiver = fifo.openReceiver(Codecs.utf8());
                FifoSender<String> sender = fifo.openSender(Codecs.utf8())) {
            interruptOften(receiver::receive);
            timeOutOften(timeout -> receiver.tryReceive(timeout) == null);
            assertUsable(sender, receiver);
        }
    }

    @Test
    void writing() throws Exception {
        String large = "x".repeat(10_000);
        try (FifoReceiver<String> receiver = fifo.openReceiver(Codecs.utf8());
                FifoSender<String> sender = fifo.openSender(Codecs.utf8())) {
            int whole = 0;
            while (sender.trySend(large)) {
                whole++;
            }
            interruptOften(() -> sender.send(large));
            timeOutOften(timeout -> !sender.trySend(large, timeout));
            for (int i = 0; i < whole; i++) {
                assertEquals(large, receiver.receive());
            }
            assertNull(receiver.tryReceive(), "nothing of a message that was given up is delivered");
            assertUsable(sender, receiver);
            assertFalse(sender.trySend("y".repeat(1_000_000)), "more than there is room for");
            assertThrows(IllegalArgumentException.class, () -> receiver.drain(message -> {}, 0));
            assertUsable(sender, receiver);
        }
    }
}
