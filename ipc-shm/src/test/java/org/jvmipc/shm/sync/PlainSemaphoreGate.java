package org.jvmipc.shm.sync;

import java.io.IOException;
import java.time.Duration;
import org.jvmipc.Address;
import org.jvmipc.testkit.Gate;

/** A handle on a plain semaphore of one permit, for the contract. */
final class PlainSemaphoreGate implements Gate {
    private final SharedSemaphore semaphore;

    PlainSemaphoreGate(String address) throws IOException {
        semaphore = SharedSemaphore.openOrCreate(Address.of(address), 1, false);
    }

    @Override
    public boolean acquire() throws InterruptedException {
        semaphore.acquire();
        return false;
    }

    @Override
    public boolean tryAcquire() {
        return semaphore.tryAcquire();
    }

    @Override
    public boolean tryAcquire(Duration timeout) throws InterruptedException {
        return semaphore.tryAcquire(timeout);
    }

    @Override
    public void release() {
        semaphore.release();
    }

    @Override
    public void close() {
        semaphore.close();
    }
}
