package org.jvmipc.shm.sync;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SharedInt;
import org.jvmipc.shm.sync.SharedMutex.MutexHold;

/** Admits one at a time, by a mutex, a condition and a word that the mutex guards: what a monitor is for. Who is killed in it stays in. */
@SuppressWarnings("try") // holds that are only held
final class Monitor implements AutoCloseable {
    private final SharedMutex mutex;
    private final SharedCondition left;
    private final SharedInt inside;

    /** Opens the one of this name, or makes it. */
    Monitor(Segment segment, String name) throws IOException {
        mutex = SharedMutex.openOrCreate(segment, name + ".mutex");
        left = SharedCondition.openOrCreate(segment, name + ".left");
        inside = segment.areaOrCreate(name + ".inside", Integer.BYTES).int32(0);
    }

    void enter() throws InterruptedException {
        try (MutexHold hold = mutex.lock()) {
            while (inside.get() != 0) {
                left.await(hold);
            }
            inside.set(1);
        }
    }

    boolean tryEnter() {
        try (MutexHold hold = mutex.tryLock()) {
            return hold != null && enterIfFree();
        }
    }

    private boolean enterIfFree() {
        boolean free = inside.get() == 0;
        if (free) {
            inside.set(1);
        }
        return free;
    }

    boolean tryEnter(Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        try (@Nullable MutexHold hold = mutex.tryLock(timeout)) {
            if (hold == null) {
                return false;
            }
            while (inside.get() != 0) {
                Duration rest = Duration.ofNanos(end - System.nanoTime());
                if (!left.tryAwait(hold, rest)) {
                    return enterIfFree();
                }
            }
            inside.set(1);
            return true;
        }
    }

    void leave() {
        try (MutexHold hold = mutex.lock()) {
            inside.set(0);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        left.signal();
    }

    @Override
    public void close() {
        mutex.close();
        left.close();
    }
}
