package org.jvmipc.cli.demo.producersconsumers;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.cli.demo.MessageSource;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.producersconsumers.MonitorTransfer.MonitorDeath;
import org.jvmipc.cli.demo.shared.HolderDeath;
import org.jvmipc.cli.demo.shared.Passed;
import org.jvmipc.cli.demo.shared.Slots;
import org.jvmipc.cli.demo.shared.TakenReport;
import org.jvmipc.cli.demo.shared.WorkReport;
import org.jvmipc.cli.demo.shared.Workers;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.shm.Segment;

/**
 * The parent of the demo {@code producers-consumers}: makes the buffer, starts {@link MonitorProducer}s and {@link MonitorConsumer}s,
 * and looks at what came through when all is over. If one is to be killed, the seed says who, unless it is said, and at what moment.
 */
final class MonitorParent implements Closeable {
    private static final int PRODUCERS = 2;
    private static final int CONSUMERS = 2;

    private final DemoOptions options;
    private final DemoRun run;
    private final Address address;
    private final int count;
    private final long seed;
    private final boolean consumerDies;
    private final int victim;
    private final Moment moment;
    private final Workers producers;
    private final Workers consumers;
    private int told;
    private long toldNanos;

    MonitorParent(DemoOptions options, DemoRun run, Address address) {
        this.options = options;
        this.run = run;
        this.address = address;
        this.count = options.childrenOr(PRODUCERS);
        this.seed = run.seed(options);
        SplittableRandom random = new SplittableRandom(seed);
        boolean chosen = random.nextBoolean();
        this.consumerDies = options.victim() == null ? chosen : options.victim().equals(MonitorDemo.CONSUMER);
        this.victim = 1 + random.nextInt(consumerDies ? CONSUMERS : count);
        this.moment = Moment.choose(random, consumerDies);
        this.producers = new Workers(run);
        this.consumers = new Workers(run);
    }

    /** How many bytes of objects the segment has to have room for. */
    static long segmentBytes(DemoOptions options) {
        long spare = 64 * 1024;
        return spare + Slots.bytes(Slots.places(options), options.messageBytes());
    }

    /** Has all messages produced and consumed; if one is to be killed, until the others have gone on after that. */
    MonitorTransfer transfer() throws IOException, InterruptedException {
        try (Segment segment = Segment.open(address);
                MonitorBuffer buffer =
                        MonitorBuffer.create(segment, Slots.places(options), options.messageBytes(), count)) {
            Tallies tallies = new Tallies(segment.createArea(Tallies.AREA, Tallies.bytes(CONSUMERS, count)), count);
            launch();
            run.phase("passing messages through the buffer");
            long startNanos = System.nanoTime();
            consumers.start();
            producers.start();
            @Nullable HolderDeath death = kill(buffer, options.killAfter());
            Map<Integer, WorkReport> produced = producers.await(WorkReport.DONE);
            Map<Integer, WorkReport> consumed = consumers.await(WorkReport.DONE);
            long nanos = System.nanoTime() - startNanos;
            List<Peer> processes = new ArrayList<>(producers.end());
            processes.addAll(consumers.end());
            produced.values().forEach(this::noteTold);
            consumed.values().forEach(this::noteTold);
            Map<Integer, WorkReport> sent = new TreeMap<>(produced);
            if (death != null && !consumerDies) {
                sent.put(victim, sentByDead(death.done()));
            }
            Passed passed = new Passed(sent, taken(tallies, consumed));
            return new MonitorTransfer(
                    seed,
                    passed,
                    buffer.state(),
                    told,
                    toldNanos,
                    processes,
                    nanos,
                    death == null ? null : death(death, tallies));
        }
    }

    private void launch() throws IOException, InterruptedException {
        for (int number = 1; number <= count; number++) {
            producers.launch(
                    number,
                    "producer-" + number,
                    launcher(
                            MonitorProducer.class,
                            number,
                            Long.toString(options.messages()),
                            Boolean.toString(options.killAfter() != null),
                            moment.name()));
        }
        for (int number = 1; number <= CONSUMERS; number++) {
            consumers.launch(
                    number,
                    "consumer-" + number,
                    launcher(
                            MonitorConsumer.class,
                            number,
                            Integer.toString(count),
                            moment.name(),
                            Boolean.toString(options.slow())));
        }
        producers.awaitReady();
        consumers.awaitReady();
    }

    private JvmLauncher launcher(Class<?> main, int number, String... more) {
        return DemoRun.launcher(
                        main,
                        Long.toString(run.id()),
                        Integer.toString(number),
                        Integer.toString(options.payloadBytes()))
                .arguments(more)
                .handOver(MonitorProducer.SEGMENT, address);
    }

    private @Nullable HolderDeath kill(MonitorBuffer buffer, @Nullable Duration after)
            throws IOException, InterruptedException {
        if (after == null) {
            return null;
        }
        HolderDeath death = (consumerDies ? consumers : producers).killHolder(victim, after);
        producers.goOn();
        producers.stop();
        if (!consumerDies && buffer.end()) { // for the dead one, who has not counted himself
            told++;
            toldNanos = System.nanoTime();
        }
        return death;
    }

    private void noteTold(WorkReport report) {
        told += report.told();
        toldNanos = Math.max(toldNanos, report.toldNanos());
    }

    // ---- what came through

    /** What the dead producer has put in, made again. */
    private WorkReport sentByDead(long messages) {
        MessageSource source = new MessageSource(run.id(), victim, options.payloadBytes());
        while (source.count() < messages) {
            source.message();
            source.sent();
        }
        return new WorkReport(WorkReport.HOLDING, messages, source.sum(), 0, 0, 0, 0, 0);
    }

    private List<Map<Integer, TakenReport>> taken(Tallies tallies, Map<Integer, WorkReport> consumed) {
        List<Map<Integer, TakenReport>> all = new ArrayList<>();
        for (int number = 1; number <= CONSUMERS; number++) {
            WorkReport told = consumed.get(number);
            all.add(tallies.of(number, told == null ? 0 : told.waits(), told == null ? 0 : told.waitNanos()));
        }
        return all;
    }

    private MonitorDeath death(HolderDeath death, Tallies tallies) {
        if (consumerDies && moment == Moment.IN_HAND) {
            Map<Integer, TakenReport> before = tallies.of(victim, 0, 0);
            for (TakenReport with : tallies.of(0, 0, 0).values()) {
                TakenReport without = before.get(with.sender());
                if (without != null && with.received() != without.received()) {
                    return new MonitorDeath(death, true, moment, with.sender(), with.sum() - without.sum());
                }
            }
        }
        return new MonitorDeath(death, consumerDies, moment, 0, 0);
    }

    /** Closes the pipes to and from the children, who end with the run. */
    @Override
    public void close() throws IOException {
        try (producers) {
            consumers.close();
        }
    }
}
