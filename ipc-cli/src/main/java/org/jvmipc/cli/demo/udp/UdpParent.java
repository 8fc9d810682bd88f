package org.jvmipc.cli.demo.udp;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.demo.DemoChild;
import org.jvmipc.cli.demo.DemoFaults;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.Stage;
import org.jvmipc.internal.Deadline;
import org.jvmipc.sockets.FaultyLink;
import org.jvmipc.sockets.FaultyLinkCounts;
import org.jvmipc.sockets.FaultyLinkOptions;
import org.jvmipc.sockets.LinkFaults;

/**
 * The parent of the demo {@code udp}: starts a {@link UdpReceiver} and a {@link UdpSender}, and has the link between them,
 * which loses, reorders, doubles and damages datagrams, and counts what it does.
 */
final class UdpParent implements Closeable {
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final long SEEDS = 1_000_000;

    private final DemoOptions options;
    private final DemoRun run;
    private final DemoFaults faults;
    private final DemoChild<UdpReport> receiver;
    private final DemoChild<UdpReport> sender;

    /** Starts both. */
    UdpParent(DemoOptions options, DemoRun run) throws IOException {
        this.options = options;
        this.run = run;
        DemoFaults asked = options.faults();
        this.faults = asked.seed() == 0 ? asked.withSeed(1 + Math.floorMod(run.id(), SEEDS)) : asked;
        String id = Long.toString(run.id());
        String payload = Integer.toString(options.payloadBytes());
        receiver = DemoChild.launch(
                run,
                "receiver",
                DemoRun.launcher(UdpReceiver.class, id, payload, Boolean.toString(options.slow())),
                UdpReport.class);
        long messages = options.killAfter() == null ? options.messages() : UdpSender.WITHOUT_NUMBER;
        sender = DemoChild.launch(
                run,
                "sender",
                DemoRun.launcher(UdpSender.class, id, payload, Long.toString(messages)),
                UdpReport.class);
    }

    private FaultyLinkOptions linkOptions() {
        return FaultyLinkOptions.defaults()
                .withSeed(faults.seed())
                .withForward(LinkFaults.none()
                        .withLoss(faults.loss())
                        .withReorder(faults.reorder())
                        .withDuplicate(faults.duplicate())
                        .withCorrupt(faults.corrupt())
                        .withDelay(faults.delay(), Duration.ZERO));
    }

    /** Has all sent; kills the sender meanwhile if the options say so. */
    UdpSeen transfer() throws IOException, InterruptedException {
        run.phase("waiting until both are ready");
        receiver.awaitReady();
        sender.awaitReady();
        int port = Stage.await(receiver, UdpReport.BOUND).port();
        try (FaultyLink link =
                FaultyLink.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), linkOptions())) {
            long startNanos = System.nanoTime();
            sender.order(UdpSender.SEND + link.address().getPort());
            run.phase("sending datagrams");
            UdpSeen.@Nullable Death death = kill();
            long told = death == null ? Stage.await(sender, UdpReport.DONE).sent() : -1;
            FaultyLinkCounts counts = settle(link, told);
            receiver.order(UdpReceiver.FINISH + counts.forwarded());
            run.phase("waiting until the receiver has all there is");
            UdpReport received = Stage.await(receiver, UdpReport.DONE);
            long nanos = System.nanoTime() - startNanos;
            List<Peer> ended = new ArrayList<>();
            ended.add(receiver.end());
            if (death == null) {
                ended.add(sender.end());
            }
            long sent = told >= 0 ? told : counts.received() + counts.dropped();
            return new UdpSeen(faults, sent, counts, received, ended, nanos, death);
        }
    }

    /** The receiver hears nothing of it: a datagram socket knows nobody. */
    private UdpSeen.@Nullable Death kill() throws IOException, InterruptedException {
        Duration after = options.killAfter();
        if (after == null) {
            return null;
        }
        long firstNanos = Stage.await(receiver, UdpReport.FIRST).atNanos();
        sender.outlive(after);
        long killNanos = System.nanoTime();
        sender.kill();
        Peer killed = sender.end();
        return new UdpSeen.Death(killed, killNanos - firstNanos, System.nanoTime() - killNanos);
    }

    /** Waits until nothing is on its way any more: all that was sent is in the link's counts, and nothing is held. */
    private FaultyLinkCounts settle(FaultyLink link, long sent) throws InterruptedException {
        run.phase("waiting until nothing is on its way");
        Deadline deadline = Deadline.after(GRACE.plus(faults.delay()));
        FaultyLinkCounts last = link.forward();
        while (!deadline.passed()) {
            TimeUnit.MILLISECONDS.sleep(20);
            FaultyLinkCounts now = link.forward();
            boolean all = sent < 0 ? now.received() == last.received() : now.received() + now.dropped() >= sent;
            if (all && now.held() == 0) {
                return now;
            }
            last = now;
        }
        return last;
    }

    /** Closes the pipes to and from the children, who end with the run. */
    @Override
    public void close() throws IOException {
        receiver.close();
        sender.close();
    }
}
