package org.jvmipc.cli.demo.inbox;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.demo.DemoChild;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.Stage;

/** The parent of the demo {@code inbox}: starts {@link InboxPeer}s; kills one if that is asked for, and has another take its inbox. */
final class InboxParent implements Closeable {
    private static final int PEERS = 3;
    private static final int VICTIM = 1;

    private final DemoOptions options;
    private final DemoRun run;
    private final String base;
    private final int count;
    private final Map<Integer, DemoChild<InboxSeen>> peers = new TreeMap<>();

    InboxParent(DemoOptions options, DemoRun run, String base) {
        this.options = options;
        this.run = run;
        this.base = base;
        this.count = options.childrenOr(PEERS);
    }

    /** Has all messages sent and taken; if a peer is to be killed, meanwhile. */
    InboxTransfer transfer() throws IOException, InterruptedException {
        Duration killAfter = options.killAfter();
        for (int number = 1; number <= count; number++) {
            launch(number);
        }
        run.phase("waiting until all are ready");
        for (DemoChild<InboxSeen> each : peers.values()) {
            each.awaitReady();
        }
        long startNanos = System.nanoTime();
        run.phase("sending to each other");
        order(InboxPeer.START);
        InboxTransfer.@Nullable Death death = killAfter == null ? null : kill(killAfter);
        if (death != null) {
            order(InboxPeer.STOP);
        }
        List<InboxSeen> sent = all(InboxSeen.SENT);
        run.phase("waiting until all is taken");
        order(InboxPeer.FINISH);
        List<InboxSeen> taken = all(InboxSeen.TAKEN);
        long nanos = System.nanoTime() - startNanos;
        List<Peer> ended = new ArrayList<>();
        for (DemoChild<InboxSeen> each : peers.values()) {
            ended.add(each.end());
        }
        return new InboxTransfer(count, sent, taken, ended, nanos, death);
    }

    private void launch(int number) throws IOException {
        String role = number > count ? "peer-1, the next one" : "peer-" + number;
        String messages = Long.toString(options.killAfter() == null ? options.messages() : InboxPeer.WITHOUT_NUMBER);
        peers.put(
                number,
                DemoChild.launch(
                        run,
                        role,
                        DemoRun.launcher(
                                InboxPeer.class,
                                Long.toString(run.id()),
                                Integer.toString(number),
                                Integer.toString(count),
                                Integer.toString(options.payloadBytes()),
                                messages,
                                base,
                                Integer.toString(InboxDemo.capacityBytes(options)),
                                Boolean.toString(options.slow())),
                        InboxSeen.class));
    }

    private DemoChild<InboxSeen> peer(int number) {
        DemoChild<InboxSeen> found = peers.get(number);
        if (found == null) {
            throw new IllegalStateException("there is no peer " + number);
        }
        return found;
    }

    private InboxTransfer.Death kill(Duration after) throws IOException, InterruptedException {
        DemoChild<InboxSeen> victim = peer(VICTIM);
        long startNanos = Stage.await(victim, InboxSeen.STARTED).atNanos();
        run.phase("waiting for the time of the kill");
        victim.outlive(after);
        long killNanos = System.nanoTime();
        victim.kill();
        Peer killed = victim.end();
        victim.close();
        peers.remove(VICTIM);
        run.phase("waiting until all are told of the death");
        List<InboxSeen> told = new ArrayList<>();
        for (DemoChild<InboxSeen> each : peers.values()) {
            told.add(Stage.await(each, InboxSeen.TOLD));
        }
        run.phase("waiting until the next owner of the inbox has a message");
        int successor = count + 1;
        launch(successor);
        peer(successor).awaitReady();
        peer(successor).order(InboxPeer.START);
        long successorNanos = Stage.await(peer(successor), InboxSeen.STARTED).atNanos() - killNanos;
        long pid = peer(successor).pid();
        return new InboxTransfer.Death(killed, killNanos - startNanos, killNanos, told, pid, successorNanos);
    }

    private void order(String order) throws IOException, InterruptedException {
        for (DemoChild<InboxSeen> each : peers.values()) {
            each.order(order);
        }
    }

    private List<InboxSeen> all(String stage) throws IOException, InterruptedException {
        List<InboxSeen> all = new ArrayList<>();
        for (DemoChild<InboxSeen> each : peers.values()) {
            all.addAll(InboxSeen.awaitAll(each, stage));
        }
        return all;
    }

    /** Closes the pipes to and from the children, who end with the run. */
    @Override
    public void close() throws IOException {
        for (DemoChild<InboxSeen> each : peers.values()) {
            each.close();
        }
    }
}
