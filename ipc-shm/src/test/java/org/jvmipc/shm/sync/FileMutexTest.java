package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.IpcException;
import org.jvmipc.OsException;
import org.jvmipc.testkit.Jvms;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** Ranges, sharing, and what may be locked. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FileMutexTest implements NoLeaks.WarmUp {
    @TempDir
    Path directory;

    private Path path() {
        return directory.resolve("a.lock");
    }

    private FileMutex mutex() throws IOException {
        return FileMutex.openOrCreate(path());
    }

    @Override
    public void warmUp() throws Exception {
        Path path = Files.createTempDirectory("mutex").resolve("x");
        try (FileMutex mutex = FileMutex.openOrCreate(path);
                Hold hold = mutex.lock()) {
            assertFalse(hold.previousOwnerDied());
        }
        FileMutex.remove(path);
        Files.delete(path.getParent());
    }

    /** Whether another thread gets it. */
    private static boolean isFree(FileMutex mutex, boolean shared) throws Exception {
        try (Worker<Boolean> other = Worker.call(() -> {
            try (Hold hold = shared ? mutex.tryLockShared() : mutex.tryLock()) {
                return hold != null;
            }
        })) {
            return other.result();
        }
    }

    // ---- ranges

    @Test
    void differentRangesDoNotExcludeEachOther() throws Exception {
        try (FileMutex whole = mutex();
                FileMutex first = whole.range(0, 10);
                FileMutex second = whole.range(10, 10);
                Hold hold = first.lock()) {
            assertNotNull(hold);
            assertTrue(isFree(second, false));
            assertFalse(isFree(whole, false));
        }
    }

    @Test
    void overlappingRangesExcludeEachOther() throws Exception {
        try (FileMutex first = FileMutex.openOrCreate(
                        path(), FileMutexOptions.defaults().withRange(0, 10));
                FileMutex second = first.range(9, 10);
                Hold hold = first.lock()) {
            assertNotNull(hold);
            assertFalse(isFree(second, false));
            assertFalse(isFree(second, true));
        }
    }

    @Test
    void aRangeMayBeAtTheEndOfAllThatAFileCanHave() throws Exception {
        try (FileMutex whole = mutex();
                FileMutex last = whole.range(Long.MAX_VALUE - 1, 1);
                Hold hold = last.lock()) {
            assertNotNull(hold);
            assertFalse(isFree(whole, false));
        }
    }

    @Test
    void refusesRangesThatAreNone() {
        FileMutexOptions options = FileMutexOptions.defaults();
        assertThrows(IllegalArgumentException.class, () -> options.withRange(-1, 1));
        assertThrows(IllegalArgumentException.class, () -> options.withRange(0, 0));
        assertThrows(IllegalArgumentException.class, () -> options.withRange(0, -1));
        assertThrows(IllegalArgumentException.class, () -> options.withRange(2, Long.MAX_VALUE - 1));
        assertThrows(IllegalArgumentException.class, () -> options.withMode(01000));
        assertThrows(IllegalArgumentException.class, () -> options.withOwner(-2));
        assertThrows(IllegalArgumentException.class, () -> FileMutex.create(path(), options.withOwner(0)));
    }

    // ---- shared

    @Test
    void sharesWithThreadsAndHandles() throws Exception {
        try (FileMutex one = mutex();
                FileMutex two = mutex();
                Hold hold = one.lockShared()) {
            assertNotNull(hold);
            assertTrue(isFree(one, true));
            assertTrue(isFree(two, true));
            assertFalse(isFree(two, false));
        }
    }

    @Test
    void excludesThoseWhoShareWhileHeldAlone() throws Exception {
        try (FileMutex mutex = mutex()) {
            try (Hold hold = mutex.lock()) {
                assertNotNull(hold);
                assertFalse(isFree(mutex, true));
            }
            assertTrue(isFree(mutex, true));
        }
    }

    @Test
    void aWriterThatWaitsGoesBeforeReadersWhoComeLater() throws Exception {
        try (FileMutex mutex = mutex()) {
            Hold shared = mutex.lockShared();
            try (Worker<Boolean> writer = Worker.run(() -> mutex.lock().close())) {
                writer.awaitBlocked();
                assertFalse(isFree(mutex, true));
                shared.close();
                writer.result();
            }
            assertTrue(isFree(mutex, true));
        }
    }

    @Test
    void isNoUpgradeOfASharedHold() throws Exception {
        try (FileMutex mutex = mutex();
                Hold hold = mutex.lockShared()) {
            assertNotNull(hold);
            assertThrows(AlreadyHeldException.class, mutex::lock);
            assertThrows(AlreadyHeldException.class, mutex::tryLockShared);
            assertThrows(AlreadyHeldException.class, () -> mutex.tryLockShared(Duration.ofHours(1)));
        }
    }

    // ---- close

    @Test
    void aHoldStaysValidWhenItsHandleIsClosed() throws Exception {
        try (FileMutex other = mutex()) {
            FileMutex mutex = mutex();
            Hold hold = mutex.lock();
            mutex.close();
            assertFalse(mutex.isOpen());
            assertFalse(isFree(other, false));
            hold.close();
            assertTrue(isFree(other, false));
        }
    }

    @Test
    void theLastHoldClosesTheFileOfAClosedHandle() throws Exception {
        FileMutex mutex = mutex();
        Hold hold = mutex.lock();
        mutex.close();
        assertTrue(PythonLock.isHeld(path()) || !PythonLock.isThere());
        hold.close(); // NoLeaks sees that the descriptor goes
        assertThrows(NotHeldException.class, hold::close);
    }

    @Test
    void aHandleThatIsForgottenWhileItWaitsIsNotClosed() throws Exception {
        try (FileMutex other = mutex()) {
            Hold hold = other.lock();
            try (Worker<Boolean> waiter = Worker.run(() -> mutex().lock().close())) {
                waiter.awaitBlocked();
                System.gc();
                hold.close();
                waiter.result();
            }
            System.gc(); // the forgotten handle's share of the descriptor goes
        }
    }

    @Test
    void virtualThreadsExcludeEachOther() throws Exception {
        assumeTrue(Jvms.feature() >= 21, "no virtual threads before Java 21");
        int[] counter = {0};
        int threads = 50;
        Thread[] started = new Thread[threads];
        try (FileMutex mutex = mutex()) {
            for (int i = 0; i < threads; i++) {
                started[i] = Jvms.startVirtualThread(() -> {
                    try (Hold hold = mutex.lock()) {
                        assertNotNull(hold);
                        int before = counter[0];
                        LockSupport.parkNanos(1);
                        counter[0] = before + 1;
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
            }
            for (Thread thread : started) {
                thread.join();
            }
        }
        assertEquals(threads, counter[0]);
    }

    // ---- other programs

    @Test
    void isKeptWhenTheFileIsOpenedAndClosedElsewhere() throws Exception {
        assumeTrue(PythonLock.isThere(), "no python3");
        try (FileMutex mutex = mutex()) {
            try (Hold hold = mutex.lock()) {
                assertNotNull(hold);
                assertTrue(PythonLock.isHeld(path()));
                Files.readAllBytes(path());
                mutex().close();
                assertTrue(PythonLock.isHeld(path()));
            }
            assertFalse(PythonLock.isHeld(path()));
        }
    }

    @Test
    void whatPythonHoldsIsNotToBeHad() throws Exception {
        assumeTrue(PythonLock.isThere(), "no python3");
        try (FileMutex mutex = mutex()) {
            try (PythonLock python = new PythonLock(path())) {
                assertNull(tryLock(mutex));
                assertEquals(
                        python.pid(),
                        LockInspection.of(path().toString(), mutex.options()).get("holder"));
            }
            try (Hold hold = mutex.tryLock(Duration.ofSeconds(20))) {
                assertNotNull(hold);
                assertFalse(hold.previousOwnerDied());
            }
        }
    }

    private static @Nullable Hold tryLock(FileMutex mutex) throws InterruptedException {
        assertNull(mutex.tryLockShared());
        assertNull(mutex.tryLock());
        return mutex.tryLock(Duration.ofMillis(30));
    }

    // ---- what may be locked

    @Test
    void opensWhatIsThereAndCreatesWhatIsNot() throws Exception {
        assertEquals(
                2, assertThrows(OsException.class, () -> FileMutex.open(path())).errno());
        assertFalse(FileMutex.exists(path()));
        FileMutex.create(path()).close();
        assertEquals(
                17,
                assertThrows(OsException.class, () -> FileMutex.create(path())).errno());
        assertTrue(FileMutex.exists(path()));
        FileMutex.open(path()).close();
        assertTrue(FileMutex.remove(path()));
        assertFalse(FileMutex.remove(path()));
        assertFalse(Files.exists(path()));
    }

    @Test
    void refusesWhatIsNoRegularFileOfOneName() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        assertThrows(IpcException.class, () -> FileMutex.openOrCreate(directory));
        assertThrows(IpcException.class, () -> FileMutex.open(Path.of("/dev/null")));
        Files.createSymbolicLink(path(), file);
        assertThrows(IpcException.class, () -> FileMutex.open(path()));
        assertThrows(IpcException.class, () -> FileMutex.openOrCreate(path()));
        assertThrows(IpcException.class, () -> FileMutex.remove(path()));
        Files.delete(path());
        Files.createLink(path(), file);
        assertThrows(IpcException.class, () -> FileMutex.openOrCreate(path()));
        assertTrue(Files.exists(path()));
    }

    @Test
    void anAddressTellsTheRange() throws Exception {
        FileMutex.create(path()).close();
        try (FileMutex part = FileMutex.open(Address.of("lock:" + path() + "?start=4k&length=16"))) {
            assertEquals(4096, part.options().start());
            assertEquals(16, part.options().length());
            try (FileMutex same = FileMutex.open(part.address());
                    Hold hold = same.lock()) {
                assertNotNull(hold);
                assertEquals(part.address(), same.address());
                assertFalse(isFree(part, false));
            }
        }
        assertThrows(AddressException.class, () -> FileMutex.open(Address.of("fifo:" + path())));
        assertThrows(AddressException.class, () -> FileMutex.open(Address.of("lock:" + path() + "?strat=1")));
    }
}
