package org.jvmipc.cli.demo.ring;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.cli.demo.DemoChild;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.Stage;
import org.jvmipc.process.JvmLauncher;

/**
 * The parent of the demo {@code ring}: starts {@link RingProducer}s and {@link RingConsumer}s, which all join before the first message,
 * and, where one is to be killed, another one that takes its place.
 */
final class RingParent implements Closeable {
    private static final int VICTIM = 1;

    private final DemoOptions options;
    private final RingSetup setup;
    private final DemoRun run;
    private final Address ring;
    private final long seed;
    private final @Nullable Duration killAfter;
    private final boolean killsProducer;
    private final boolean killsConsumer;
    private final Map<Integer, DemoChild<RingSent>> producers = new TreeMap<>();
    private final Map<Integer, DemoChild<RingTaken>> consumers = new TreeMap<>();
    private final Map<Integer, RingSent> sent = new TreeMap<>();
    private final Map<String, Map<Integer, RingTaken>> taken = new LinkedHashMap<>();
    private final Map<String, String> ends = new LinkedHashMap<>();
    private final List<Peer> ended = new ArrayList<>();

    RingParent(DemoOptions options, RingSetup setup, DemoRun run, Address ring) {
        this.options = options;
        this.setup = setup;
        this.run = run;
        this.ring = ring;
        this.seed = run.seed(options);
        this.killAfter = options.killAfter();
        this.killsConsumer = killAfter != null && RingDemo.KILL_CONSUMER.equals(options.victim());
        this.killsProducer = killAfter != null && !killsConsumer;
    }

    /** Has all messages sent and taken; if one is to be killed, meanwhile. */
    RingTransfer transfer() throws IOException, InterruptedException {
        launch();
        run.phase("sending through the ring");
        long startNanos = System.nanoTime();
        order(firstProducers(), RingProducer.START);
        @Nullable RingDeath death = null;
        if (killAfter != null) {
            death = killsProducer ? killProducer(killAfter) : killConsumer(killAfter);
            order(producers.values(), RingProducer.STOP);
        }
        run.phase("waiting until all is sent");
        for (Map.Entry<Integer, DemoChild<RingSent>> each : producers.entrySet()) {
            sent.put(each.getKey(), Stage.await(each.getValue(), RingSent.SENT));
        }
        run.phase("waiting until all is taken");
        for (Map.Entry<Integer, DemoChild<RingTaken>> each : consumers.entrySet()) {
            String role = consumer(each.getKey());
            ends.put(role, Stage.await(each.getValue(), RingTaken.END).reason());
            taken.put(role, RingTaken.await(each.getValue(), mostProducers()));
        }
        long nanos = System.nanoTime() - startNanos;
        endAll();
        return new RingTransfer(seed, sent, taken, ends, ended, nanos, death);
    }

    // ---- the start

    private static String producer(int number) {
        return "producer-" + number;
    }

    private static String consumer(int number) {
        return "consumer-" + number;
    }

    /** With the one that takes the place of another. */
    private int mostProducers() {
        return setup.producers() + (killsProducer ? 1 : 0);
    }

    private int mostConsumers() {
        return setup.consumers() + (killsConsumer ? 1 : 0);
    }

    private List<DemoChild<RingSent>> firstProducers() {
        return new ArrayList<>(producers.values()).subList(0, setup.producers());
    }

    private void launch() throws IOException, InterruptedException {
        for (int number = 1; number <= mostConsumers(); number++) {
            JvmLauncher launcher = launcher(
                    RingConsumer.class,
                    Long.toString(seed),
                    Integer.toString(options.payloadBytes()),
                    Integer.toString(mostProducers()),
                    Integer.toString(isOnlyProducerKilled() ? 2 : 1),
                    Boolean.toString(options.slow()),
                    Boolean.toString(number > setup.consumers()));
            consumers.put(number, DemoChild.launch(run, consumer(number), launcher, RingTaken.class));
        }
        for (int number = 1; number <= mostProducers(); number++) {
            JvmLauncher launcher = launcher(
                    RingProducer.class,
                    Long.toString(seed),
                    Integer.toString(number),
                    Integer.toString(options.payloadBytes()),
                    Long.toString(killAfter == null ? options.messages() : RingProducer.WITHOUT_NUMBER),
                    Boolean.toString(number > setup.producers()));
            producers.put(number, DemoChild.launch(run, producer(number), launcher, RingSent.class));
        }
        run.phase("waiting until all are ready");
        for (DemoChild<RingTaken> each : consumers.values()) {
            each.awaitReady();
        }
        for (DemoChild<RingSent> each : producers.values()) {
            each.awaitReady();
        }
    }

    private JvmLauncher launcher(Class<?> main, String... arguments) {
        return DemoRun.launcher(main, arguments).handOver(RingProducer.RING, ring);
    }

    /** Then the stream ends for a while. */
    private boolean isOnlyProducerKilled() {
        return killsProducer && setup.producers() == 1;
    }

    // ---- a kill

