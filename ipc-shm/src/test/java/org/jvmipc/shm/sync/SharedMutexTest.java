package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Ipc;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.shm.sync.SharedMutex.MutexHold;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** What a mutex does inside one JVM; what it does between several is in {@link SharedMutexContractTest}. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedMutexTest implements NoLeaks.WarmUp {
    @TempDir
    Path directory;

    private Address address;

    @BeforeEach
    void name() {
        address = Address.of("mutex", directory.resolve("m").toString());
    }

    @Override
    public void warmUp() throws Exception {
        name();
        try (SharedMutex mutex = SharedMutex.create(address)) {
            mutex.lock().close();
        }
        SharedMutex.remove(address);
    }

    @Test
    void eachHoldHasALargerFence() throws Exception {
        try (SharedMutex mutex = SharedMutex.create(address)) {
            long before = 0;
            for (int i = 0; i < 3; i++) {
                try (MutexHold hold = mutex.lock()) {
                    assertTrue(hold.fence() > before);
                    assertFalse(hold.previousOwnerDied());
                    before = hold.fence();
                }
            }
        }
    }

    @Test
    void nothingIsOpenedByAClosedSegmentAlthoughItsProcessIsAttachedStill() throws Exception {
        Address bank = Address.of("segment", directory.resolve("s").toString());
        Segment segment = Segment.create(bank, SegmentOptions.defaults());
        try (SharedMutex mutex = SharedMutex.create(segment, "m")) {
            segment.close();
            assertThrows(ClosedChannelException.class, () -> SharedMutex.open(segment, "m"));
            assertThrows(ClosedChannelException.class, () -> SharedMutex.create(segment, "n"));
            mutex.lock().close();
        }
        Segment.remove(bank);
    }

    /** Who leaves had to wait for who joined, and who joined for the slot of who left. */
    @Test
    void theOnlySlotGoesFromOneHandleToTheNext() throws Exception {
        Address full = address.with("participants", "1");
        SharedMutex.create(full).close();
        Worker.Action opening = () -> {
            for (int i = 0; i < 500; i++) {
                SharedMutex.open(address).close();
            }
        };
        try (Worker<Boolean> one = Worker.run(opening);
                Worker<Boolean> other = Worker.run(opening)) {
            one.result();
            other.result();
        }
    }

    @Test
    void relockingIsAnErrorThatSaysSo() throws Exception {
        try (SharedMutex mutex = SharedMutex.create(address);
                SharedMutex other = SharedMutex.open(address);
                MutexHold hold = mutex.lock()) {
            assertTrue(assertThrows(AlreadyHeldException.class, mutex::lock)
                    .getMessage()
                    .contains(address.toString()));
            assertThrows(AlreadyHeldException.class, other::tryLock);
            assertThrows(AlreadyHeldException.class, () -> other.tryLock(Duration.ofSeconds(1)));
            assertTrue(hold.fence() > 0);
        }
    }

    @Test
    void unlockingTwiceOrElsewhereChangesNothing() throws Exception {
        try (SharedMutex mutex = SharedMutex.create(address)) {
            MutexHold hold = mutex.lock();
            try (Worker<Boolean> other = Worker.run(() -> assertThrows(NotHeldException.class, hold::close))) {
                other.result();
            }
            try (Worker<Boolean> other = Worker.run(() -> assertNull(mutex.tryLock()))) {
                other.result();
            }
            hold.close();
            MutexHold next = mutex.lock();
            assertThrows(NotHeldException.class, hold::close);
            assertTrue(mutex.isHeldByCurrentThread());
            next.close();
        }
    }

    @Test
    void twoHandlesOfOneJvmExcludeEachOther() throws Exception {
        try (SharedMutex first = SharedMutex.create(address);
                SharedMutex second = SharedMutex.open(address)) {
            MutexHold hold = first.lock();
            try (Worker<MutexHold> waiter = Worker.call(second::lock)) {
                waiter.awaitBlocked();
                hold.close();
                assertNotNull(waiter.result());
            }
        }
    }

    @Test
    @SuppressWarnings("try") // closes early on purpose
    void closingOneHandleChangesNothingForThoseOfTheOthers() throws Exception {
        try (SharedMutex first = SharedMutex.create(address);
                SharedMutex second = SharedMutex.open(address);
                SharedMutex third = SharedMutex.open(address)) {
            MutexHold hold = first.lock();
            try (Worker<MutexHold> leaves = Worker.call(second::lock).awaitBlocked();
                    Worker<MutexHold> stays = Worker.call(third::lock).awaitBlocked()) {
                second.close();
                leaves.failure(ClosedSynchronizerException.class);
                first.close();
                try (Worker<Boolean> other = Worker.run(() -> assertNull(third.tryLock()))) {
                    other.result();
                }
                assertThrows(AlreadyHeldException.class, third::lock, "by another handle than it was taken by");
                stays.assertRunning();
                hold.close();
                assertFalse(stays.result().previousOwnerDied());
            }
        }
    }

    @Test
    void aThreadThatEndsGivesItBackAndIsTold() throws Exception {
        try (SharedMutex mutex = SharedMutex.create(address)) {
            Thread holder = new Thread(() -> {
                try {
                    mutex.lock();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            holder.start();
            holder.join();
            try (MutexHold hold = mutex.lock()) {
                assertTrue(hold.previousOwnerDied());
            }
            try (MutexHold hold = mutex.lock()) {
                assertFalse(hold.previousOwnerDied(), "told once");
            }
        }
    }

    @Test
    void aHoldOutlivesItsHandle() throws Exception {
        SharedMutex mutex = SharedMutex.create(address);
        MutexHold hold = mutex.lock();
        mutex.close();
        assertThrows(ClosedSynchronizerException.class, mutex::tryLock);
        try (SharedMutex other = SharedMutex.open(address)) {
            try (Worker<MutexHold> waiter = Worker.call(other::lock)) {
                waiter.awaitBlocked();
                hold.close();
                assertFalse(waiter.result().previousOwnerDied());
            }
        }
    }

    @Test
    void manyMutexesInOneSegment() throws Exception {
        Address place = Address.of("segment", directory.resolve("s").toString());
        try (Segment segment = Segment.create(place, SegmentOptions.defaults().withObjects(100))) {
            try (SharedMutex a = SharedMutex.create(segment, "a");
                    SharedMutex b = SharedMutex.create(segment, "b");
                    SharedMutex again = SharedMutex.open(b.address());
                    MutexHold hold = a.lock()) {
                assertTrue(hold.fence() > 0);
                try (MutexHold ofB = b.lock()) {
                    assertThrows(AlreadyHeldException.class, again::lock);
                    assertEquals(1, ofB.fence());
                }
                OsException there = assertThrows(OsException.class, () -> SharedMutex.create(segment, "a"));
                assertEquals(Errno.EEXIST, there.errno());
                OsException none = assertThrows(OsException.class, () -> SharedMutex.open(segment, "c"));
                assertEquals(Errno.ENOENT, none.errno());
                assertThrows(IllegalArgumentException.class, () -> SharedMutex.create(segment, "no/name"));
            }
            assertEquals(2, segment.objects().size());
        }
    }

    @Test
    void isMadeOnceAndRemoved() throws IOException {
        OsException none = assertThrows(OsException.class, () -> SharedMutex.open(address));
        assertEquals(Errno.ENOENT, none.errno());
        SharedMutex.create(address).close();
        OsException there = assertThrows(OsException.class, () -> SharedMutex.create(address));
        assertEquals(Errno.EEXIST, there.errno());
        SharedMutex.openOrCreate(address).close();
        assertTrue(SharedMutex.remove(address));
        assertFalse(SharedMutex.remove(address));
    }

    @Test
    void manyThreadsLoseNoIncrement() throws Exception {
        int[] counter = new int[1];
        int rounds = 20_000;
        try (SharedMutex mutex = SharedMutex.create(address)) {
            Worker.Action action = () -> {
                for (int i = 0; i < rounds; i++) {
                    try (MutexHold hold = mutex.lock()) {
                        counter[0] += hold.fence() > 0 ? 1 : 0;
                    }
                }
            };
            try (Worker<Boolean> a = Worker.run(action);
                    Worker<Boolean> b = Worker.run(action);
                    Worker<Boolean> c = Worker.run(action)) {
                a.result(Await.LONG);
                b.result(Await.LONG);
                c.result(Await.LONG);
            }
        }
        assertEquals(3 * rounds, counter[0]);
    }

    @Test
    void addressesOfOtherThingsAreRefused() {
        Address other = Address.of("fifo", directory.resolve("m").toString());
        assertThrows(AddressException.class, () -> SharedMutex.create(other));
        assertThrows(AddressException.class, () -> SharedMutex.open(address.with("partcipants", "3")));
        assertThrows(AddressException.class, () -> SharedSemaphore.create(address, 1, false));
        assertThrows(AddressException.class, () -> Segment.create(address, SegmentOptions.defaults()));
        assertFalse(Files.exists(directory.resolve("m")));
    }

    @Test
    void aHandleThatIsForgottenIsClosed() throws Exception {
        SharedMutex.create(address); // nobody keeps it
        Await.until("the safety net has closed it", () -> {
            System.gc();
            return Ipc.inspect(address).get("attached").equals(List.of());
        });
    }

    @Test
    void aFullTableIsALimitAndAPlaceThatComesFreeIsTaken() throws Exception {
        Address small = address.with("participants", "1");
        try (SharedMutex mutex = SharedMutex.create(small);
                SharedMutex again = SharedMutex.open(address)) {
            assertTrue(again.isOpen(), "one process is one participant");
            assertFalse(mutex.isHeldByCurrentThread());
        }
        SharedMutex.open(address).close();
    }
}
