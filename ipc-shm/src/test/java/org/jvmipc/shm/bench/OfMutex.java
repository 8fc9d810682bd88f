package org.jvmipc.shm.bench;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.shm.sync.SharedMutex;
import org.jvmipc.shm.sync.SharedMutex.MutexHold;

final class OfMutex implements Guarded {
    private final Address address;
    private final SharedMutex mutex;
    private final Removal removal;
    private @Nullable MutexHold hold;

    OfMutex(Address address, SharedMutex mutex, Removal removal) {
        this.address = address;
        this.mutex = mutex;
        this.removal = removal;
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public void pairs(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            mutex.lock().close();
        }
    }

    @Override
    public void openings(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            SharedMutex.open(address).close();
        }
    }

    @Override
    public void take() throws InterruptedException {
        hold = mutex.lock();
    }

    @Override
    public void give() {
        if (hold != null) {
            hold.close();
        }
    }

    @Override
    public void close() throws IOException {
        mutex.close();
        removal.run();
    }
}
