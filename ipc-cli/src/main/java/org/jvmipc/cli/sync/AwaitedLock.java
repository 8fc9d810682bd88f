package org.jvmipc.cli.sync;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
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
    public @Nullable Outcome await(Deadline deadline, Consumer<String> telling) throws InterruptedException {
        telling.accept(name());
        Duration patience = Duration.ofNanos(deadline.remainingNanos());
        if (!shared && !lock.tryAwaitFree(patience)) {
            return null;
        }
        try (ReadHold reading = shared ? lock.tryReadLock(patience) : lock.tryReadLock()) {
            if (shared && reading == null) {
                return null;
            }
            boolean died = reading != null && reading.previousOwnerDied();
            return new Outcome(Map.of("shared", shared), died ? name() : null);
        }
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
