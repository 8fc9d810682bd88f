package org.jvmipc.internal.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.Method;
import java.nio.channels.AsynchronousCloseException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.internal.Deadline;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** Waits that obey interrupt, close and time, in both ways of waiting. */
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(NoLeaks.class)
class PolledFdTest implements NoLeaks.WarmUp {
    private static final int INTERRUPTS = 1000;
    private static final NativeBuffer BYTES = new NativeBuffer(8);

    @Override
    public void warmUp() throws Exception {
        assertInterruptible(1, PolledFdTest::blockInRead);
        assertInterruptible(1, PolledFdTest::blockInPoll);
    }

    private interface Wait {
        void on(PolledFd reading) throws Exception;
    }

    private static void blockInRead(PolledFd reading) throws Exception {
        reading.readWaiting(new NativeBuffer(8), 0, 8);
    }

    private static void blockInPoll(PolledFd reading) throws Exception {
        reading.await(Poll.POLLIN, Deadline.after(Duration.ofDays(1)));
    }

    @Test
    void everyInterruptEndsABlockingRead() throws Exception {
        assertInterruptible(INTERRUPTS, PolledFdTest::blockInRead);
    }

    @Test
    void everyInterruptEndsAPoll() throws Exception {
        assertInterruptible(INTERRUPTS, PolledFdTest::blockInPoll);
    }

    /** Interrupts without a look at where the thread is: before, in and after the call. */
    private static void assertInterruptible(int times, Wait wait) throws Exception {
        Fd[] pipe = OsCalls.pipe(Fcntl.O_NONBLOCK);
        try (Fd writing = pipe[1];
                PolledFd reading = new PolledFd(pipe[0])) {
            AtomicInteger ended = new AtomicInteger();
            try (Worker<Boolean> reader = Worker.run(() -> {
                while (ended.get() < times) {
                    assertThrows(InterruptedException.class, () -> wait.on(reading));
                    ended.incrementAndGet();
                }
            })) {
                for (int i = 0; i < times; i++) {
                    int done = i;
                    reader.interrupt();
                    Await.until("interrupt " + done + " ends the wait", () -> ended.get() > done);
                }
                reader.result();
            }
            assertTrue(writing.isOpen());
        }
    }

    @Test
    void closingEndsBothKindsOfWaits() throws Exception {
        for (Wait wait : new Wait[] {PolledFdTest::blockInRead, PolledFdTest::blockInPoll}) {
            Fd[] pipe = OsCalls.pipe(Fcntl.O_NONBLOCK);
            try (Fd writing = pipe[1];
                    PolledFd reading = new PolledFd(pipe[0]);
                    Worker<Boolean> reader = Worker.run(() -> wait.on(reading))) {
                reader.awaitBlocked();
                reading.startClosing();
                reader.failure(AsynchronousCloseException.class, Duration.ofSeconds(5));
                assertThrows(AsynchronousCloseException.class, () -> wait.on(reading), "and every later one");
                assertTrue(writing.isOpen());
            }
        }
    }

    @Test
    void blockingReadGetsDataAndTheEnd() throws Exception {
        Fd[] pipe = OsCalls.pipe(Fcntl.O_NONBLOCK);
        Fd writing = pipe[1];
        try (PolledFd reading = new PolledFd(pipe[0])) {
            NativeBuffer buffer = new NativeBuffer(8);
            try (Worker<Integer> reader = Worker.call(() -> reading.readWaiting(buffer, 0, 8))) {
                reader.awaitBlocked();
                assertEquals(3, OsCalls.write(writing.number(), BYTES.address(), 3));
                assertEquals(3, reader.result());
            }
            assertEquals(1, reading.waits());
            try (Worker<Integer> reader = Worker.call(() -> reading.readWaiting(buffer, 0, 8))) {
                reader.awaitBlocked();
                writing.close();
                assertEquals(0, reader.result());
            }
        }
    }

    @Test
    void nudgeEndsBothKindsOfWaitsAndIsTakenOnce() throws Exception {
        Fd[] pipe = OsCalls.pipe(Fcntl.O_NONBLOCK);
        NativeBuffer buffer = new NativeBuffer(8);
        try (Fd writing = pipe[1];
                PolledFd reading = new PolledFd(pipe[0])) {
            for (int i = 0; i < 20; i++) {
                try (Worker<Integer> reader = Worker.call(() -> reading.readWaiting(buffer, 0, 8))) {
                    reading.nudge(); // before, or in it
                    assertEquals(PolledFd.NUDGED, reader.result());
                }
                assertTrue(reading.takeNudge());
                assertFalse(reading.takeNudge());
                try (Worker<Long> waiter =
                        Worker.call(() -> reading.await(Poll.POLLIN, Deadline.after(Duration.ofDays(1))))) {
                    reading.nudge();
                    assertTrue(waiter.result() >= 0);
                }
                assertTrue(reading.isNudged());
                assertTrue(reading.takeNudge());
            }
            assertEquals(-1, reading.await(Poll.POLLIN, Deadline.after(Duration.ofMillis(1))), "no nudge is left over");
            assertTrue(writing.isOpen());
        }
    }

    @Test
    void nudgeInABlockedReadIsNotLost() throws Exception {
        Fd[] pipe = OsCalls.pipe(Fcntl.O_NONBLOCK);
        NativeBuffer buffer = new NativeBuffer(8);
        try (Fd writing = pipe[1];
                PolledFd reading = new PolledFd(pipe[0]);
                Worker<Integer> reader = Worker.call(() -> reading.readWaiting(buffer, 0, 8))) {
            reader.awaitBlocked();
            reading.nudge();
            assertEquals(PolledFd.NUDGED, reader.result());
            assertTrue(writing.isOpen());
        }
    }

