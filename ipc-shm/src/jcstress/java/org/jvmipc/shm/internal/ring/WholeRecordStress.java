package org.jvmipc.shm.internal.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** With the header comes the whole message, and behind it the header that was cleared: not what an earlier lap has left. */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "nothing is there yet")
@Outcome(id = "0, 5", expect = Expect.ACCEPTABLE, desc = "it came in between")
@Outcome(id = "5, 0", expect = Expect.ACCEPTABLE, desc = "the message, and nothing behind it")
@Outcome(expect = Expect.FORBIDDEN, desc = "torn, twice, or of an earlier lap")
@State
public class WholeRecordStress {
    private final StressRing ring = new StressRing(0);

    /** Sends. */
    @Actor
    public void sender() {
        ring.send(5, 6);
    }

    /** Receives twice. */
    @Actor
    public void receiver(JJ_Result result) {
        result.r1 = ring.receive();
        result.r2 = ring.receive();
    }
}
