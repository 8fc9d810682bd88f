package org.jvmipc.cli.demo.lock;

import java.io.IOException;
import org.jvmipc.cli.demo.shared.Board;
import org.jvmipc.cli.demo.shared.Counting;
import org.jvmipc.cli.demo.shared.Work;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.SharedMemory;
import org.jvmipc.shm.sync.FileMutex;
import org.jvmipc.shm.sync.Hold;

/**
 * A writer of the demo {@code lock}: counts in shared memory with a file locked for itself alone, again and again.
 * {@link LockParent} says when.
 */
final class LockWriter {
    /** What the address of the lock is handed over as. */
    static final String LOCK = "lock";

    /** What the address of the memory is handed over as. */
    static final String MEMORY = "memory";

    private LockWriter() {}

    /**
     * Plays a writer.
     *
     * @param args number of this writer, number of the one to be killed or 0, turns, slow
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        ParentJvm parent = ParentJvm.get();
        int victim = Integer.parseInt(args[1]);
        try (Work work = Work.open(Long.parseLong(args[2]));
                SharedMemory memory = SharedMemory.open(parent.address(MEMORY));
                FileMutex mutex = FileMutex.open(parent.address(LOCK))) {
            Board board = new Board(memory.area(0, (int) memory.size()), Integer.parseInt(args[0]));
            Counting counting = new Counting(work, board, Boolean.parseBoolean(args[3]));
            work.begin();
            counting.run(() -> {
                try (Hold hold = work.take(mutex::tryLock, mutex::lock)) {
                    work.told(hold.previousOwnerDied()); // unless a reader was told before
                    counting.inside(board.isHeldBy(victim));
                }
            });
            work.end();
        }
    }
}
