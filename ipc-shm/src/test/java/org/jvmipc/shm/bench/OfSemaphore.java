package org.jvmipc.shm.bench;

import java.io.IOException;
import org.jvmipc.Address;
import org.jvmipc.shm.sync.SharedSemaphore;

final class OfSemaphore implements Guarded {
    private final Address address;
    private final SharedSemaphore semaphore;
    private final Removal removal;

    OfSemaphore(Address address, SharedSemaphore semaphore, Removal removal) {
        this.address = address;
        this.semaphore = semaphore;
        this.removal = removal;
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public void pairs(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            semaphore.acquire();
            semaphore.release();
        }
    }

    @Override
    public void openings(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            SharedSemaphore.open(address).close();
        }
    }

    @Override
    public void take() throws InterruptedException {
        semaphore.acquire();
    }

    @Override
    public void give() {
        semaphore.release();
    }

    @Override
    public void close() throws IOException {
        semaphore.close();
        removal.run();
    }
}
