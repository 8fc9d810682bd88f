package org.jvmipc.cli.demo.sem;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jvmipc.Address;
import org.jvmipc.cli.demo.DemoChild;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.shared.Passed;
import org.jvmipc.cli.demo.shared.Slots;
import org.jvmipc.cli.demo.shared.TakenReport;
import org.jvmipc.cli.demo.shared.WorkReport;
import org.jvmipc.cli.demo.shared.Workers;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.shm.Segment;

/**
 * The parent of the demo {@code sem}: makes a bounded buffer in a segment, and starts {@link SemProducer}s and
 * {@link SemConsumer}s for it. If P and V are left out, all is done again until an update of the buffer's numbers was lost.
 */
final class SemParent implements Closeable {
    private static final int PRODUCERS = 2;
    private static final int CONSUMERS = 2;
    private static final long LONGEST_ROUND = 1_000_000;

    private final DemoOptions options;
    private final DemoRun run;
    private final int count;
    private final int parties;
    private final Segment segment;
    private final Workers producers;
    private final List<DemoChild<TakenReport>> consumers = new ArrayList<>();

    SemParent(DemoOptions options, DemoRun run, Address address) throws IOException {
        this.options = options;
        this.run = run;
        this.count = options.childrenOr(PRODUCERS);
        this.parties = options.broken() ? count + CONSUMERS : 0;
        this.producers = new Workers(run);
        this.segment = Segment.open(address);
    }

    /** How many bytes of objects the segment has to have room for. */
    static long segmentBytes(DemoOptions options) {
        long spare = 4096;
        return spare + Slots.bytes(Slots.places(options), options.messageBytes());
    }

    /** Has all messages produced and consumed. */
    SemTransfer transfer() throws IOException, InterruptedException {
        SemTurns turns = new SemTurns(segment.createArea(SemTurns.AREA, SemTurns.BYTES));
        try (BoundedBuffer buffer =
                BoundedBuffer.create(segment, Slots.places(options), options.messageBytes(), options.broken())) {
            turns.set(options.messages());
            launch();
            run.phase("passing messages through the buffer");
            long startNanos = System.nanoTime();
            long lastNanos = startNanos + options.timeout().toNanos() / 4 * 3; // then nothing is lost any more
            SemTransfer seen = round(buffer, 1, startNanos);
            while (options.broken() && seen.lostUpdates() == 0 && System.nanoTime() - lastNanos < 0) {
                turns.set(Math.min(LONGEST_ROUND, turns.messages() * 2)); // until they meet in the middle of an update
                seen = round(buffer, seen.rounds() + 1, startNanos);
            }
            if (options.broken()) {
                producers.stop();
            }
            for (DemoChild<TakenReport> consumer : consumers) {
                consumer.order(SemConsumer.END);
            }
            seen.processes().addAll(producers.end());
            for (DemoChild<TakenReport> consumer : consumers) {
                seen.processes().add(consumer.end());
            }
            return seen;
        }
    }

    private void launch() throws IOException, InterruptedException {
        for (int number = 1; number <= count; number++) {
            producers.launch(number, "producer-" + number, launcher(SemProducer.class, number));
        }
        for (int number = 1; number <= CONSUMERS; number++) {
            JvmLauncher launcher = launcher(SemConsumer.class, count).arguments(Boolean.toString(options.slow()));
            consumers.add(DemoChild.launch(run, "consumer-" + number, launcher, TakenReport.class));
        }
        producers.awaitReady();
        for (DemoChild<TakenReport> consumer : consumers) {
            consumer.awaitReady();
        }
    }

    private JvmLauncher launcher(Class<?> main, int number) {
        return DemoRun.launcher(
                        main,
                        Long.toString(run.id()),
                        Integer.toString(number),
                        Integer.toString(options.payloadBytes()),
                        Integer.toString(parties))
                .handOver(SemProducer.SEGMENT, segment.address());
    }

    private SemTransfer round(BoundedBuffer buffer, int number, long startNanos)
            throws IOException, InterruptedException {
        for (DemoChild<TakenReport> consumer : consumers) {
            consumer.order(SemConsumer.TAKE);
        }
        producers.start();
        Map<Integer, WorkReport> produced = producers.await(WorkReport.DONE);
        List<Map<Integer, TakenReport>> consumed = new ArrayList<>();
        for (DemoChild<TakenReport> consumer : consumers) {
            consumed.add(TakenReport.await(consumer, count));
        }
        List<Peer> processes = new ArrayList<>();
        Passed passed = new Passed(produced, consumed);
        return new SemTransfer(passed, buffer.state(), number, processes, System.nanoTime() - startNanos);
    }

    /** Closes the segment, and the pipes to and from the children, who end with the run. */
    @Override
    public void close() throws IOException {
        try (segment;
                producers) {
            for (DemoChild<TakenReport> consumer : consumers) {
                consumer.close();
            }
        }
    }
}
