package org.jvmipc.cli.demo.mq;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
import org.jvmipc.mq.MessageQueue;
import org.jvmipc.mq.MessageQueueStatus;
import org.jvmipc.process.JvmLauncher;

/**
 * The parent of the demo {@code mq}: starts {@link MqProducer}s and {@link MqConsumer}s, of which two share a mailbox, and one at a
 * time gets all once more; the first of these ends half way, and the next one resumes.
 */
final class MqParent implements Closeable {
    private static final int PRODUCERS = 2;
    private static final String MAILBOX = "mailbox";
    private static final String AUDIT = "audit";
    private static final String VICTIM = "consumer-1";
    private static final String SURVIVOR = "consumer-2";

    private final DemoOptions options;
    private final DemoRun run;
    private final Address queue;
    private final int count;
    private final Map<Integer, DemoChild<MqSent>> producers = new TreeMap<>();
    private final Map<String, DemoChild<MqTaken>> consumers = new LinkedHashMap<>();
    private final List<DemoChild<MqTaken>> auditors = new ArrayList<>();
    private final Map<String, Map<Integer, MqTaken>> mailbox = new LinkedHashMap<>();
    private final List<Map<Integer, MqTaken>> audit = new ArrayList<>();
    private final List<Peer> ended = new ArrayList<>();

    MqParent(DemoOptions options, DemoRun run, Address queue) {
        this.options = options;
        this.run = run;
        this.queue = queue;
        this.count = options.childrenOr(PRODUCERS);
    }

    /** Has all messages sent and taken; if a consumer is to be killed, meanwhile. */
    MqTransfer transfer() throws IOException, InterruptedException {
        Duration killAfter = options.killAfter();
        launch(killAfter == null);
        long startNanos = System.nanoTime();
        start();
        @Nullable MqDeath death = null;
        if (killAfter == null) {
            resumeAudit();
        } else {
            death = killConsumer(killAfter);
            orderProducers(MqProducer.STOP);
        }
        Map<Integer, MqSent> sent = awaitSent();
        finish(sent.values().stream().mapToLong(MqSent::sent).sum());
        long nanos = System.nanoTime() - startNanos;
        endAll();
        MessageQueueStatus status = MessageQueue.open(queue, Codecs.bytes()).status();
        long redeliveries = status.groups().stream()
                .filter(group -> group.name().equals(MAILBOX))
                .mapToLong(MessageQueueStatus.Group::redeliveries)
                .sum();
        return new MqTransfer(sent, mailbox, audit, ended, redeliveries, status.bytes(), nanos, death);
    }

    // ---- the steps

    private void launch(boolean numbered) throws IOException, InterruptedException {
        long messages = numbered ? options.messages() : MqProducer.WITHOUT_NUMBER;
        for (int number = 1; number <= count; number++) {
            JvmLauncher launcher = launcher(
                    MqProducer.class,
                    Long.toString(run.id()),
                    Integer.toString(number),
                    Integer.toString(options.payloadBytes()),
                    Long.toString(messages));
            producers.put(number, DemoChild.launch(run, "producer-" + number, launcher, MqSent.class));
        }
        for (String role : List.of(VICTIM, SURVIVOR)) {
            consumers.put(role, launchConsumer(role, MAILBOX, MqConsumer.ALL));
        }
        long half = numbered ? Math.max(1, options.messages() * count / 2) : MqConsumer.ALL;
        auditors.add(launchConsumer("auditor-1", AUDIT, half));
        run.phase("waiting until all are ready");
        for (DemoChild<MqSent> each : producers.values()) {
            each.awaitReady();
        }
        for (DemoChild<MqTaken> each : consumers.values()) {
            each.awaitReady();
        }
        auditors.get(0).awaitReady();
    }

    private DemoChild<MqTaken> launchConsumer(String role, String group, long limit) throws IOException {
        JvmLauncher launcher = launcher(
                MqConsumer.class,
                Long.toString(run.id()),
                Integer.toString(options.payloadBytes()),
                Integer.toString(count),
                group,
                Long.toString(limit),
                Boolean.toString(options.slow()));
        return DemoChild.launch(run, role, launcher, MqTaken.class);
    }

