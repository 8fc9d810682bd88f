package org.jvmipc.shm.internal.ring;

import org.jvmipc.internal.Deadline;
import org.jvmipc.shm.RingWaiting;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.annotations.State;

/** Who sleeps until there is a message wakes up when there is one, with the fences that are used between processes. */
@JCStressTest(Mode.Termination)
@Outcome(id = "TERMINATED", expect = Expect.ACCEPTABLE, desc = "it was woken, or did not sleep")
@Outcome(id = "STALE", expect = Expect.FORBIDDEN, desc = "it sleeps for ever")
@State
public class WakeUpStress {
    private final StressRing ring = new StressRing(0);
    private final RingWait wait = new RingWait(ring.memory, ring.memory.arrivals(), RingWaiting.SLEEP);

    /** Sleeps until there is a message. */
    @Actor
    public void sleeper() {
        try {
            wait.await(() -> !ring.consumer.isEmpty(), false, Deadline.NEVER);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts it", e);
        }
    }

    /** Sends, and wakes whoever waits. */
    @Signal
    public void sender() {
        ring.send(5, 1);
        Fences.light();
        ring.memory.arrivals().signal();
    }
}
