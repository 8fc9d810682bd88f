package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.jvmipc.Address;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ExitStatus;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.DamagedSegmentException;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.Jvms;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** The file of synchronisers is cut off under load: those who use it get a typed error, and their JVM lives. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(NoLeaks.class)
class SynchroniserTruncationIT implements NoLeaks.WarmUp {
    @TempDir
    Path directory;

    @Override
    public void warmUp() throws Exception {
        Address place = Address.of("segment", directory.resolve("w").toString());
        try (Segment segment = Segment.create(place, SegmentOptions.defaults());
                ChildJvm child = ChildMain.launcher(Joining.class, place).start()) {
            Children.assertExit(0, child);
            Await.until("it has left", () -> segment.participants().size() == 1);
        }
        Segment.remove(place);
    }

    /** Joins and leaves. */
    static final class Joining implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            Segment.open(Address.of(arguments[0])).close();
        }
    }

    static List<Path> homes() throws Exception {
        return new ArrayList<>(Jvms.homes());
    }

    /** Something done over and over. */
    private interface Use {
        void once() throws InterruptedException;
    }

    /** Uses it all in a thread each, until every one of them was told. */
    static final class Using implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            Segment segment = Segment.open(Address.of(arguments[0]));
            SharedMutex mutex = SharedMutex.open(segment, "m");
            SharedMutex held = SharedMutex.open(segment, "held");
            SharedSemaphore plain = SharedSemaphore.open(segment, "plain");
            SharedSemaphore robust = SharedSemaphore.open(segment, "robust");
            SharedReadWriteLock readWrite = SharedReadWriteLock.open(segment, "rw");
            List<Thread> threads = new ArrayList<>();
            threads.add(start(() -> mutex.lock().close()));
            threads.add(start(() -> {
                SharedMutex.MutexHold hold = held.tryLock(Duration.ofMillis(1));
                if (hold != null) {
                    hold.close();
                }
            }));
            threads.add(start(() -> {
                plain.release();
                plain.acquire();
            }));
            threads.add(start(() -> {
                robust.acquire(2);
                robust.release(2);
            }));
            threads.add(start(() -> readWrite.readLock().close()));
            threads.add(start(() -> readWrite.writeLock().close()));
            SharedMutex monitor = SharedMutex.open(segment, "monitor");
            SharedCondition condition = SharedCondition.open(segment, "cond");
            threads.add(start(() -> {
                try (SharedMutex.MutexHold hold = monitor.lock()) {
                    condition.signal(hold);
                    condition.tryAwait(hold, Duration.ofMillis(1));
                }
            }));
            SharedBarrier barrier = SharedBarrier.open(segment, "barrier");
            for (int i = 0; i < barrier.parties(); i++) {
                threads.add(start(() -> barrier.tryAwait(Duration.ofMillis(1))));
            }
            SharedLatch latch = SharedLatch.open(segment, "latch");
            threads.add(start(() -> latch.tryAwait(Duration.ofMillis(1))));
            SharedEvent event = SharedEvent.open(segment, "event");
            threads.add(start(() -> {
                event.set();
                event.await();
            }));
            parent.ready();
            for (Thread thread : threads) {
                thread.join();
            }
            Runtime.getRuntime().halt(0); // what close() would do with lost memory is tested by itself
        }

        private static Thread start(Use use) {
            Thread thread = new Thread(() -> {
                while (true) {
                    try {
                        use.once();
                    } catch (DamagedSegmentException e) {
                        return;
                    } catch (InternalError | NotHeldException | AlreadyHeldException e) {
                        // Java 17 tells late: it is this or the next call that says so.
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
            });
            thread.start();
            return thread;
        }
    }

    @ParameterizedTest
    @MethodSource("homes")
    void aFileThatIsCutOffUnderLoadIsATypedError(Path home) throws Exception {
        Path file = directory.resolve("s");
        Address place = Address.of("segment", file.toString());
        try (Segment segment = Segment.create(place, SegmentOptions.defaults())) {
            SharedMutex.create(segment, "m").close();
            SharedMutex.create(segment, "held").close();
            SharedSemaphore.create(segment, "plain", 1, false).close();
            SharedSemaphore.create(segment, "robust", 4, true).close();
            SharedReadWriteLock.create(segment, "rw", false).close();
            SharedMutex.create(segment, "monitor").close();
            SharedCondition.create(segment, "cond").close();
            SharedBarrier.create(segment, "barrier", 2).close();
            SharedLatch.create(segment, "latch", 1).close();
            SharedEvent.create(segment, "event", true).close();
            try (ChildJvm child =
                    Children.start(ChildMain.launcher(Using.class, place).javaHome(home))) {
                assertTrue(child.tryAwaitExit(Duration.ofMillis(300)) == null, "it works until then");
                try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
                    cut.setLength(0);
                }
                ExitStatus status = child.tryAwaitExit(Await.LONG);
                assertNotNull(status, "a thread was not told");
                assertTrue(status.isSuccess(), () -> status + " " + child.lastErrorLines());
            }
        }
        Segment.remove(place);
    }

    /** Repeated: when Java 17 tells of lost memory depends on what is compiled by then. */
    @RepeatedTest(10)
    void whoSleepsInAFileThatIsCutOffIsWokenWithAnError() throws Exception {
        Path file = directory.resolve("s");
        Address place = Address.of("segment", file.toString());
        try (Segment segment = Segment.create(place, SegmentOptions.defaults());
                SharedMutex mutex = SharedMutex.create(segment, "m");
                SharedSemaphore plain = SharedSemaphore.create(segment, "plain", 0, false);
                SharedSemaphore robust = SharedSemaphore.create(segment, "robust", 1, true);
                SharedReadWriteLock readWrite = SharedReadWriteLock.create(segment, "rw", true);
                SharedMutex monitor = SharedMutex.create(segment, "monitor");
                SharedCondition condition = SharedCondition.create(segment, "cond");
                SharedBarrier barrier = SharedBarrier.create(segment, "barrier", 2);
                SharedLatch latch = SharedLatch.create(segment, "latch", 1);
                SharedEvent event = SharedEvent.create(segment, "event", false)) {
            Hold hold = mutex.lock();
            Hold read = readWrite.readLock();
            robust.acquire();
            try (Worker<Hold> locks = Worker.call(mutex::lock);
                    Worker<Boolean> takes = Worker.run(plain::acquire);
                    Worker<Boolean> wants = Worker.run(robust::acquire);
                    Worker<Hold> writes = Worker.call(readWrite::writeLock);
                    Worker<Boolean> awaits = Worker.run(() -> await(monitor, condition));
                    Worker<Boolean> meets = Worker.run(barrier::await);
                    Worker<Boolean> passes = Worker.run(latch::await);
                    Worker<Boolean> hears = Worker.run(event::await)) {
                locks.awaitBlocked();
                takes.awaitBlocked();
                wants.awaitBlocked();
                writes.awaitBlocked();
                awaits.awaitBlocked();
                meets.awaitBlocked();
                passes.awaitBlocked();
                hears.awaitBlocked();
                try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
                    cut.setLength(0);
                }
                locks.failure(DamagedSegmentException.class);
                takes.failure(DamagedSegmentException.class);
                wants.failure(DamagedSegmentException.class);
                writes.failure(DamagedSegmentException.class);
                awaits.failure(DamagedSegmentException.class);
                meets.failure(DamagedSegmentException.class);
                passes.failure(DamagedSegmentException.class);
                hears.failure(DamagedSegmentException.class);
            }
            assertThrows(DamagedSegmentException.class, hold::close);
            assertThrows(DamagedSegmentException.class, read::close);
        }
        Segment.remove(place);
    }

    private static void await(SharedMutex mutex, SharedCondition condition) throws InterruptedException {
        SharedMutex.MutexHold hold = mutex.lock(); // nothing is left that could be given
        condition.await(hold);
    }
}
