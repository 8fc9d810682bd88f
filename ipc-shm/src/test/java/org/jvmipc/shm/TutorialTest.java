package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.OsException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.sync.AlreadyHeldException;
import org.jvmipc.shm.sync.FileMutex;
import org.jvmipc.shm.sync.Hold;
import org.jvmipc.shm.sync.NotHeldException;
import org.jvmipc.shm.sync.SharedMutex;
import org.jvmipc.shm.sync.SharedSemaphore;
import org.jvmipc.testkit.Worker;

/**
 * Shared memory, and what guards it, step by step. Read from top to bottom; every step runs.
 *
 * <p>Two processes that map the same file have the same memory: what one stores the other loads, without a copy and without a
 * system call. What they still have to agree on is whose turn it is.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TutorialTest {
    /** What is made here has a path. A bare name, such as {@code segment:bank}, would be one in the runtime directory. */
    @TempDir
    private Path directory;

    private Path area;
    private Address bank;

    @BeforeEach
    void name() {
        area = directory.resolve("area");
        bank = Address.of("segment", directory.resolve("bank").toString());
    }

    /** Names stay until they are removed, whoever closes or dies. */
    @AfterEach
    void remove() throws IOException {
        SharedMemory.remove(area);
        Segment.remove(bank);
        FileMutex.remove(directory.resolve("lock"));
    }

    // ---- memory

    /** An area is a file that is mapped. One process makes it, others open it; all see the same bytes. */
    @Test
    @Order(1)
    void step1AnArea() throws Exception {
        try (SharedMemory mine = SharedMemory.create(area, SharedMemoryOptions.ofSize(4096));
                SharedMemory yours = SharedMemory.open(area)) {
            mine.buffer().put(100, (byte) 42);
            assertEquals(42, yours.buffer().get(100));
            assertEquals(4096, yours.size());
        }
        assertTrue(SharedMemory.exists(area), "closing leaves the name");
        assertThrows(
                OsException.class,
                () -> SharedMemory.create(area, SharedMemoryOptions.ofSize(4096)),
                "create is for what is not there; there is openOrCreate");
    }

    /** Bytes in a buffer are not ordered for others. Variables are: an atomic one counts right, whoever counts. */
    @Test
    @Order(2)
    void step2Variables() throws Exception {
        try (SharedMemory memory = SharedMemory.create(area, SharedMemoryOptions.ofSize(4096))) {
            SharedLong counter = memory.area(0, 4096).int64(0);
            Worker.Action count = () -> {
                for (int i = 0; i < 1000; i++) {
                    counter.incrementAndGet();
                }
            };
            try (Worker<Boolean> one = Worker.run(count);
                    Worker<Boolean> other = Worker.run(count)) {
                one.result();
                other.result();
            }
            assertEquals(2000, counter.getVolatile());
        }
    }

    /** Several values at once: fill them in, then publish. Who sees the number of the version sees what was stored before. */
    @Test
    @Order(3)
    void step3Publishing() throws Exception {
        try (SharedMemory memory = SharedMemory.create(area, SharedMemoryOptions.ofSize(4096))) {
            MemoryArea shared = memory.area(0, 4096);
            shared.int64(8).set(17);
            shared.int64(16).set(4);
            shared.int64(0).setRelease(1);
            if (shared.int64(0).getAcquire() == 1) {
                assertEquals(21, shared.int64(8).get() + shared.int64(16).get());
            }
        }
    }

    // ---- segments

    /** A segment is memory that knows who is attached. In it are objects by name: here an area, and the mutex that guards it. */
    @Test
    @Order(4)
    void step4ASegmentWithTwoObjects() throws Exception {
        try (Segment segment = Segment.openOrCreate(bank, SegmentOptions.defaults());
                SharedMutex mutex = SharedMutex.openOrCreate(segment, "lock")) {
            MemoryArea balances = segment.areaOrCreate("balances", 2 * Long.BYTES);
            try (Hold hold = mutex.lock()) {
                assertNotNull(hold);
                balances.int64(0).set(100);
                balances.int64(8).set(50);
            }
            assertEquals(2, segment.objects().size());
            assertEquals(1, segment.participants().size(), "this process");
        }
    }

    /** A hold is given back by close, by the thread that has it. Each form of lock: it waits, never waits, waits so long. */
    @Test
    @Order(5)
    void step5MutualExclusion() throws Exception {
        try (Segment segment = Segment.create(bank, SegmentOptions.defaults());
                SharedMutex mutex = SharedMutex.create(segment, "lock");
                SharedMutex another = SharedMutex.open(segment, "lock")) {
            Hold hold = mutex.lock();
            assertThrows(AlreadyHeldException.class, another::lock, "not reentrant: it would wait for itself");
            try (Worker<Hold> someoneElse = Worker.call(another::tryLock)) {
                assertNull(someoneElse.result(), "held");
            }
            try (Worker<Hold> someoneElse = Worker.call(() -> another.tryLock(Duration.ofMillis(5)))) {
                assertNull(someoneElse.result(), "held for 5 ms");
            }
            try (Worker<Boolean> patient =
                    Worker.run(() -> another.lock().close()).awaitBlocked()) {
                hold.close();
                patient.result();
            }
        }
    }

    /** The point of it all: a second JVM. It is killed with the mutex held, in the middle of a transfer. */
    @Test
    @Order(6)
    void step6ADeath() throws Exception {
        try (Segment segment = Segment.create(bank, SegmentOptions.defaults());
                SharedMutex mutex = SharedMutex.create(segment, "lock")) {
            SharedLong balance = segment.createArea("balances", Long.BYTES).int64(0);
            balance.set(100);
            try (ChildJvm child = JvmLauncher.of(Transferring.class)
                    .arguments(bank.toString())
                    .start()) {
                child.awaitReady();
                assertNull(mutex.tryLock(), "the child has it");
                child.kill();
            }
            try (SharedMutex.MutexHold hold = mutex.lock()) {
                assertTrue(hold.previousOwnerDied(), "so look whether what it guards is whole");
                assertEquals(-1, balance.get());
                balance.set(100);
            }
            try (SharedMutex.MutexHold hold = mutex.lock()) {
                assertFalse(hold.previousOwnerDied(), "told once");
            }
        }
    }

    /** Knows an address and nothing else. */
    public static final class Transferring {
        private Transferring() {}

        /** Started by step 6. */
        @SuppressWarnings("try") // holds until it is killed
        public static void main(String[] arguments) throws IOException, InterruptedException {
            try (Segment segment = Segment.open(Address.of(arguments[0]));
                    SharedMutex mutex = SharedMutex.open(segment, "lock");
                    Hold hold = mutex.lock()) {
                segment.area("balances").int64(0).set(-1); // not as it should stay
                ParentJvm.get().ready();
                new CountDownLatch(1).await(); // until somebody kills it
            }
        }
    }

    /** A semaphore counts. P takes a permit and waits for one, V brings one, anybody may: so one process signals to another. */
    @Test
    @Order(7)
    void step7Signalling() throws Exception {
        try (Segment segment = Segment.create(bank, SegmentOptions.defaults());
                SharedSemaphore ready = SharedSemaphore.create(segment, "ready", 0, false)) {
            assertFalse(ready.tryAcquire(), "nothing yet");
            assertFalse(ready.tryAcquire(Duration.ofMillis(5)), "nothing for 5 ms");
            try (Worker<Boolean> waiter = Worker.run(ready::acquire).awaitBlocked()) { // P
                ready.release(); // V
                waiter.result();
            }
            assertEquals(0, ready.value());
        }
    }

    /** A robust semaphore is for resources: who took a permit gives it back, and if it dies the permit comes back by itself. */
    @Test
    @Order(8)
    void step8Resources() throws Exception {
        try (Segment segment = Segment.create(bank, SegmentOptions.defaults());
                SharedSemaphore connections = SharedSemaphore.create(segment, "connections", 3, true)) {
            connections.acquire(2);
            assertFalse(connections.tryAcquire(2), "all or none");
            assertEquals(1, connections.value());
            connections.release(2);
            assertThrows(NotHeldException.class, connections::release, "nobody took that");
        }
    }

    // ---- messages

    /** A ring carries messages through memory: what one process writes another one reads where it lies. */
    @Test
    @Order(9)
    @SuppressWarnings("try") // closes early, to show the end
    void step9ARing() throws Exception {
        Path path = directory.resolve("prices");
        try (SharedRing ring = SharedRing.create(path, RingOptions.defaults());
                RingReceiver<Long> in = ring.openReceiver(Codecs.int64());
                RingSender<Long> out = ring.openSender(Codecs.int64())) { // in another process, by SharedRing.open
            out.send(42L);
            assertEquals(42L, in.receive());
            try (Claim claim = out.claim(Long.BYTES)) { // without a copy
                claim.buffer().putLong(43);
                claim.commit();
            }
            assertEquals(1, in.drainInPlace(message -> assertEquals(43, message.getLong()), 10));
            try (Worker<Long> patient = Worker.call(in::receive).awaitBlocked()) { // it sleeps
                out.send(44L);
                assertEquals(44L, patient.result());
            }
            out.close();
            assertThrows(PeerGoneException.class, in::receive, "the last sender has closed, and all is taken");
        }
        SharedRing.remove(path);
    }

    // ---- files

    /** A file lock is for those who share no memory: shell scripts, C, Python. The kernel gives it back when its holder dies. */
    @Test
    @Order(10)
    void step10AFileLock() throws Exception {
        try (FileMutex mutex = FileMutex.openOrCreate(directory.resolve("lock"));
                FileMutex other = FileMutex.open(directory.resolve("lock"))) {
            try (Hold reading = mutex.lockShared();
                    Worker<Boolean> alsoReading =
                            Worker.run(() -> other.lockShared().close());
                    Worker<Hold> writing = Worker.call(() -> other.tryLock(Duration.ofMillis(5)))) {
                assertNotNull(reading);
                alsoReading.result();
                assertNull(writing.result(), "not while anybody reads");
            }
            other.lock().close();
        }
    }
}
