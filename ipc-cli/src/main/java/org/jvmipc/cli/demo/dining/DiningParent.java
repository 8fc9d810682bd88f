package org.jvmipc.cli.demo.dining;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.shared.HolderDeath;
import org.jvmipc.cli.demo.shared.WorkReport;
import org.jvmipc.cli.demo.shared.Workers;
import org.jvmipc.shm.MemoryArea;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.sync.SharedBarrier;
import org.jvmipc.shm.sync.SharedMutex;

/**
 * The parent of the demo {@code dining}: lays the table, with a fork between each two, starts {@link Philosopher}s, and looks at
 * what was eaten when all is over. If one is to be killed, the seed says who, and with how many forks in its hands.
 */
final class DiningParent implements Closeable {
    private static final int PHILOSOPHERS = 5;

    private final DemoOptions options;
    private final DemoRun run;
    private final Address address;
    private final int count;
    private final long seed;
    private final int victim;
    private final int forksToDieWith;
    private final Workers philosophers;

    DiningParent(DemoOptions options, DemoRun run, Address address) {
        this.options = options;
        this.run = run;
        this.address = address;
        this.count = options.childrenOr(PHILOSOPHERS);
        this.seed = run.seed(options);
        SplittableRandom random = new SplittableRandom(seed);
        this.victim = 1 + random.nextInt(count);
        this.forksToDieWith = 1 + random.nextInt(2);
        this.philosophers = new Workers(run);
    }

    /** Has all eat; if one is to be killed, until the others have eaten after that, and have had all their meals. */
    Dined dine() throws IOException, InterruptedException {
        try (Segment segment = Segment.open(address)) {
            MemoryArea table = lay(segment);
            launch();
            philosophers.awaitReady();
            run.phase("eating");
            long startNanos = System.nanoTime();
            philosophers.start();
            @Nullable HolderDeath death = philosophers.killHolder(victim, options);
            Map<Integer, WorkReport> reports = philosophers.await(WorkReport.DONE);
            long nanos = System.nanoTime() - startNanos;
            List<Peer> processes = philosophers.end();
            int forksOfDead = death == null ? 0 : forksToDieWith;
            return new Dined(seed, reports, TableState.of(table, count), processes, nanos, death, forksOfDead);
        }
    }

    private MemoryArea lay(Segment segment) throws IOException {
        for (int fork = 0; fork < count; fork++) {
            SharedMutex.create(segment, Philosopher.FORK + fork).close();
        }
        SharedBarrier.create(segment, Philosopher.SEATS, count).close();
        return segment.createArea(DiningTable.AREA, DiningTable.bytes(count));
    }

    private void launch() throws IOException {
        for (int number = 1; number <= count; number++) {
            philosophers.launch(
                    number,
                    "philosopher-" + number,
                    DemoRun.launcher(
                                    Philosopher.class,
                                    Integer.toString(number),
                                    Integer.toString(count),
                                    Long.toString(options.messages()),
                                    Boolean.toString(options.killAfter() != null),
                                    Integer.toString(forksToDieWith),
                                    Boolean.toString(options.slow()))
                            .handOver(Philosopher.SEGMENT, address));
        }
    }

    /** Closes the pipes to and from the children, who end with the run. */
    @Override
    public void close() throws IOException {
        philosophers.close();
    }
}
