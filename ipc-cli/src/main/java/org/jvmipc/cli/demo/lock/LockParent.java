package org.jvmipc.cli.demo.lock;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
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
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.shm.MemoryArea;
import org.jvmipc.shm.SharedMemory;
import org.jvmipc.shm.sync.FileMutex;
import org.jvmipc.shm.sync.Hold;

/**
 * The parent of the demo {@code lock}: starts {@link LockWriter}s, a {@link FileLockWriter} and {@link LockReader}s, and looks
 * at what was counted when all is over.
 */
final class LockParent implements Closeable {
    private static final int WRITERS = 2;
    private static final int READERS = 2;
    private static final int VICTIM = 1;

    private final DemoOptions options;
    private final DemoRun run;
    private final Address lock;
    private final Address memory;
    private final int count;
    private final Workers writers;
    private final Workers readers;

    LockParent(DemoOptions options, DemoRun run, Address lock, Address memory) {
        this.options = options;
        this.run = run;
        this.lock = lock;
        this.memory = memory;
        this.count = writers(options);
        this.writers = new Workers(run);
        this.readers = new Workers(run);
    }

    /** One at least of each kind; the last of them is the one with a {@code FileLock}. */
    private static int writers(DemoOptions options) {
        return Math.max(WRITERS, options.childrenOr(WRITERS));
    }

    /** The writers and the parent. */
    private static int members(DemoOptions options) {
        return writers(options) + 1;
    }

    /** How much memory is needed. */
    static int memoryBytes(DemoOptions options) {
        return Board.bytes(members(options));
    }

    /** Has all count and look; if one is to be killed, until the others have gone on after that. */
    LockCounted count() throws IOException, InterruptedException {
        launch();
        try (FileMutex mutex = FileMutex.open(lock)) {
            readers.start();
            readers.await(LockReader.SHARING);
            boolean refused = isRefused(mutex.tryLock());
            boolean shared = !isRefused(mutex.tryLockShared());
            readers.order(LockReader.GIVE_BACK);
            return count(mutex, refused, shared);
        }
    }

    private static boolean isRefused(@Nullable Hold hold) {
        try (hold) {
            return hold == null;
        }
    }

    private LockCounted count(FileMutex mutex, boolean refused, boolean shared)
            throws IOException, InterruptedException {
        run.phase("counting");
        long startNanos = System.nanoTime();
        writers.start();
        @Nullable HolderDeath death = writers.killHolder(VICTIM, options);
        Map<Integer, WorkReport> wrote = writers.await(WorkReport.DONE);
        long nanos = System.nanoTime() - startNanos;
        readers.stop();
        Map<Integer, WorkReport> read = readers.await(WorkReport.DONE);
        List<Peer> processes = new ArrayList<>(writers.end());
        processes.addAll(readers.end());
        int told = lookWithTheLockHeld(mutex)
                + read.values().stream().mapToInt(WorkReport::told).sum();
        return new LockCounted(new Counted(wrote, state(), told, processes, nanos, death), read, refused, shared);
    }

    private void launch() throws IOException, InterruptedException {
        for (int number = 1; number < count; number++) {
            writers.launch(number, "writer-" + number, launcher(LockWriter.class, number));
        }
        writers.launch(count, "file-lock-writer", launcher(FileLockWriter.class, count));
        for (int number = 1; number <= READERS; number++) {
            readers.launch(number, "reader-" + number, launcher(LockReader.class, members(options)));
        }
        writers.awaitReady();
        readers.awaitReady();
    }

    private JvmLauncher launcher(Class<?> main, int number) {
        long turns = options.killAfter() == null ? options.messages() : Work.WITHOUT_NUMBER;
        return DemoRun.launcher(
                        main,
                        Integer.toString(number),
                        Integer.toString(options.killAfter() == null ? 0 : VICTIM),
                        Long.toString(turns),
                        Boolean.toString(options.slow()))
                .handOver(LockWriter.LOCK, lock)
                .handOver(LockWriter.MEMORY, memory);
    }

    /** Is one more holder, in case that there was none after the one that died; how often it was told so. */
    private int lookWithTheLockHeld(FileMutex mutex) throws IOException, InterruptedException {
        try (SharedMemory shared = SharedMemory.open(memory);
                Hold hold = mutex.lock()) {
            Board board = new Board(area(shared), members(options));
            board.enter(options.killAfter() != null && board.isHeldBy(VICTIM));
            board.leave();
            return hold.previousOwnerDied() ? 1 : 0;
        }
    }

    private BoardState state() throws IOException {
        try (SharedMemory shared = SharedMemory.open(memory)) {
            return BoardState.of(area(shared), members(options));
        }
    }

    private MemoryArea area(SharedMemory shared) throws IOException {
        return shared.area(0, memoryBytes(options));
    }

    /** Closes the pipes to and from the children, who end with the run. */
    @Override
    public void close() throws IOException {
        try (writers) {
            readers.close();
        }
    }
}