    @Test
    void nudgeAfterTheCloseDoesNothing() throws Exception {
        Fd[] pipe = OsCalls.pipe(Fcntl.O_NONBLOCK);
        PolledFd reading = new PolledFd(pipe[0]);
        reading.close();
        reading.nudge();
        assertFalse(reading.takeNudge());
        pipe[1].close();
    }

    @Test
    void pauseEndsWithTheDeadlineAnInterruptAndAClose() throws Exception {
        Fd[] pipe = OsCalls.pipe(Fcntl.O_NONBLOCK);
        try (Fd writing = pipe[1];
                PolledFd reading = new PolledFd(pipe[0])) {
            OsCalls.write(writing.number(), BYTES.address(), 1);
            long start = System.nanoTime();
            reading.pause(Deadline.after(Duration.ofMillis(20)));
            assertTrue(System.nanoTime() - start >= 20_000_000, "what is readable does not end it");
            assertTrue(reading.await(Poll.POLLIN, Deadline.NEVER) >= 0, "and the next wait sees it");
            Deadline far = Deadline.after(Duration.ofDays(1));
            try (Worker<Boolean> pauser = Worker.run(() -> reading.pause(far))) {
                pauser.interrupt();
                pauser.failure(InterruptedException.class);
            }
            try (Worker<Boolean> pauser = Worker.run(() -> reading.pause(far))) {
                reading.startClosing();
                pauser.failure(AsynchronousCloseException.class);
            }
        }
    }

    /** What poll says of a FIFO whose writers have left, it says of the old descriptor for ever. */
    @Test
    void renewedDescriptorTellsOfTheNextWriterOnly(@TempDir Path directory) throws Exception {
        String path = directory.resolve("f").toString();
        FileCalls.makeFifo(path, 0600);
        try (PolledFd reading = new PolledFd(OsCalls.open(path, Fcntl.O_RDONLY | Fcntl.O_NONBLOCK, 0))) {
            int number = reading.number();
            for (int i = 0; i < 3; i++) {
                assertFalse(reading.isHungUp(), "nobody has come yet");
                try (Fd writing = OsCalls.open(path, Fcntl.O_WRONLY | Fcntl.O_NONBLOCK, 0)) {
                    assertFalse(reading.isHungUp());
                    OsCalls.write(writing.number(), BYTES.address(), 1);
                }
                assertTrue(reading.isHungUp());
                reading.renew();
                assertEquals(number, reading.number());
                assertEquals(1, reading.read(new NativeBuffer(8), 0, 8), "the pipe is the same");
            }
            assertEquals(-1, reading.await(Poll.POLLIN, Deadline.after(Duration.ofMillis(1))));
        }
    }

    /** More waiters than carriers: were one pinned by each, nobody would be left to write. */
    @Test
    void virtualThreadsWaitWithoutHoldingTheirCarriers() throws Exception {
        Method start = startVirtualThread();
        int count = 64;
        List<PolledFd> readers = new ArrayList<>();
        List<Fd> writers = new ArrayList<>();
        AtomicInteger got = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(count + 1);
        try {
            for (int i = 0; i < count; i++) {
                Fd[] pipe = OsCalls.pipe(Fcntl.O_NONBLOCK);
                PolledFd reading = new PolledFd(pipe[0]);
                readers.add(reading);
                writers.add(pipe[1]);
                start.invoke(null, counting(done, () -> got.addAndGet(reading.readWaiting(new NativeBuffer(8), 0, 8))));
            }
            start.invoke(null, counting(done, () -> {
                for (Fd writing : writers) {
                    OsCalls.write(writing.number(), BYTES.address(), 1);
                }
            }));
            assertTrue(done.await(30, TimeUnit.SECONDS), () -> "stuck with " + got.get() + " of " + count);
            assertEquals(count, got.get());
        } finally {
            for (int i = 0; i < readers.size(); i++) {
                readers.get(i).close();
                writers.get(i).close();
            }
        }
    }

    @Test
    void interruptEndsTheWaitOfAVirtualThreadAndTheNextWaitIsWhole() throws Exception {
        Method start = startVirtualThread();
        Fd[] pipe = OsCalls.pipe(Fcntl.O_NONBLOCK);
        try (PolledFd reading = new PolledFd(pipe[0]);
                Fd writing = pipe[1]) {
            CountDownLatch interrupted = new CountDownLatch(1);
            AtomicInteger got = new AtomicInteger();
            CountDownLatch done = new CountDownLatch(1);
            Thread reader = (Thread) start.invoke(null, counting(done, () -> {
                assertThrows(InterruptedException.class, () -> blockInRead(reading));
                interrupted.countDown();
                got.set(reading.readWaiting(new NativeBuffer(8), 0, 8));
            }));
            reader.interrupt();
            assertTrue(interrupted.await(10, TimeUnit.SECONDS));
            OsCalls.write(writing.number(), BYTES.address(), 2);
            assertTrue(done.await(10, TimeUnit.SECONDS));
            assertEquals(2, got.get());
        }
    }

    private static Runnable counting(CountDownLatch done, Worker.Action action) {
        return () -> {
            try {
                action.run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            } finally {
                done.countDown();
            }
        };
    }

    private static Method startVirtualThread() {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads came with Java 21");
        try {
            return Thread.class.getMethod("startVirtualThread", Runnable.class);
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e);
        }
    }
}
