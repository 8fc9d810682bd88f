package org.jvmipc.cli.demo.posixmq;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.cli.demo.DemoChild;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.Stage;
import org.jvmipc.mq.PosixMessageQueue;
import org.jvmipc.mq.PosixMessageQueueStatus;
import org.jvmipc.process.JvmLauncher;

/**
 * The parent of the demo {@code posixmq}: starts {@link PosixmqProducer}s and a {@link PosixmqConsumer}, has the queue filled and taken
 * by priority, and then all sent and received; if one is to be killed, another one comes after it.
 */
final class PosixmqParent implements Closeable {
    private static final int PRODUCERS = 2;

    private final DemoOptions options;
    private final DemoRun run;
    private final Address address;
    private final int senders;
    private final Map<Integer, DemoChild<PosixmqSent>> producers = new TreeMap<>();
    private final List<DemoChild<PosixmqTaken>> consumers = new ArrayList<>();
    private final List<Map<Integer, PosixmqTaken>> taken = new ArrayList<>();
    private final List<Peer> ended = new ArrayList<>();

    PosixmqParent(DemoOptions options, DemoRun run, Address address) {
        this.options = options;
        this.run = run;
        this.address = address;
        int count = options.childrenOr(PRODUCERS) + (options.killAfter() == null ? 0 : 1); // with who comes after one
        this.senders = count * PosixmqProducer.PRIORITIES;
    }

    /** Has all messages sent and received; if one of them is to be killed, meanwhile. */
    PosixmqTransfer transfer() throws IOException, InterruptedException {
        Duration killAfter = options.killAfter();
        for (int number = 1; number <= options.childrenOr(PRODUCERS); number++) {
            launchProducer(number);
        }
        launchConsumer();
        awaitReady();
        PosixMessageQueueStatus queue =
                PosixMessageQueue.open(address, Codecs.bytes()).status();
        long startNanos = System.nanoTime();
        run.phase("filling the queue");
        producer(1).order(PosixmqProducer.FILL);
        PosixmqSent full = Stage.await(producer(1), PosixmqSent.FULL);
        run.phase("taking what is in the full queue");
        consumer().order(PosixmqConsumer.DRAIN + full.sent());
        PosixmqTaken drained = Stage.await(consumer(), PosixmqTaken.DRAINED);
        run.phase("sending through the queue");
        consumer().order(PosixmqConsumer.START);
        orderProducers(PosixmqProducer.START);
        @Nullable PosixmqDeath death = null;
        if (killAfter != null) {
            death = PosixmqDemo.KILL_CONSUMER.equals(options.victim())
                    ? killConsumer(killAfter)
                    : killProducer(killAfter);
            orderProducers(PosixmqProducer.STOP);
        }
        Map<Integer, PosixmqSent> sent = awaitSent();
        run.phase("waiting until all is received");
        consumer().order(PosixmqConsumer.FINISH);
        taken.add(PosixmqTaken.await(consumer(), senders));
        long nanos = System.nanoTime() - startNanos;
        endAll();
        run.phase("asking for more than the kernel allows");
        PosixmqRefusal refusal = PosixmqRefusal.provoke(address);
        return new PosixmqTransfer(
                queue, full.sent(), full.waits() > 0, drained, sent, taken, ended, nanos, refusal, death);
    }

    // ---- the steps

    private void launchProducer(int number) throws IOException {
        long messages = options.killAfter() == null ? options.messages() : PosixmqProducer.WITHOUT_NUMBER;
        JvmLauncher launcher = launcher(
                PosixmqProducer.class,
                Long.toString(run.id()),
                Integer.toString(number),
                Integer.toString(options.payloadBytes()),
                Long.toString(messages));
        producers.put(number, DemoChild.launch(run, "producer-" + number, launcher, PosixmqSent.class));
    }

    private void launchConsumer() throws IOException {
        JvmLauncher launcher = launcher(
                PosixmqConsumer.class,
                Long.toString(run.id()),
                Integer.toString(options.payloadBytes()),
                Integer.toString(senders),
                Boolean.toString(options.slow()));
        String role = "consumer-" + (taken.size() + 1);
        consumers.add(DemoChild.launch(run, role, launcher, PosixmqTaken.class));
    }

