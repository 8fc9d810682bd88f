package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.IpcException;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** What a file lock does inside one JVM. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FileMutexTest implements NoLeaks.WarmUp {
    @TempDir
    Path directory;

    private Address address;

    @BeforeEach
    void name() {
        address = Address.of("lock", directory.resolve("l").toString());
    }

    @Override
    public void warmUp() throws Exception {
        name();
        try (FileMutex mutex = FileMutex.openOrCreate(address)) {
            mutex.lock().close();
        }
        FileMutex.remove(address);
    }

    private static boolean isFree(FileMutex mutex, boolean shared) throws Exception {
        try (Worker<Boolean> other = Worker.call(() -> {
            Hold hold = shared ? mutex.tryLockShared() : mutex.tryLock();
            if (hold == null) {
                return false;
            }
            hold.close();
            return true;
        })) {
            return other.result();
        }
    }

    @Test
    void excludesThreadsOfOneHandleAndOfTwo() throws Exception {
        try (FileMutex one = FileMutex.create(address);
                FileMutex two = FileMutex.open(address)) {
            Hold hold = one.lock();
            assertFalse(isFree(one, false));
            assertFalse(isFree(two, false));
            assertFalse(isFree(two, true));
            try (Worker<Boolean> waiter = Worker.run(() -> two.lock().close())) {
                waiter.awaitBlocked();
                hold.close();
                waiter.result();
            }
            assertTrue(isFree(one, false));
        }
    }

    @Test
    void sharersShareAndExcludeAWriter() throws Exception {
        try (FileMutex mutex = FileMutex.create(address)) {
            Hold hold = mutex.lockShared();
            assertTrue(isFree(mutex, true));
            assertFalse(isFree(mutex, false));
            hold.close();
            assertTrue(isFree(mutex, false));
        }
    }

    @Test
    void aWaitingWriterIsNotStarvedByReaders() throws Exception {
        try (FileMutex mutex = FileMutex.create(address)) {
            Hold hold = mutex.lockShared();
            try (Worker<Boolean> writer = Worker.run(() -> mutex.lock().close())) {
                writer.awaitBlocked();
                assertFalse(isFree(mutex, true), "who comes later queues behind the writer");
                hold.close();
                writer.result();
            }
        }
    }

    @Test
    void rangesExcludeWhereTheyOverlap() throws Exception {
        try (FileMutex whole = FileMutex.create(address);
                FileMutex low = FileMutex.open(address.with("length", "10"));
                FileMutex high = FileMutex.open(address.with("start", "10").with("length", "10"))) {
            Hold hold = low.lock();
            assertTrue(isFree(high, false));
            assertFalse(isFree(whole, false));
            hold.close();
            assertTrue(isFree(whole, false));
            assertEquals(address.with("length", "10"), low.address());
        }
        assertThrows(
                AddressException.class,
                () -> FileMutex.open(
                        address.with("start", "9223372036854775807").with("length", "1")));
    }

    @Test
    void relockingAndUnlockingTwiceAreErrors() throws Exception {
        try (FileMutex mutex = FileMutex.create(address)) {
            Hold hold = mutex.lock();
            assertThrows(AlreadyHeldException.class, mutex::lock);
            assertThrows(AlreadyHeldException.class, mutex::tryLockShared);
            try (Worker<Boolean> other = Worker.run(() -> assertThrows(NotHeldException.class, hold::close))) {
                other.result();
            }
            assertFalse(isFree(mutex, false));
            hold.close();
            assertThrows(NotHeldException.class, hold::close);
        }
    }

    @Test
    void isKeptWhenTheFileIsOpenedAndClosedElsewhere() throws Exception {
        try (FileMutex mutex = FileMutex.create(address);
                FileMutex part = FileMutex.open(address.with("length", "1"))) {
            Hold hold = mutex.lock();
            assertEquals(0, Files.readAllBytes(address.path()).length);
            assertFalse(isFree(part, false), "another description does not get it");
            hold.close();
        }
    }

    @Test
    void timesOutAndObeysInterruptAndClose() throws Exception {
        FileMutex mutex = FileMutex.create(address);
        Hold hold = mutex.lock();
        try (Worker<Hold> timed = Worker.call(() -> mutex.tryLock(Duration.ofMillis(30)));
                Worker<Hold> interrupted = Worker.call(mutex::lock);
                Worker<Hold> closed = Worker.call(mutex::lockShared)) {
            assertNull(timed.result());
            interrupted.awaitBlocked().interrupt();
            interrupted.failure(InterruptedException.class);
            closed.awaitBlocked();
            mutex.close();
            closed.failure(ClosedSynchronizerException.class);
        }
        try (FileMutex again = FileMutex.open(address)) {
            assertFalse(isFree(again, false), "the hold outlives its handle");
            hold.close();
            assertTrue(isFree(again, false));
        }
        assertThrows(ClosedSynchronizerException.class, mutex::tryLock);
    }

    @Test
    void aThreadThatEndsGivesItBackAndTheNextIsTold() throws Exception {
        try (FileMutex mutex = FileMutex.create(address)) {
            Thread holder = new Thread(() -> assertNotNull(mutex.tryLock()));
            holder.start();
            holder.join();
            try (Hold hold = mutex.lock()) {
                assertTrue(hold.previousOwnerDied());
            }
            try (Hold hold = mutex.lock()) {
                assertFalse(hold.previousOwnerDied(), "told once");
            }
        }
    }

    @Test
    void whatIsNoFileIsRefusedAndUntouched() throws Exception {
        Files.createDirectory(directory.resolve("d"));
        Files.createFile(directory.resolve("f"));
        Files.createSymbolicLink(directory.resolve("s"), directory.resolve("f"));
        Files.createLink(directory.resolve("h"), directory.resolve("f"));
        for (String name : new String[] {"d", "s", "h"}) {
            Address planted = Address.of("lock", directory.resolve(name).toString());
            assertThrows(IpcException.class, () -> FileMutex.openOrCreate(planted), name);
            assertTrue(Files.exists(directory.resolve(name)));
        }
    }

    @Test
    void isMadeOnceAndRemoved() throws IOException {
        OsException none = assertThrows(OsException.class, () -> FileMutex.open(address));
        assertEquals(Errno.ENOENT, none.errno());
        FileMutex.create(address).close();
        OsException there = assertThrows(OsException.class, () -> FileMutex.create(address));
        assertEquals(Errno.EEXIST, there.errno());
        assertTrue(FileMutex.remove(address));
        assertFalse(FileMutex.remove(address));
        FileMutex.openOrCreate(address).close();
    }
}
