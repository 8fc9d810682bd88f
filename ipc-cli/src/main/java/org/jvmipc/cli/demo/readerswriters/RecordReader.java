package org.jvmipc.cli.demo.readerswriters;

import java.io.IOException;
import org.jvmipc.cli.demo.shared.Work;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.sync.ReadHold;
import org.jvmipc.shm.sync.SharedLatch;
import org.jvmipc.shm.sync.SharedReadWriteLock;

/**
 * A reader of the demo {@code readers-writers}: reads a record in shared memory beside other readers, and never beside a writer,
 * again and again. {@link RecordWriter}s change it, {@link RecordParent} says when.
 */
final class RecordReader {
    /** What the address is handed over as. */
    static final String SEGMENT = "segment";

    /** The lock in the segment. */
    static final String LOCK = "lock";

    /** The latch in the segment that opens when all readers have the lock. */
    static final String TOGETHER = "together";

    private final Work work;
    private final SharedReadWriteLock lock;
    private final SharedRecord shared;

    private RecordReader(Work work, SharedReadWriteLock lock, SharedRecord shared) {
        this.work = work;
        this.lock = lock;
        this.shared = shared;
    }

    /**
     * Plays a reader.
     *
     * @param args number of this member, how many there are, number of the one to be killed or 0, turns, slow
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        int victim = Integer.parseInt(args[2]);
        boolean slow = Boolean.parseBoolean(args[4]);
        try (Work work = Work.open(Long.parseLong(args[3]), victim != 0);
                Segment segment = Segment.open(ParentJvm.get().address(SEGMENT));
                SharedReadWriteLock lock = SharedReadWriteLock.open(segment, LOCK);
                SharedLatch together = SharedLatch.open(segment, TOGETHER)) {
            SharedRecord shared = new SharedRecord(
                    segment.area(SharedRecord.AREA), Integer.parseInt(args[1]), Integer.parseInt(args[0]), victim);
            RecordReader reader = new RecordReader(work, lock, shared);
            work.begin();
            reader.read(() -> {
                together.countDown();
                together.await(); // with the lock held, as all others have it: the writers wait for that too
            });
            while (work.another()) {
                reader.read(() -> work.linger(slow));
                work.turn();
            }
            if (work.isToHold()) {
                reader.read(work::hold);
            }
            work.end();
        }
    }

    /** What is done with the lock held. */
    private interface Meanwhile {
        void run() throws IOException, InterruptedException;
    }

    private void read(Meanwhile meanwhile) throws IOException, InterruptedException {
        try (ReadHold hold = work.take(lock::tryReadLock, lock::readLock)) {
            work.told(hold.previousOwnerDied());
            shared.enter();
            meanwhile.run();
            shared.read(hold.previousOwnerDied());
            shared.leave();
        }
    }
}
