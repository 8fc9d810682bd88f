package org.jvmipc.cli.demo.sem;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jvmipc.Address;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.cli.demo.shared.HolderDeath;
import org.jvmipc.cli.demo.shared.WorkReport;
import org.jvmipc.cli.demo.shared.Workers;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.sync.SharedSemaphore;

/**
 * The parent of the demo {@code sem} when somebody is killed: makes a robust semaphore, starts {@link SemUser}s, kills one that
 * has all permits, and counts in the end whether they are all there.
 */
final class PoolParent implements Closeable {
    private static final int USERS = 2;
    private static final int VICTIM = 1;

    /** More than enough for the kernel to bury a process. */
    private static final Duration TO_COME_BACK = Duration.ofSeconds(5);

    private final DemoOptions options;
    private final DemoRun run;
    private final Address address;
    private final int count;
    private final Workers users;

    PoolParent(DemoOptions options, DemoRun run, Address address) {
        this.options = options;
        this.run = run;
        this.address = address;
        this.count = options.childrenOr(USERS);
        this.users = new Workers(run);
    }

    /** Has all use the pool, kills one that has all of it, and ends when the others have gone on. */
    PoolDeath kill(Duration after) throws IOException, InterruptedException {
        try (Segment segment = Segment.open(address);
                SharedSemaphore places = SharedSemaphore.create(segment, Pool.SEMAPHORE, Pool.PERMITS, true)) {
            // One more member is the parent.
            Pool pool = new Pool(segment.createArea(Pool.AREA, Pool.bytes(count + 1)), count + 1);
            takeAll(places, pool); // done once, it is quick the next time
            launch();
            users.awaitReady();
            run.phase("using the pool");
            long startNanos = System.nanoTime();
            users.start();
            HolderDeath death = users.killHolder(VICTIM, after);
            users.stop();
            Map<Integer, WorkReport> reports = users.await(WorkReport.DONE);
            long nanos = System.nanoTime() - startNanos;
            int permitsBack = takeAll(places, pool);
            return new PoolDeath(reports, death, pool.state(permitsBack), users.end(), nanos);
        }
    }

    private void launch() throws IOException {
        for (int number = 1; number <= count; number++) {
            users.launch(
                    number,
                    "user-" + number,
                    DemoRun.launcher(SemUser.class, Integer.toString(number), Boolean.toString(options.slow()))
                            .handOver(SemProducer.SEGMENT, address));
        }
    }

    /** Takes all permits there are, more than there were if there are, and gives them back; how many. */
    private static int takeAll(SharedSemaphore places, Pool pool) throws InterruptedException {
        int had = 0;
        while (had < Pool.PERMITS && places.tryAcquire(TO_COME_BACK)) {
            had++;
        }
        while (places.tryAcquire()) {
            had++;
        }
        if (had > 0) {
            pool.enter(had);
            pool.leave();
            places.release(had);
        }
        return had;
    }

    /** Closes the pipes to and from the children, who end with the run. */
    @Override
    public void close() throws IOException {
        users.close();
    }
}
