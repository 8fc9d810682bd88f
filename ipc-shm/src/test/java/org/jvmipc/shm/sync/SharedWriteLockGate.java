package org.jvmipc.shm.sync;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.testkit.Gate;

/** A handle on a read-write lock that is held for writing, for the contract. */
final class SharedWriteLockGate implements Gate {
    private final SharedReadWriteLock lock;

    /** The last hold, whose second close is an error. */
    private volatile @Nullable Hold hold;

    SharedWriteLockGate(String address) throws IOException {
        lock = SharedReadWriteLock.openOrCreate(Address.of(address), true);
    }

    @Override
    public boolean acquire() throws InterruptedException {
        Hold taken = lock.writeLock();
        hold = taken;
        return taken.previousOwnerDied();
    }

    @Override
    public boolean tryAcquire() {
        return have(lock.tryWriteLock());
    }

    @Override
    public boolean tryAcquire(Duration timeout) throws InterruptedException {
        return have(lock.tryWriteLock(timeout));
    }

    private boolean have(@Nullable Hold taken) {
        if (taken != null) {
            hold = taken;
        }
        return taken != null;
    }

    @Override
    public void release() {
        Hold last = hold;
        if (last == null) {
            throw new NotHeldException("never held");
        }
        last.close();
    }

    @Override
    public void close() {
        lock.close();
    }
}