    private JvmLauncher launcher(Class<?> main, String... arguments) {
        return DemoRun.launcher(main, arguments).handOver(PosixmqProducer.QUEUE, address);
    }

    private void awaitReady() throws IOException, InterruptedException {
        run.phase("waiting until all are ready");
        for (DemoChild<PosixmqSent> each : producers.values()) {
            each.awaitReady();
        }
        consumer().awaitReady();
    }

    private DemoChild<PosixmqSent> producer(int number) {
        DemoChild<PosixmqSent> found = producers.get(number);
        if (found == null) {
            throw new IllegalStateException("there is no producer " + number);
        }
        return found;
    }

    private DemoChild<PosixmqTaken> consumer() {
        return consumers.get(consumers.size() - 1);
    }

    private void orderProducers(String order) throws IOException, InterruptedException {
        for (DemoChild<PosixmqSent> each : producers.values()) {
            each.order(order);
        }
    }

    private PosixmqDeath killProducer(Duration after) throws IOException, InterruptedException {
        DemoChild<PosixmqSent> victim = producer(1);
        long startNanos = awaitStarted(1);
        run.phase("waiting for the time of the kill");
        victim.outlive(after);
        long killNanos = System.nanoTime();
        victim.kill();
        Peer killed = victim.end();
        victim.close();
        producers.remove(1);
        run.phase("waiting until another producer's messages come");
        int successor = options.childrenOr(PRODUCERS) + 1;
        launchProducer(successor);
        producer(successor).awaitReady();
        producer(successor).order(PosixmqProducer.START);
        long successorNanos = awaitStarted(successor) - killNanos;
        return new PosixmqDeath(killed, killNanos - startNanos, "producer-" + successor, successorNanos, null);
    }

    /** When the first message of a producer had come, after those in the full queue. */
    private long awaitStarted(int producer) throws IOException, InterruptedException {
        PosixmqTaken report;
        do {
            report = Stage.await(consumer(), PosixmqTaken.STARTED);
        } while (PosixmqProducer.producer(report.sender()) != producer);
        return report.atNanos();
    }

    private PosixmqDeath killConsumer(Duration after) throws IOException, InterruptedException {
        DemoChild<PosixmqTaken> victim = consumer();
        long startNanos = Stage.await(victim, PosixmqTaken.STARTED).atNanos();
        run.phase("waiting for the time of the kill");
        victim.outlive(after);
        run.phase("waiting until the one to be killed has a message");
        victim.order(PosixmqConsumer.HOLD);
        taken.add(PosixmqTaken.await(victim, senders));
        PosixmqTaken hand = Stage.await(victim, PosixmqTaken.HOLDING);
        long killNanos = System.nanoTime();
        victim.kill();
        Peer killed = victim.end();
        run.phase("waiting until another consumer has a message");
        launchConsumer();
        consumer().awaitReady();
        consumer().order(PosixmqConsumer.START);
        long successorNanos = Stage.await(consumer(), PosixmqTaken.STARTED).atNanos() - killNanos;
        return new PosixmqDeath(killed, killNanos - startNanos, "consumer-2", successorNanos, hand);
    }

    private Map<Integer, PosixmqSent> awaitSent() throws IOException, InterruptedException {
        Map<Integer, PosixmqSent> sent = new TreeMap<>();
        for (DemoChild<PosixmqSent> each : producers.values()) {
            sent.putAll(PosixmqSent.await(each));
        }
        return sent;
    }

    private void endAll() throws InterruptedException {
        for (DemoChild<PosixmqSent> each : producers.values()) {
            ended.add(each.end());
        }
        ended.add(consumer().end());
    }

    /** Closes the pipes to and from the children, who end with the run. */
    @Override
    public void close() throws IOException {
        for (DemoChild<PosixmqSent> each : producers.values()) {
            each.close();
        }
        for (DemoChild<PosixmqTaken> each : consumers) {
            each.close();
        }
    }
}
