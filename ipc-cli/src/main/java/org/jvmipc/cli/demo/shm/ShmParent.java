package org.jvmipc.cli.demo.shm;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.cli.demo.DemoChild;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.shared.HolderDeath;
import org.jvmipc.cli.demo.shared.Slots;
import org.jvmipc.cli.demo.shared.TakenReport;
import org.jvmipc.cli.demo.shared.Work;
import org.jvmipc.cli.demo.shared.WorkReport;
import org.jvmipc.cli.demo.shared.Workers;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.shm.SharedMemory;

/**
 * The parent of the demo {@code shm}: starts {@link ShmWriter}s and a {@link ShmReader}, and looks into the memory when all is
 * over.
 */
final class ShmParent implements Closeable {
    private static final int WRITERS = 2;
    private static final int VICTIM = 1;
    private static final int CAPACITY_BYTES = 64 * 1024;

    /** How often the survivors count, where the messages have no number. */
    private static final long TIMES_AFTER_DEATH = 1_000;

    private final DemoOptions options;
    private final DemoRun run;
    private final Address lock;
    private final Address memory;
    private final int count;
    private final long times;
    private final Workers writers;
    private @Nullable DemoChild<TakenReport> reader;

    ShmParent(DemoOptions options, DemoRun run, Address lock, Address memory) {
        this.options = options;
        this.run = run;
        this.lock = lock;
        this.memory = memory;
        this.count = writers(options);
        this.times = options.killAfter() == null ? options.messages() : TIMES_AFTER_DEATH;
        this.writers = new Workers(run);
    }

    private static int writers(DemoOptions options) {
        return options.childrenOr(WRITERS);
    }

    /** How much memory is needed. */
    static int memoryBytes(DemoOptions options) {
        long bytes = options.capacityBytes() == 0 ? CAPACITY_BYTES : options.capacityBytes();
        long places = Slots.places(bytes, options.messageBytes());
        return ShmArea.bytes(writers(options) + 1, places, options.messageBytes());
    }

    /** Has all messages written and read, then has all writers count; if one is to be killed, the others. */
    ShmTransfer transfer() throws IOException, InterruptedException {
        DemoChild<TakenReport> reads = launch();
        run.phase("writing to the reader");
        long startNanos = System.nanoTime();
        reads.order(ShmReader.READ);
        writers.start();
        @Nullable HolderDeath death = writers.killHolder(VICTIM, options);
        Map<Integer, WorkReport> wrote = writers.await(WorkReport.DONE);
        reads.order(ShmReader.FINISH);
        Map<Integer, TakenReport> received = TakenReport.await(reads, count);
        long nanos = System.nanoTime() - startNanos;
        run.phase("counting");
        startNanos = System.nanoTime();
        writers.order(ShmWriter.COUNT);
        writers.await(ShmWriter.COUNTED);
        long countingNanos = System.nanoTime() - startNanos;
        List<Peer> processes = new ArrayList<>(writers.end());
        processes.add(reads.end());
        try (SharedMemory shared = SharedMemory.open(memory)) {
            ShmArea area = new ShmArea(shared, count + 1, options.messageBytes());
            return new ShmTransfer(
                    wrote,
                    received,
                    area.boardState(),
                    variables(area),
                    times,
                    (int) shared.size(),
                    processes,
                    nanos,
                    countingNanos,
                    death);
        }
    }

    private ShmTransfer.Variables variables(ShmArea area) {
        Map<Integer, Long> perWriter = new TreeMap<>();
        for (int number = 1; number <= count; number++) {
            perWriter.put(number, area.perWriter().getVolatile(number - 1));
        }
        return new ShmTransfer.Variables(
                area.total().getVolatile(),
                perWriter,
                area.atomic().getVolatile(),
                area.counter().sum());
    }

    private DemoChild<TakenReport> launch() throws IOException, InterruptedException {
        String members = Integer.toString(count + 1);
        String victim = Integer.toString(options.killAfter() == null ? 0 : VICTIM);
        long turns = options.killAfter() == null ? options.messages() : Work.WITHOUT_NUMBER;
        String runId = Long.toString(run.id());
        String payloadBytes = Integer.toString(options.payloadBytes());
        for (int number = 1; number <= count; number++) {
            JvmLauncher launcher = launcher(ShmWriter.class, runId, Integer.toString(number), payloadBytes)
                    .arguments(members, victim, Long.toString(turns), Long.toString(times));
            writers.launch(number, "writer-" + number, launcher);
        }
        JvmLauncher launcher = launcher(ShmReader.class, runId, payloadBytes, members, victim)
                .arguments(Boolean.toString(options.slow()));
        DemoChild<TakenReport> launched = DemoChild.launch(run, "reader", launcher, TakenReport.class);
        reader = launched;
        writers.awaitReady();
        launched.awaitReady();
        return launched;
    }

    private JvmLauncher launcher(Class<?> main, String... arguments) {
        return DemoRun.launcher(main, arguments).handOver(ShmWriter.LOCK, lock).handOver(ShmWriter.MEMORY, memory);
    }

    /** Closes the pipes to and from the children, who end with the run. */
    @Override
    public void close() throws IOException {
        try (writers) {
            if (reader != null) {
                reader.close();
            }
        }
    }
}
