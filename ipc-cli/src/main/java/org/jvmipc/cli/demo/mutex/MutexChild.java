package org.jvmipc.cli.demo.mutex;

import java.io.IOException;
import org.jvmipc.cli.demo.Pause;
import org.jvmipc.cli.demo.shared.Board;
import org.jvmipc.cli.demo.shared.Work;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.sync.SharedMutex;

/**
 * A child of the demo {@code mutex}: opens a segment by its address, and counts there with the mutex held, again and again.
 * {@link MutexParent} says when.
 */
final class MutexChild {
    /** What the address is handed over as. */
    static final String SEGMENT = "segment";

    /** The mutex in the segment. */
    static final String MUTEX = "mutex";

    /** What it guards. */
    static final String BOARD = "board";

    private final Work work;
    private final SharedMutex mutex;
    private final Board board;
    private final boolean slow;

    private MutexChild(Work work, SharedMutex mutex, Board board, boolean slow) {
        this.work = work;
        this.mutex = mutex;
        this.board = board;
        this.slow = slow;
    }

    /**
     * Plays a child.
     *
     * @param args number of this child, turns, slow
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        try (Work work = Work.open(Long.parseLong(args[1]));
                Segment segment = Segment.open(ParentJvm.get().address(SEGMENT));
                SharedMutex mutex = SharedMutex.open(segment, MUTEX)) {
            Board board = new Board(segment.area(BOARD), Integer.parseInt(args[0]));
            work.begin();
            new MutexChild(work, mutex, board, Boolean.parseBoolean(args[2])).run();
            work.end();
        }
    }

    private void run() throws IOException, InterruptedException {
        while (work.another()) {
            try (SharedMutex.MutexHold hold = lock()) {
                board.enter(hold.previousOwnerDied(), hold.fence());
                board.count();
                if (slow) {
                    Pause.afterMessage();
                }
                board.leave();
            }
            work.turn();
        }
        if (work.isToHold()) {
            dieHolding();
        }
    }

    private SharedMutex.MutexHold lock() throws IOException, InterruptedException {
        SharedMutex.MutexHold hold = work.take(mutex::tryLock, mutex::lock);
        work.told(hold.previousOwnerDied());
        return hold;
    }

    /** Is killed in the middle of a turn, with the mutex held. */
    private void dieHolding() throws IOException, InterruptedException {
        try (SharedMutex.MutexHold hold = lock()) {
            board.enter(hold.previousOwnerDied(), hold.fence());
            board.countHalf();
            work.hold();
        }
    }
}
