package org.jvmipc.cli.demo.readerswriters;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
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
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.sync.SharedLatch;
import org.jvmipc.shm.sync.SharedReadWriteLock;

/**
 * The parent of the demo {@code readers-writers}: makes the record and its lock, starts {@link RecordReader}s and
 * {@link RecordWriter}s, and looks at the record when all is over. If one is to be killed, the seed says who, unless it is said.
 */
final class RecordParent implements Closeable {
    private static final int READERS = 3;
    private static final int WRITERS = 2;

    private final DemoOptions options;
    private final DemoRun run;
    private final Address address;
    private final int readerCount;
    private final long seed;
    private final boolean writerDies;
    private final int victim;
    private final Workers readers;
    private final Workers writers;

    RecordParent(DemoOptions options, DemoRun run, Address address) {
        this.options = options;
        this.run = run;
        this.address = address;
        this.readerCount = options.childrenOr(READERS);
        this.seed = run.seed(options);
        SplittableRandom random = new SplittableRandom(seed);
        boolean chosen = random.nextBoolean();
        this.writerDies = options.victim() == null ? chosen : options.victim().equals(RecordDemo.WRITER);
        int one = writerDies ? readerCount + 1 + random.nextInt(WRITERS) : 1 + random.nextInt(readerCount);
        this.victim = options.killAfter() == null ? 0 : one;
        this.readers = new Workers(run);
        this.writers = new Workers(run);
    }

    private static int members(DemoOptions options) {
        return options.childrenOr(READERS) + WRITERS;
    }

    /** How many bytes of objects the segment has to have room for. */
    static long segmentBytes(DemoOptions options) {
        long spare = 64 * 1024;
        return spare + SharedRecord.bytes(members(options), options.payloadBytes());
    }

    /** Has all read and write; if one is to be killed, until the others have gone on after that. */
    Recorded play() throws IOException, InterruptedException {
        int members = members(options);
        try (Segment segment = Segment.open(address)) {
            SharedReadWriteLock.create(segment, RecordReader.LOCK, true).close(); // else writers might never write
            SharedLatch.create(segment, RecordReader.TOGETHER, readerCount).close();
            int bytes = SharedRecord.bytes(members, options.payloadBytes());
            SharedRecord shared =
                    new SharedRecord(segment.createArea(SharedRecord.AREA, bytes), members, members, victim);
            shared.clear();
            launch(members);
            run.phase("reading and writing");
            long startNanos = System.nanoTime();
            readers.start();
            writers.start();
            @Nullable HolderDeath death = kill(options.killAfter());
            Map<Integer, WorkReport> read = readers.await(WorkReport.DONE);
            Map<Integer, WorkReport> written = writers.await(WorkReport.DONE);
            long nanos = System.nanoTime() - startNanos;
            List<Peer> processes = new ArrayList<>(readers.end());
            processes.addAll(writers.end());
            return new Recorded(seed, read, written, shared.state(), processes, nanos, death, writerDies);
        }
    }

    private @Nullable HolderDeath kill(@Nullable Duration after) throws IOException, InterruptedException {
        if (after == null) {
            return null;
        }
        HolderDeath death = (writerDies ? writers : readers).killHolder(victim, after);
        (writerDies ? readers : writers).goOn();
        readers.stop();
        writers.stop();
        return death;
    }

    private void launch(int members) throws IOException, InterruptedException {
        for (int number = 1; number <= members; number++) {
            boolean reads = number <= readerCount;
            int ofKind = reads ? number : number - readerCount;
            (reads ? readers : writers)
                    .launch(
                            number,
                            (reads ? "reader-" : "writer-") + ofKind,
                            DemoRun.launcher(
                                            reads ? RecordReader.class : RecordWriter.class,
                                            Integer.toString(number),
                                            Integer.toString(members),
                                            Integer.toString(victim),
                                            Long.toString(options.messages()),
                                            Boolean.toString(options.slow()))
                                    .handOver(RecordReader.SEGMENT, address));
        }
        readers.awaitReady();
        writers.awaitReady();
    }

    /** Closes the pipes to and from the children, who end with the run. */
    @Override
    public void close() throws IOException {
        try (readers) {
            writers.close();
        }
    }
}
