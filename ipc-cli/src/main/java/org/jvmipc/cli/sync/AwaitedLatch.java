package org.jvmipc.cli.sync;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.cli.frame.Waits;
import org.jvmipc.internal.Deadline;
import org.jvmipc.shm.sync.SharedLatch;

/** A latch: waits until it was counted down to 0. */
final class AwaitedLatch implements Awaited {
    private final SharedLatch latch;

    AwaitedLatch(Address address) throws IOException {
        latch = SharedLatch.open(address);
    }

    @Override
    public @Nullable Outcome await(Deadline deadline, Waits waits) throws InterruptedException {
        waits.begin(latch.address().withoutParameters() + " to open");
        boolean open = latch.tryAwait(Duration.ofNanos(deadline.remainingNanos()));
        return open ? new Outcome(Map.of("count", 0)) : null;
    }

    @Override
    public String missing() {
        return "its count of " + latch.count() + " did not come to 0";
    }

    @Override
    public void close() {
        latch.close();
    }
}