    private JvmLauncher launcher(Class<?> main, String... arguments) {
        return DemoRun.launcher(main, arguments).handOver(MqProducer.QUEUE, queue);
    }

    private void start() throws IOException, InterruptedException {
        run.phase("sending through the queue");
        orderProducers(MqProducer.START);
        for (DemoChild<MqTaken> each : consumers.values()) {
            each.order(MqConsumer.START);
        }
        auditors.get(0).order(MqConsumer.START);
    }

    /** The first auditor ends when it has half of them; another process goes on where its group is. */
    private void resumeAudit() throws IOException, InterruptedException {
        DemoChild<MqTaken> first = auditors.get(0);
        audit.add(MqTaken.await(first, count));
        ended.add(first.end());
        DemoChild<MqTaken> second = launchConsumer("auditor-2", AUDIT, MqConsumer.ALL);
        auditors.add(second);
        second.awaitReady();
        run.phase("sending through the queue, to the second auditor");
        second.order(MqConsumer.START);
    }

    private MqDeath killConsumer(Duration after) throws IOException, InterruptedException {
        DemoChild<MqTaken> victim = consumer(VICTIM);
        long startNanos = Stage.await(victim, MqTaken.STARTED).atNanos();
        run.phase("waiting for the time of the kill");
        victim.outlive(after);
        run.phase("waiting until the one to be killed has a message");
        victim.order(MqConsumer.HOLD);
        mailbox.put(VICTIM, MqTaken.await(victim, count));
        MqTaken held = Stage.await(victim, MqTaken.HOLDING);
        long killNanos = System.nanoTime();
        victim.kill();
        Peer killed = victim.end();
        victim.close();
        consumers.remove(VICTIM);
        run.phase("waiting until another consumer has the message of the killed one");
        MqTaken repeated;
        do {
            repeated = Stage.await(consumer(SURVIVOR), MqTaken.REPEATED);
        } while (repeated.index() != held.index());
        return new MqDeath(killed, killNanos - startNanos, killNanos, held, repeated);
    }

    private DemoChild<MqTaken> consumer(String role) {
        DemoChild<MqTaken> found = consumers.get(role);
        if (found == null) {
            throw new IllegalStateException("there is no " + role);
        }
        return found;
    }

    private void orderProducers(String order) throws IOException, InterruptedException {
        for (DemoChild<MqSent> each : producers.values()) {
            each.order(order);
        }
    }

    private Map<Integer, MqSent> awaitSent() throws IOException, InterruptedException {
        Map<Integer, MqSent> sent = new TreeMap<>();
        for (Map.Entry<Integer, DemoChild<MqSent>> each : producers.entrySet()) {
            sent.put(each.getKey(), each.getValue().report());
        }
        return sent;
    }

    /** Has the consumers end when their groups have taken all. */
    private void finish(long total) throws IOException, InterruptedException {
        run.phase("waiting until all is taken");
        DemoChild<MqTaken> auditor = auditors.get(auditors.size() - 1);
        for (DemoChild<MqTaken> each : consumers.values()) {
            each.order(MqConsumer.FINISH + total);
        }
        auditor.order(MqConsumer.FINISH + total);
        for (Map.Entry<String, DemoChild<MqTaken>> each : consumers.entrySet()) {
            mailbox.put(each.getKey(), MqTaken.await(each.getValue(), count));
        }
        audit.add(MqTaken.await(auditor, count));
    }

    private void endAll() throws InterruptedException {
        for (DemoChild<MqSent> each : producers.values()) {
            ended.add(each.end());
        }
        for (DemoChild<MqTaken> each : consumers.values()) {
            ended.add(each.end());
        }
        ended.add(auditors.get(auditors.size() - 1).end());
    }

    /** Closes the pipes to and from the children, who end with the run. */
    @Override
    public void close() throws IOException {
        for (DemoChild<MqSent> each : producers.values()) {
            each.close();
        }
        for (DemoChild<MqTaken> each : consumers.values()) {
            each.close();
        }
        for (DemoChild<MqTaken> each : auditors) {
            each.close();
        }
    }
}
