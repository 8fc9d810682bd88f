package org.jvmipc.cli.sync;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.shm.sync.FileMutex;
import org.jvmipc.shm.sync.Hold;
import org.jvmipc.shm.sync.SharedMutex;
import org.jvmipc.shm.sync.SharedReadWriteLock;

/** A lock of whichever scheme. */
interface Locks extends Closeable {
    /** Locks it, and waits at most so long; null if it was not to be had. */
    @Nullable
    Hold lock(Duration timeout) throws InterruptedException;

    @Override
    void close() throws IOException;

    /**
     * Opens the one that the address names. The file of a {@code lock:} is made if it is missing, as flock(1) does.
     *
     * @param shared whether others may hold it too that want it so
     */
    static Locks open(Address address, boolean shared) throws IOException {
        switch (address.scheme()) {
            case "mutex" -> {
                if (shared) {
                    throw new AddressException(
                            address.toString(),
                            "a mutex is not shared; rwlock:NAME and lock:/path can be locked so",
                            null);
                }
                return of(SharedMutex.open(address));
            }
            case "rwlock" -> {
                return of(SharedReadWriteLock.open(address), shared);
            }
            case "lock" -> {
                return of(FileMutex.openOrCreate(address), shared);
            }
            default -> throw new AddressException(
                    address.toString(),
                    "a lock is needed here, lock:/path, lock:NAME, mutex:NAME or rwlock:NAME",
                    null);
        }
    }

    /** What is to be told of a lock whose last holder was killed. */
    static String diedWith(String verb, String name) {
        return verb + " " + name + ": the last one who held it died with it; what it guards may be half changed";
    }

    private static Locks of(SharedMutex mutex) {
        return new Locks() {
            @Override
            public @Nullable Hold lock(Duration timeout) throws InterruptedException {
                return mutex.tryLock(timeout);
            }

            @Override
            public void close() {
                mutex.close();
            }
        };
    }

    private static Locks of(SharedReadWriteLock lock, boolean shared) {
        return new Locks() {
            @Override
            public @Nullable Hold lock(Duration timeout) throws InterruptedException {
                return shared ? lock.tryReadLock(timeout) : lock.tryWriteLock(timeout);
            }

            @Override
            public void close() {
                lock.close();
            }
        };
    }

    private static Locks of(FileMutex mutex, boolean shared) {
        return new Locks() {
            @Override
            public @Nullable Hold lock(Duration timeout) throws InterruptedException {
                return shared ? mutex.tryLockShared(timeout) : mutex.tryLock(timeout);
            }

            @Override
            public void close() {
                mutex.close();
            }
        };
    }
}
