package org.jvmipc.cli.sync;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.cli.frame.Waits;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.Units;
import org.jvmipc.shm.sync.SharedCondition;
import org.jvmipc.shm.sync.SharedMutex;
import org.jvmipc.shm.sync.SharedMutex.MutexHold;

/** A condition with its mutex: takes that, gives it while it waits for a signal, has it again, and gives it back. */
final class AwaitedCondition implements Awaited {
    /** Less is not worth a word: it was the mutex that was had at once, and the way back. */
    private static final long WORTH_TELLING_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final SharedMutex mutex;
    private final SharedCondition condition;
    private boolean entered;
    private long nanosLate;

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
    public @Nullable Outcome await(Deadline deadline, Waits waits) throws InterruptedException {
        waits.begin(name(mutex.address()));
        try (MutexHold hold = mutex.tryLock(Duration.ofNanos(deadline.remainingNanos()))) {
            if (hold == null) {
                return null;
            }
            entered = true;
            boolean died = hold.previousOwnerDied();
            String name = name(mutex.address());
            waits.begin("a signal of " + name(condition.address()) + ", then for " + name, deadline, name + " again");
            Duration patience = Duration.ofNanos(deadline.remainingNanos());
            long startNanos = System.nanoTime();
            if (!condition.tryAwait(hold, patience)) {
                nanosLate = System.nanoTime() - startNanos - patience.toNanos();
                return null;
            }
            died |= hold.previousOwnerDied();
            return Outcome.ofLock("mutex", name, died, name);
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
    public String afterwards() {
        return nanosLate < WORTH_TELLING_NANOS
                ? ""
                : "; after that it waited "
                        + Units.formatDuration(Duration.ofMillis(TimeUnit.NANOSECONDS.toMillis(nanosLate)))
                        + " to have " + name(mutex.address()) + " again";
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
