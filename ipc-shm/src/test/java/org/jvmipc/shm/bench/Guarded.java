package org.jvmipc.shm.bench;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.shm.sync.SharedMutex;
import org.jvmipc.shm.sync.SharedSemaphore;

/** A mutex, or a semaphore of the one kind or the other, made for one measurement. */
final class Guarded implements AutoCloseable {
    private final Address address;
    private final @Nullable SharedMutex mutex;
    private final @Nullable SharedSemaphore semaphore;
    private final boolean made;
    private SharedMutex.@Nullable MutexHold hold;

    private Guarded(Address address, @Nullable SharedMutex mutex, @Nullable SharedSemaphore semaphore, boolean made) {
        this.address = address;
        this.mutex = mutex;
        this.semaphore = semaphore;
        this.made = made;
    }

    static Guarded create(String kind, Path path, int permits) throws IOException {
        Address address = SyncBench.address(kind, path);
        return kind.equals("mutex")
                ? new Guarded(address, SharedMutex.create(address), null, true)
                : new Guarded(address, null, SharedSemaphore.create(address, permits, kind.equals("robust")), true);
    }

    static Guarded open(String kind, Address address) throws IOException {
        return kind.equals("mutex")
                ? new Guarded(address, SharedMutex.open(address), null, false)
                : new Guarded(address, null, SharedSemaphore.open(address), false);
    }

    Address address() {
        return address;
    }

    SharedSemaphore semaphore() {
        if (semaphore == null) {
            throw new IllegalArgumentException("a mutex is given back by who took it: plain or robust");
        }
        return semaphore;
    }

    void pairs(int count) throws InterruptedException {
        if (mutex != null) {
            for (int i = 0; i < count; i++) {
                mutex.lock().close();
            }
            return;
        }
        SharedSemaphore permits = semaphore();
        for (int i = 0; i < count; i++) {
            permits.acquire();
            permits.release();
        }
    }

    void openings(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            (mutex != null ? SharedMutex.open(address) : SharedSemaphore.open(address)).close();
        }
    }

    void take() throws InterruptedException {
        if (mutex != null) {
            hold = mutex.lock();
        } else {
            semaphore().acquire();
        }
    }

    void give() {
        if (hold != null) {
            hold.close();
        } else {
            semaphore().release();
        }
    }

    void waitForIt() {
        try {
            pairs(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        if (mutex != null) {
            mutex.close();
            if (made) {
                SharedMutex.remove(address);
            }
        } else {
            semaphore().close();
            if (made) {
                SharedSemaphore.remove(address);
            }
        }
    }
}
