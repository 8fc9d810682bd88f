package org.jvmipc.cli.sync;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.cli.frame.Waits;
import org.jvmipc.internal.Deadline;
import org.jvmipc.shm.sync.SharedEvent;

/** An event: waits until it is set; an automatic one is reset by that. */
final class AwaitedEvent implements Awaited {
    private final SharedEvent event;

    AwaitedEvent(Address address) throws IOException {
        event = SharedEvent.open(address);
    }

    @Override
    public @Nullable Outcome await(Deadline deadline, Waits waits) throws InterruptedException {
        waits.begin(event.address().withoutParameters() + " to be set");
        boolean set = event.tryAwait(Duration.ofNanos(deadline.remainingNanos()));
        return set ? new Outcome(Map.of("automatic", event.isAutomatic())) : null;
    }

    @Override
    public String missing() {
        return "it was not set";
    }

    @Override
    public void close() {
        event.close();
    }
}
