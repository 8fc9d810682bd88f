package org.jvmipc.cli.sync;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.internal.Deadline;
import org.jvmipc.shm.sync.SharedCondition;
import org.jvmipc.shm.sync.SharedMutex;
import org.jvmipc.shm.sync.SharedMutex.MutexHold;

/** A condition with its mutex: takes that, gives it while it waits for a signal, has it again, and gives it back. */
final class AwaitedCondition implements Awaited {
    private final SharedMutex mutex;
    private final SharedCondition condition;
    private boolean entered;

    /** Takes over the mutex, and closes it if there is no such condition. */
    AwaitedCondition(Address address, SharedMutex mutex) throws IOException {
        this.mutex = mutex;
        SharedCondition opened = null;
        try {
            opened = SharedCondition.open(address);
        } finally {
            if (opened == null) {
                mutex.close();
            }
        }
        this.condition = opened;
    }

    @Override
    public @Nullable Outcome await(Deadline deadline, Consumer<String> telling) throws InterruptedException {
        telling.accept(name(mutex.address()));
        try (MutexHold hold = mutex.tryLock(Duration.ofNanos(deadline.remainingNanos()))) {
            if (hold == null) {
                return null;
            }
            entered = true;
            boolean died = hold.previousOwnerDied();
            telling.accept("a signal of " + name(condition.address()));
            if (!condition.tryAwait(hold, Duration.ofNanos(deadline.remainingNanos()))) {
                return null;
            }
            died |= hold.previousOwnerDied();
            return new Outcome(Map.of("mutex", name(mutex.address())), died ? name(mutex.address()) : null);
        }
    }

    private static String name(Address address) {
        return address.withoutParameters().toString();
    }

    @Override
    public String missing() {
        return entered ? "no signal came" : "another has " + name(mutex.address());
    }

    @Override
    public void close() {
        try {
            condition.close();
        } finally {
            mutex.close();
        }
    }
}
