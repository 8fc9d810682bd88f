package org.jvmipc.cli.demo.rudp;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jvmipc.cli.demo.DemoChild;
import org.jvmipc.cli.demo.DemoFaults;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.Stage;
import org.jvmipc.sockets.FaultyLink;
import org.jvmipc.sockets.FaultyLinkOptions;
import org.jvmipc.sockets.LinkFaults;

/**
 * The parent of the demo {@code rudp}: starts a {@link RudpReceiver} and a {@link RudpSender}, and has the link between them,
 * which loses, reorders, doubles and damages datagrams in both directions, and counts what it does.
 */
final class RudpParent implements Closeable {
    private static final long SEEDS = 1_000_000;

    private final DemoOptions options;
    private final DemoRun run;
    private final DemoFaults faults;
    private final DemoChild<RudpReport> receiver;
    private final DemoChild<RudpReport> sender;

    /** Starts both. */
    RudpParent(DemoOptions options, DemoRun run) throws IOException {
        this.options = options;
        this.run = run;
        DemoFaults asked = options.faults();
        this.faults = asked.seed() == 0 ? asked.withSeed(1 + Math.floorMod(run.id(), SEEDS)) : asked;
        boolean kills = options.killAfter() != null;
        String id = Long.toString(run.id());
        String payload = Integer.toString(options.payloadBytes());
        receiver = DemoChild.launch(
                run,
                "receiver",
                DemoRun.launcher(
                        RudpReceiver.class, id, payload, Boolean.toString(options.slow()), Boolean.toString(kills)),
                RudpReport.class);
        long messages = kills ? RudpSender.WITHOUT_NUMBER : options.messages();
        sender = DemoChild.launch(
                run,
                "sender",
                DemoRun.launcher(RudpSender.class, id, payload, Long.toString(messages)),
                RudpReport.class);
    }

    private FaultyLinkOptions linkOptions() {
        return FaultyLinkOptions.defaults()
                .withSeed(faults.seed())
                .withFaults(LinkFaults.none()
                        .withLoss(faults.loss())
                        .withReorder(faults.reorder())
                        .withDuplicate(faults.duplicate())
                        .withCorrupt(faults.corrupt())
                        .withDelay(faults.delay(), Duration.ZERO));
    }

    /** Has all sent; kills the sender meanwhile if the options say so. */
    RudpSeen transfer() throws IOException, InterruptedException {
        run.phase("waiting until both are ready");
        receiver.awaitReady();
        sender.awaitReady();
        int port = Stage.await(receiver, RudpReport.BOUND).port();
        try (FaultyLink link =
                FaultyLink.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), linkOptions())) {
            long startNanos = System.nanoTime();
            sender.order(RudpSender.SEND + link.address().getPort());
            run.phase("sending messages");
            Duration killAfter = options.killAfter();
            return killAfter == null ? all(link, startNanos) : killed(link, startNanos, killAfter);
        }
    }

    private RudpSeen all(FaultyLink link, long startNanos) throws IOException, InterruptedException {
        RudpReport sent = Stage.await(sender, RudpReport.DONE);
        run.phase("waiting until the receiver has been told of the end");
        RudpReport received = Stage.await(receiver, RudpReport.DONE);
        long nanos = System.nanoTime() - startNanos;
        List<Peer> ended = new ArrayList<>(List.of(receiver.end(), sender.end()));
        return new RudpSeen(faults, sent, link.forward(), link.backward(), received, ended, nanos, null);
    }

    private RudpSeen killed(FaultyLink link, long startNanos, Duration after) throws IOException, InterruptedException {
        long firstNanos = Stage.await(receiver, RudpReport.FIRST).atNanos();
        sender.outlive(after);
        long killNanos = System.nanoTime();
        sender.kill();
        Peer victim = sender.end();
        long exitNanos = System.nanoTime();
        run.phase("waiting until the receiver has given the sender up");
        RudpReport received = Stage.await(receiver, RudpReport.DONE);
        RudpSeen.Death death = new RudpSeen.Death(
                victim, killNanos - firstNanos, exitNanos - killNanos, received.atNanos() - killNanos);
        long nanos = killNanos - startNanos;
        List<Peer> ended = List.of(receiver.end());
        return new RudpSeen(faults, null, link.forward(), link.backward(), received, ended, nanos, death);
    }

    /** Closes the pipes to and from the children, who end with the run. */
    @Override
    public void close() throws IOException {
        receiver.close();
        sender.close();
    }
}
