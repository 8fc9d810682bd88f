package org.jvmipc.shm.internal.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJJ_Result;

/** What is overwritten was read before. */
@JCStressTest
@Outcome(id = "0, 5, 6, 0", expect = Expect.ACCEPTABLE, desc = "the sender finds no room")
@Outcome(id = "1, 5, 6, 0", expect = Expect.ACCEPTABLE, desc = "it finds room, and the message is not there yet")
@Outcome(id = "1, 5, 6, 7", expect = Expect.ACCEPTABLE, desc = "it finds room, and the message is there")
@Outcome(expect = Expect.FORBIDDEN, desc = "overwritten before it was read")
@State
public class OverwriteStress {
    private static final int LARGEST_LONGS = 63;

    private final StressRing ring = new StressRing(0);

    /** It is full: but for 8 bytes the two messages fill the ring, and the third one has to go where the first one is. */
    public OverwriteStress() {
        ring.send(5, LARGEST_LONGS);
        ring.send(6, LARGEST_LONGS - 1);
    }

    /** Sends if there is room. */
    @Actor
    public void sender(JJJJ_Result result) {
        ring.refresh();
        result.r1 = ring.send(7, 8) ? 1 : 0;
    }

    /** Receives three times. */
    @Actor
    public void receiver(JJJJ_Result result) {
        result.r2 = ring.receive();
        result.r3 = ring.receive();
        result.r4 = ring.receive();
    }
}
