package org.jvmipc.shm.sync;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.jvmipc.testkit.Gate;

/** A handle on a file lock, for the contract. */
final class FileMutexGate implements Gate {
    private final FileMutex mutex;

    /** The last hold, whose second close is an error. */
    private volatile @Nullable Hold hold;

    FileMutexGate(String path) throws IOException {
        mutex = FileMutex.openOrCreate(Path.of(path));
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
