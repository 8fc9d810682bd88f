package org.jvmipc.shm.internal.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJ_Result;

/** The records of a batch are there all at once. */
@JCStressTest
@Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "nothing is there yet")
@Outcome(id = "0, 0, 5", expect = Expect.ACCEPTABLE, desc = "it came before the third look")
@Outcome(id = "0, 5, 6", expect = Expect.ACCEPTABLE, desc = "it came before the second look")
@Outcome(id = "5, 6, 0", expect = Expect.ACCEPTABLE, desc = "both, and nothing behind them")
@Outcome(expect = Expect.FORBIDDEN, desc = "the first without the second, or torn")
@State
public class BatchStress {
    private final StressRing ring = new StressRing(0);

    /** Sends two at once. */
    @Actor
    public void sender() {
        ring.sendBoth(5, 6);
    }

    /** Looks three times. */
    @Actor
    public void receiver(JJJ_Result result) {
        result.r1 = ring.receive();
        result.r2 = ring.receive();
        result.r3 = ring.receive();
    }
}
