package org.jvmipc.cli.demo.sem;

import java.io.IOException;
import org.jvmipc.cli.demo.Pause;
import org.jvmipc.cli.demo.shared.Work;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.sync.SharedSemaphore;

/**
 * A user of a pool in the demo {@code sem}: takes some permits of a robust semaphore, uses as many places, and gives them
 * back. One user takes all, and is killed. {@link PoolParent} says when.
 */
final class SemUser {
    private static final int MOST_AT_ONCE = 2;

    private final Work work;
    private final SharedSemaphore places;
    private final Pool pool;

    private SemUser(Work work, SharedSemaphore places, Pool pool) {
        this.work = work;
        this.places = places;
        this.pool = pool;
    }

    /**
     * Plays a user.
     *
     * @param args number of this user, slow
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        try (Work work = Work.open(Work.WITHOUT_NUMBER);
                Segment segment = Segment.open(ParentJvm.get().address(SemProducer.SEGMENT));
                SharedSemaphore places = SharedSemaphore.open(segment, Pool.SEMAPHORE)) {
            Pool pool = new Pool(segment.area(Pool.AREA), Integer.parseInt(args[0]));
            work.begin();
            new SemUser(work, places, pool).run(Boolean.parseBoolean(args[1]));
            work.end();
        }
    }

    private void run(boolean slow) throws IOException, InterruptedException {
        int permits = 1;
        while (work.another()) {
            acquire(permits);
            pool.enter(permits);
            if (slow) {
                Pause.afterMessage();
            }
            pool.leave();
            places.release(permits);
            work.turn();
            permits = permits % MOST_AT_ONCE + 1;
        }
        if (work.isToHold()) {
            dieHoldingAll();
        }
    }

    private void acquire(int permits) throws InterruptedException {
        if (!places.tryAcquire(permits)) {
            long startNanos = System.nanoTime();
            places.acquire(permits);
            work.waited(System.nanoTime() - startNanos);
        }
    }

    /** Takes all, one by one, since who wants many at once may wait as long as others come who want few. */
    private void dieHoldingAll() throws IOException, InterruptedException {
        for (int i = 0; i < Pool.PERMITS; i++) {
            acquire(1);
        }
        pool.enter(Pool.PERMITS);
        pool.holdAll();
        work.hold();
    }
}
