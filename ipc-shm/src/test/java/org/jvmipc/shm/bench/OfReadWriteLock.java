package org.jvmipc.shm.bench;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.shm.sync.Hold;
import org.jvmipc.shm.sync.SharedReadWriteLock;

final class OfReadWriteLock implements Guarded {
    private final Address address;
    private final SharedReadWriteLock lock;
    private final boolean reads;
    private final Removal removal;
    private @Nullable Hold hold;

    OfReadWriteLock(Address address, SharedReadWriteLock lock, boolean reads, Removal removal) {
        this.address = address;
        this.lock = lock;
        this.reads = reads;
        this.removal = removal;
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public void pairs(int count) throws InterruptedException {
        if (reads) {
            for (int i = 0; i < count; i++) {
                lock.readLock().close();
            }
        } else {
            for (int i = 0; i < count; i++) {
                lock.writeLock().close();
            }
        }
    }

    @Override
    public void openings(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            SharedReadWriteLock.open(address).close();
        }
    }

    @Override
    public void take() throws InterruptedException {
        hold = lock.writeLock();
    }

    @Override
    public void give() {
        if (hold != null) {
            hold.close();
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
        removal.run();
    }
}
