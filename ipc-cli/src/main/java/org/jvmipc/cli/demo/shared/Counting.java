package org.jvmipc.cli.demo.shared;

import java.io.IOException;
import org.jvmipc.cli.demo.Pause;

/** A child that counts on a {@link Board}, turn by turn, each with a lock held; and dies so, if it is the one to die. */
public final class Counting {
    private final Work work;
    private final Board board;
    private final boolean slow;

    /**
     * Counts on this board.
     *
     * @param slow whether it pauses with the lock held
     */
    public Counting(Work work, Board board, boolean slow) {
        this.work = work;
        this.board = board;
        this.slow = slow;
    }

    /** Takes the lock, does what is to be done {@code inside}, and gives it back. */
    @FunctionalInterface
    public interface Turn {
        void run() throws IOException, InterruptedException;
    }

    /** Does turn after turn. */
    public void run(Turn turn) throws IOException, InterruptedException {
        while (work.another()) {
            turn.run();
            work.turn();
        }
        if (work.isToHold()) {
            turn.run(); // from which it does not come back
        }
    }

    /**
     * What is done with the lock held.
     *
     * @param deathIsKnown whether the last holder is known to have died with the lock
     */
    public void inside(boolean deathIsKnown) throws IOException, InterruptedException {
        board.enter(deathIsKnown);
        count();
    }

    /** The same with a fencing number. */
    public void inside(boolean deathIsKnown, long fence) throws IOException, InterruptedException {
        board.enter(deathIsKnown, fence);
        count();
    }

    private void count() throws IOException, InterruptedException {
        if (work.isToHold()) {
            board.countHalf();
            work.hold();
        }
        board.count();
        if (slow) {
            Pause.afterMessage();
        }
        board.leave();
    }
}
