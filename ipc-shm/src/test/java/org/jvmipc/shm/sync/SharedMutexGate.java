package org.jvmipc.shm.sync;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.testkit.Gate;

/** A handle on a mutex in shared memory, for the contract. */
final class SharedMutexGate implements Gate {
    private final SharedMutex mutex;

    /** The last hold, whose second close is an error. */
    private volatile @Nullable Hold hold;

    SharedMutexGate(String address) throws IOException {
        mutex = SharedMutex.openOrCreate(Address.of(address));
    }

    @Override
    public boolean acquire() throws InterruptedException {
        Hold taken = mutex.lock();
        hold = taken;
        return taken.previousOwnerDied();
    }

    @Override
    public boolean tryAcquire() {
        return have(mutex.tryLock());
    }

    @Override
    public boolean tryAcquire(Duration timeout) throws InterruptedException {
        return have(mutex.tryLock(timeout));
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
        mutex.close();
    }
}