    private RingDeath killProducer(Duration after) throws IOException, InterruptedException {
        DemoChild<RingSent> victim = remove(producers);
        long startNanos = Stage.await(victim, RingSent.STARTED).atNanos();
        run.phase("waiting for the time of the kill");
        victim.outlive(after);
        run.phase("waiting until the one to be killed has a claim");
        victim.order(RingProducer.HOLD);
        sent.put(VICTIM, Stage.await(victim, RingSent.HOLDING));
        long killNanos = System.nanoTime();
        Peer killed = kill(victim);
        List<RingDeath.Told> told = new ArrayList<>();
        long wentOnNanos = RingDeath.NOBODY;
        if (isOnlyProducerKilled()) {
            run.phase("waiting until the consumers are told of the death");
            for (Map.Entry<Integer, DemoChild<RingTaken>> each : consumers.entrySet()) {
                RingTaken end = Stage.await(each.getValue(), RingTaken.END);
                told.add(new RingDeath.Told(consumer(each.getKey()), end.reason(), end.atNanos() - killNanos));
            }
        } else {
            List<DemoChild<RingSent>> others = new ArrayList<>(producers.values()).subList(0, producers.size() - 1);
            order(others, RingProducer.MARK);
            wentOnNanos = awaitGoing(others) - killNanos;
        }
        int successor = mostProducers();
        DemoChild<RingSent> next = of(producers, successor);
        next.order(RingProducer.START);
        run.phase("waiting for a message of another producer");
        long successorNanos = Stage.await(next, RingSent.STARTED).atNanos() - killNanos;
        return new RingDeath(
                killed, true, killNanos - startNanos, told, wentOnNanos, producer(successor), successorNanos, null);
    }

    private RingDeath killConsumer(Duration after) throws IOException, InterruptedException {
        DemoChild<RingTaken> victim = remove(consumers);
        long startNanos = Stage.await(victim, RingTaken.STARTED).atNanos();
        run.phase("waiting for the time of the kill");
        victim.outlive(after);
        run.phase("waiting until the one to be killed has a message");
        victim.order(RingConsumer.HOLD);
        taken.put(consumer(VICTIM), RingTaken.await(victim, mostProducers()));
        RingTaken inHand = Stage.await(victim, RingTaken.HOLDING);
        long killNanos = System.nanoTime();
        Peer killed = kill(victim);
        List<RingDeath.Told> told = new ArrayList<>();
        long wentOnNanos = RingDeath.NOBODY;
        if (setup.isBroadcast()) {
            order(producers.values(), RingProducer.MARK);
            wentOnNanos = awaitGoing(producers.values()) - killNanos;
        } else {
            run.phase("waiting until the producers are told of the death");
            for (Map.Entry<Integer, DemoChild<RingSent>> each : producers.entrySet()) {
                RingSent news = Stage.await(each.getValue(), RingSent.TOLD);
                told.add(new RingDeath.Told(producer(each.getKey()), news.reason(), news.atNanos() - killNanos));
            }
        }
        int successor = mostConsumers();
        DemoChild<RingTaken> next = of(consumers, successor);
        next.order(RingConsumer.START);
        run.phase("waiting until another consumer has a message");
        long successorNanos = Stage.await(next, RingTaken.STARTED).atNanos() - killNanos;
        if (!setup.isBroadcast()) {
            wentOnNanos = awaitGoing(producers.values()) - killNanos;
        }
        return new RingDeath(
                killed, false, killNanos - startNanos, told, wentOnNanos, consumer(successor), successorNanos, inHand);
    }

    private static <R extends Record> DemoChild<R> remove(Map<Integer, DemoChild<R>> children) {
        DemoChild<R> victim = of(children, VICTIM);
        children.remove(VICTIM);
        return victim;
    }

    private static <R extends Record> DemoChild<R> of(Map<Integer, DemoChild<R>> children, int number) {
        DemoChild<R> found = children.get(number);
        if (found == null) {
            throw new IllegalStateException("there is no number " + number);
        }
        return found;
    }

    private static <R extends Record> Peer kill(DemoChild<R> victim) throws IOException, InterruptedException {
        victim.kill();
        Peer killed = victim.end();
        victim.close();
        return killed;
    }

    /** Waits until each of them has sent a message since it was asked; when the last one had. */
    private long awaitGoing(Collection<DemoChild<RingSent>> some) throws IOException, InterruptedException {
        run.phase("waiting until the other producers go on");
        long lastNanos = Long.MIN_VALUE;
        for (DemoChild<RingSent> each : some) {
            lastNanos = Math.max(lastNanos, Stage.await(each, RingSent.GOING).atNanos());
        }
        return lastNanos;
    }

    // ---- the end

    private static <R extends Record> void order(Collection<DemoChild<R>> children, String order)
            throws IOException, InterruptedException {
        for (DemoChild<R> each : children) {
            each.order(order);
        }
    }

    private void endAll() throws InterruptedException {
        for (DemoChild<RingSent> each : producers.values()) {
            ended.add(each.end());
        }
        for (DemoChild<RingTaken> each : consumers.values()) {
            ended.add(each.end());
        }
    }

    /** Closes the pipes to and from the children, who end with the run. */
    @Override
    public void close() throws IOException {
        for (DemoChild<RingSent> each : producers.values()) {
            each.close();
        }
        for (DemoChild<RingTaken> each : consumers.values()) {
            each.close();
        }
    }
}
