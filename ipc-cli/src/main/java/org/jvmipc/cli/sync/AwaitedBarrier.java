package org.jvmipc.cli.sync;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.cli.frame.Waits;
import org.jvmipc.internal.Deadline;
import org.jvmipc.shm.sync.SharedBarrier;
import org.jvmipc.shm.sync.SharedBarrier.Passage;

/** A barrier: this process is one of those who meet, takes part while it waits, and no longer. */
final class AwaitedBarrier implements Awaited {
    private final SharedBarrier barrier;

    AwaitedBarrier(Address address) throws IOException {
        barrier = SharedBarrier.open(address);
    }

    @Override
    public @Nullable Outcome await(Deadline deadline, Waits waits) throws InterruptedException {
        waits.begin("the others at " + barrier.address().withoutParameters());
        Passage passage = barrier.tryPass(Duration.ofNanos(deadline.remainingNanos()));
        if (passage == null) {
            return null;
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("parties", barrier.parties());
        facts.put("generation", passage.generation());
        facts.put("toCome", passage.toCome());
        return new Outcome(facts);
    }

    @Override
    public String missing() {
        return Math.min(barrier.arrived() + 1, barrier.parties()) + " of " + barrier.parties() + " had come";
    }

    @Override
    public void close() {
        barrier.close();
    }
}
