package org.jvmipc.cli.demo.dining;

import java.io.IOException;
import org.jvmipc.cli.demo.shared.Work;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.sync.SharedBarrier;
import org.jvmipc.shm.sync.SharedMutex;
import org.jvmipc.shm.sync.SharedMutex.MutexHold;

/**
 * A philosopher of the demo {@code dining}: sits down with the others, and eats again and again with the two forks beside him,
 * each of them a mutex in shared memory. He picks up the one with the lower number first: so there is no circle in which each
 * has a fork and waits for the next one's. {@link DiningParent} says when.
 */
final class Philosopher {
    /** What the address is handed over as. */
    static final String SEGMENT = "segment";

    /** The barrier in the segment at which all sit down. */
    static final String SEATS = "seats";

    /** With a number: the mutex of a fork. */
    static final String FORK = "fork-";

    private final Work work;
    private final DiningTable table;
    private final SharedMutex lower;
    private final SharedMutex higher;
    private final boolean slow;
    private int contended;

    private Philosopher(Work work, DiningTable table, SharedMutex lower, SharedMutex higher, boolean slow) {
        this.work = work;
        this.table = table;
        this.lower = lower;
        this.higher = higher;
        this.slow = slow;
    }

    /**
     * Plays a philosopher.
     *
     * @param args number of this one, how many there are, meals, whether one is to be killed, how many forks that one
     *     has then, slow
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        int philosophers = Integer.parseInt(args[1]);
        int forksToDieWith = Integer.parseInt(args[4]);
        try (Work work = Work.open(Long.parseLong(args[2]), Boolean.parseBoolean(args[3]));
                Segment segment = Segment.open(ParentJvm.get().address(SEGMENT))) {
            DiningTable table =
                    new DiningTable(segment.area(DiningTable.AREA), philosophers, Integer.parseInt(args[0]));
            try (SharedMutex lower = SharedMutex.open(segment, FORK + table.lower());
                    SharedMutex higher = SharedMutex.open(segment, FORK + table.higher())) {
                sitDown(segment, work);
                new Philosopher(work, table, lower, higher, Boolean.parseBoolean(args[5])).live(forksToDieWith);
                work.end();
            }
        }
    }

    private static void sitDown(Segment segment, Work work) throws IOException, InterruptedException {
        try (SharedBarrier seats = SharedBarrier.open(segment, SEATS)) {
            work.begin();
            seats.await(); // then all are there, and who dies later keeps nobody from it
        }
    }

    private void live(int forksToDieWith) throws IOException, InterruptedException {
        while (work.another()) {
            eat();
            work.turn();
        }
        if (work.isToHold()) {
            die(forksToDieWith);
        }
    }

    private void eat() throws IOException, InterruptedException {
        contended = 0;
        long hungryNanos = System.nanoTime();
        try (MutexHold first = take(lower)) {
            table.pickUp(table.lower(), first.previousOwnerDied());
            try (MutexHold second = take(higher)) {
                table.pickUp(table.higher(), second.previousOwnerDied());
                table.begin(System.nanoTime() - hungryNanos, contended == 2);
                work.linger(slow);
                table.finish();
                table.putDown(table.higher());
            }
            table.putDown(table.lower());
        }
    }

    private MutexHold take(SharedMutex fork) throws IOException, InterruptedException {
        table.want();
        MutexHold hold = work.take(fork::tryLock, () -> {
            contended++;
            return fork.lock();
        });
        work.told(hold.previousOwnerDied());
        return hold;
    }

    /** Picks up one fork, or both and begins to eat, and is killed so. */
    private void die(int forks) throws IOException, InterruptedException {
        try (MutexHold first = take(lower)) {
            table.pickUp(table.lower(), first.previousOwnerDied());
            if (forks == 1) {
                work.hold();
            }
            try (MutexHold second = take(higher)) {
                table.pickUp(table.higher(), second.previousOwnerDied());
                table.begin(0, false);
                work.hold();
            }
        }
    }
}
