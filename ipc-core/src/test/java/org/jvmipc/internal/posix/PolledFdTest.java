package org.jvmipc.internal.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.Method;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
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
