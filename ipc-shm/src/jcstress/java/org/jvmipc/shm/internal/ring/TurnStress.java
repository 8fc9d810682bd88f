package org.jvmipc.shm.internal.ring;

import org.jvmipc.internal.Deadline;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Never two threads are inside at once, and who comes in sees what the one before has done: by its bias, by the lock, or one by each. */
@JCStressTest
@Outcome(id = "0, 0, 6", expect = Expect.ACCEPTABLE, desc = "one after another")
@Outcome(expect = Expect.FORBIDDEN, desc = "two were inside at once")
@State
public class TurnStress {
    private static final int TIMES = 3;

    private final Turn turn = new Turn(() -> false);
    private int inside;
    private int count;

    /** Comes in with the lock, and then by the bias that it has got, unless the other one has it. */
    @Actor
    public void one(III_Result result) {
        result.r1 = others();
    }

    /** The same. */
    @Actor
    public void other(III_Result result) {
        result.r2 = others();
    }

    /** How many others were met inside. */
    private int others() {
        int met = 0;
        for (int i = 0; i < TIMES; i++) {
            enter();
            met += inside;
            inside++;
            count++;
            inside--;
            turn.leave();
        }
        return met;
    }

    private void enter() {
        try {
            turn.enter(Deadline.NEVER);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts it", e);
        }
    }

    /** How often it was come in. */
    @Arbiter
    public void all(III_Result result) {
        result.r3 = count;
    }
}
