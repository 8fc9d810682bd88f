package org.jvmipc.shm.internal.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZJ_Result;

/**
 * Who has stored a header sees that somebody waits, or that one sees the header, by the barrier in the threads of one process. The
 * barrier in all processes may miss a processor, so that nothing could be said of it here: see {@link WakeUpStress}.
 */
@JCStressTest
@Outcome(id = "true, 0", expect = Expect.ACCEPTABLE, desc = "the sleeper is to be woken")
@Outcome(id = "false, 5", expect = Expect.ACCEPTABLE, desc = "it does not sleep")
@Outcome(id = "true, 5", expect = Expect.ACCEPTABLE, desc = "both have seen it")
@Outcome(id = "false, 0", expect = Expect.FORBIDDEN, desc = "it sleeps, and nobody wakes it")
@State
public class FencesStress {
    private final StressRing ring = new StressRing(0);
    private final RingEvent arrivals = ring.memory.arrivals();

    /** Sends, and looks whether somebody waits. */
    @Actor
    public void sender(ZJ_Result result) {
        ring.send(5, 1);
        Fences.light();
        result.r1 = arrivals.isAwaited();
    }

    /** Says that it waits, and looks for a message. */
    @Actor
    public void sleeper(ZJ_Result result) {
        arrivals.arm();
        Fences.heavyHere();
        result.r2 = ring.receive();
    }
}
