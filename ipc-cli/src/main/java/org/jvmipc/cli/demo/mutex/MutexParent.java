package org.jvmipc.cli.demo.mutex;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.shared.Board;
import org.jvmipc.cli.demo.shared.BoardState;
import org.jvmipc.cli.demo.shared.Counted;
import org.jvmipc.cli.demo.shared.HolderDeath;
import org.jvmipc.cli.demo.shared.Work;
import org.jvmipc.cli.demo.shared.WorkReport;
import org.jvmipc.cli.demo.shared.Workers;
import org.jvmipc.shm.MemoryArea;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.sync.SharedMutex;

/**
 * The parent of the demo {@code mutex}: puts a mutex and what it guards into a segment, starts {@link MutexChild}ren, and looks
 * at what they have counted when all is over.
 */
final class MutexParent implements Closeable {
    private static final int CHILDREN = 2;
    private static final int VICTIM = 1;

    private final DemoOptions options;
    private final DemoRun run;
    private final Address address;
    private final int count;
    private final Workers workers;

    MutexParent(DemoOptions options, DemoRun run, Address address) {
        this.options = options;
        this.run = run;
        this.address = address;
        this.count = options.childrenOr(CHILDREN);
        this.workers = new Workers(run);
    }

    /** Has all children count; if one is to be killed, until the others have gone on after that. */
    Counted count() throws IOException, InterruptedException {
        try (Segment segment = Segment.open(address);
                SharedMutex mutex = SharedMutex.create(segment, MutexChild.MUTEX)) {
            MemoryArea area = segment.createArea(MutexChild.BOARD, Board.bytes(count + 1)); // one is the parent
            Board board = new Board(area, count + 1);
            lookWithTheLockHeld(mutex, board); // done once, it is quick the next time
            launch();
            workers.awaitReady();
            run.phase("counting");
            long startNanos = System.nanoTime();
            workers.start();
            @Nullable HolderDeath death = workers.killHolder(VICTIM, options);
            int told = lookWithTheLockHeld(mutex, board);
            Map<Integer, WorkReport> reports = workers.await(WorkReport.DONE);
            long nanos = System.nanoTime() - startNanos;
            List<Peer> processes = workers.end();
            return new Counted(reports, BoardState.of(area, count + 1), told, processes, nanos, death);
        }
    }

    private void launch() throws IOException {
        long turns = options.killAfter() == null ? options.messages() : Work.WITHOUT_NUMBER;
        for (int number = 1; number <= count; number++) {
            workers.launch(
                    number,
                    "child-" + number,
                    DemoRun.launcher(
                                    MutexChild.class,
                                    Integer.toString(number),
                                    Long.toString(turns),
                                    Boolean.toString(options.slow()))
                            .handOver(MutexChild.SEGMENT, address));
        }
    }

    /** Is one more holder, in case that there is no other after the one that died; how often it was told so. */
    private static int lookWithTheLockHeld(SharedMutex mutex, Board board) throws InterruptedException {
        try (SharedMutex.MutexHold hold = mutex.lock()) {
            board.enter(hold.previousOwnerDied(), hold.fence());
            board.leave();
            return hold.previousOwnerDied() ? 1 : 0;
        }
    }

    /** Closes the pipes to and from the children, who end with the run. */
    @Override
    public void close() throws IOException {
        workers.close();
    }
}
