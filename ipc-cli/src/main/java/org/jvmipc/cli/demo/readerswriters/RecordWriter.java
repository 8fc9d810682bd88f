package org.jvmipc.cli.demo.readerswriters;

import java.io.IOException;
import org.jvmipc.cli.demo.shared.Work;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.sync.SharedLatch;
import org.jvmipc.shm.sync.SharedReadWriteLock;
import org.jvmipc.shm.sync.WriteHold;

/**
 * A writer of the demo {@code readers-writers}: changes a record in shared memory with nobody beside, again and again; one that
 * is told that the writer before has died finishes that one's change first. {@link RecordReader}s read it, {@link RecordParent}
 * says when.
 */
final class RecordWriter {
    private RecordWriter() {}

    /**
     * Plays a writer.
     *
     * @param args number of this member, how many there are, number of the one to be killed or 0, turns, slow
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        int victim = Integer.parseInt(args[2]);
        boolean slow = Boolean.parseBoolean(args[4]);
        try (Work work = Work.open(Long.parseLong(args[3]), victim != 0);
                Segment segment = Segment.open(ParentJvm.get().address(RecordReader.SEGMENT));
                SharedReadWriteLock lock = SharedReadWriteLock.open(segment, RecordReader.LOCK);
                SharedLatch together = SharedLatch.open(segment, RecordReader.TOGETHER)) {
            SharedRecord shared = new SharedRecord(
                    segment.area(SharedRecord.AREA), Integer.parseInt(args[1]), Integer.parseInt(args[0]), victim);
            work.begin();
            together.await(); // who waits for the lock keeps readers out, who are to have it together once
            while (work.another()) {
                write(work, lock, shared, slow);
                work.turn();
            }
            if (work.isToHold()) {
                write(work, lock, shared, slow); // from which it does not come back
            }
            work.end();
        }
    }

    private static void write(Work work, SharedReadWriteLock lock, SharedRecord shared, boolean slow)
            throws IOException, InterruptedException {
        try (WriteHold hold = work.take(lock::tryWriteLock, lock::writeLock)) {
            work.told(hold.previousOwnerDied());
            shared.enterAlone(hold.previousOwnerDied());
            if (work.isToHold()) {
                shared.changeHalf();
                work.hold();
            }
            shared.change();
            work.linger(slow);
            shared.leaveAlone();
        }
    }
}
