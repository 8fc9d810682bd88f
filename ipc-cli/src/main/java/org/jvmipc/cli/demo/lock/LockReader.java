package org.jvmipc.cli.demo.lock;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.jvmipc.cli.demo.shared.Board;
import org.jvmipc.cli.demo.shared.Work;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.SharedMemory;
import org.jvmipc.shm.sync.FileMutex;
import org.jvmipc.shm.sync.Hold;

/**
 * A reader of the demo {@code lock}: shares the lock with other readers, at first until all have it, and then now and then to
 * look whether what the writers change is whole. {@link LockParent} says when.
 */
final class LockReader {
    /** It has the lock, shared. */
    static final String SHARING = "sharing";

    /** Give it back, and go on. */
    static final String GIVE_BACK = "give back";

    /** A lock that is shared all the time lets no writer in. */
    private static final long BETWEEN_LOOKS_NANOS = 200_000;

    private LockReader() {}

    /**
     * Plays a reader.
     *
     * @param args number of a place on the board, number of the one to be killed or 0
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        ParentJvm parent = ParentJvm.get();
        int victim = Integer.parseInt(args[1]);
        try (Work work = Work.open(Work.WITHOUT_NUMBER);
                SharedMemory memory = SharedMemory.open(parent.address(LockWriter.MEMORY));
                FileMutex mutex = FileMutex.open(parent.address(LockWriter.LOCK))) {
            Board board = new Board(memory.area(0, (int) memory.size()), Integer.parseInt(args[0]));
            work.begin();
            try (Hold hold = mutex.lockShared()) {
                work.told(hold.previousOwnerDied());
                board.look(victim);
                work.report(SHARING);
                work.await(GIVE_BACK);
            }
            work.turn();
            while (work.another()) {
                try (Hold hold = work.take(mutex::tryLockShared, mutex::lockShared)) {
                    work.told(hold.previousOwnerDied());
                    board.look(victim);
                }
                work.turn();
                LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
            }
            work.end();
        }
    }
}
