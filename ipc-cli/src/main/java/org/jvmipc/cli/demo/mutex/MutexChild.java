package org.jvmipc.cli.demo.mutex;

import java.io.IOException;
import org.jvmipc.cli.demo.shared.Board;
import org.jvmipc.cli.demo.shared.Counting;
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

    private MutexChild() {}

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
            Counting counting = new Counting(work, board, Boolean.parseBoolean(args[2]));
            work.begin();
            counting.run(() -> {
                try (SharedMutex.MutexHold hold = work.take(mutex::tryLock, mutex::lock)) {
                    work.told(hold.previousOwnerDied());
                    counting.inside(hold.previousOwnerDied(), hold.fence());
                }
            });
            work.end();
        }
    }
}
