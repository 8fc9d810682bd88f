package org.jvmipc.cli.sync;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.cli.frame.Waits;
import org.jvmipc.internal.Deadline;
import org.jvmipc.shm.sync.ReadHold;
import org.jvmipc.shm.sync.SharedReadWriteLock;

/** A read-write lock: waits until it could be had. The news that a writer died stays for who has it next. */
final class AwaitedLock implements Awaited {
    private final SharedReadWriteLock lock;
    private final boolean shared;

    AwaitedLock(Address address, boolean shared) throws IOException {
        this.lock = SharedReadWriteLock.open(address);
        this.shared = shared;
    }

    @Override
    public @Nullable Outcome await(Deadline deadline, Waits waits) throws InterruptedException {
        waits.begin(name());
        Duration patience = Duration.ofNanos(deadline.remainingNanos());
        return shared ? awaitNoWriter(patience) : awaitNobody(patience);
    }

    private @Nullable Outcome awaitNobody(Duration patience) throws InterruptedException {
        return lock.tryAwaitFree(patience) ? outcome(lock.hasWriterDied()) : null;
    }

    private @Nullable Outcome awaitNoWriter(Duration patience) throws InterruptedException {
        try (ReadHold reading = lock.tryReadLock(patience)) {
            return reading == null ? null : outcome(reading.previousOwnerDied());
        }
    }

    private Outcome outcome(boolean writerDied) {
        return Outcome.ofLock("shared", shared, writerDied, name());
    }

    private String name() {
        return lock.address().withoutParameters().toString();
    }

    @Override
    public String missing() {
        return "another has it";
    }

    @Override
    public void close() {
        lock.close();
    }
}
