package org.jvmipc.cli.demo.pipe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.jvmipc.Codecs;
import org.jvmipc.PeerGoneException;
import org.jvmipc.cli.demo.DemoChild;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.cli.demo.Later;
import org.jvmipc.cli.demo.MessageSource;
import org.jvmipc.cli.demo.Pause;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.Verifier;
import org.jvmipc.pipes.PipeReceiver;
import org.jvmipc.pipes.PipeSender;
import org.jvmipc.pipes.Pipes;
import org.jvmipc.process.JvmLauncher;

/**
 * The parent of the demo {@code pipe} with {@code --kill-after}: both sides write and read without end, until the child is
 * killed; then its reader and its writer have to be told.
 */
final class PipeSurvivor {
    /** How a side of the parent learned that the child is gone. */
    record Told(PeerGoneException.Reason reason, long atNanos) {}

    private final DemoOptions options;
    private final DemoRun run;
    private final Verifier verifier;
    private final MessageSource source;
    private final CountDownLatch firstData = new CountDownLatch(1);
    private volatile boolean killed;

    PipeSurvivor(DemoOptions options, DemoRun run) {
        this.options = options;
        this.run = run;
        this.verifier = new Verifier(run.id(), options.payloadBytes(), PipeChild.SENDER);
        this.source = new MessageSource(run.id(), PipeParent.SENDER, options.payloadBytes());
    }

    /** Streams, kills the child after the given time, and sees what comes of it. */
    PipeDeath streamAndKill(Duration killAfter) throws IOException, InterruptedException {
        JvmLauncher launcher = PipeParent.launcher(run, options);
        try (PipeSender<ByteBuffer> toChild = Pipes.toStdin(launcher, Codecs.buffers(), PipeParent.pipe(options));
                PipeReceiver<ByteBuffer> fromChild =
                        Pipes.fromStdout(launcher, Codecs.buffers(), PipeParent.pipe(options));
                DemoChild<ChildReport> child = DemoChild.launch(run, "child", launcher, ChildReport.class)) {
            child.awaitReady();
            child.order(PipeChild.STREAM);
            run.phase("streaming both ways");
            Future<Told> reader = Later.start("ipc-demo-reader", () -> readToTheEnd(fromChild));
            Future<Told> writer = Later.start("ipc-demo-writer", () -> writeToTheEnd(toChild));
            firstData.await();
            long startNanos = System.nanoTime();
            child.outlive(killAfter);
            long killNanos = System.nanoTime();
            killed = true;
            child.kill();
            Peer peer = child.end();
            long exitNanos = System.nanoTime();
            run.phase("waiting for the news of the child's death");
            Told readerTold = Later.result(reader);
            Told writerTold = Later.result(writer);
            return new PipeDeath(
                    fromChild.capacityBytes(),
                    killNanos - startNanos,
                    readerTold.reason(),
                    readerTold.atNanos() - killNanos,
                    writerTold.reason(),
                    writerTold.atNanos() - killNanos,
                    exitNanos - killNanos,
                    toChild.waits(),
                    source.count(),
                    verifier,
                    peer);
        }
    }

    private Told readToTheEnd(PipeReceiver<ByteBuffer> fromChild) throws IOException, InterruptedException {
        try {
            while (true) {
                verifier.accept(fromChild.receive());
                firstData.countDown();
                if (options.slow() && !killed) {
                    Pause.afterMessage();
                }
            }
        } catch (PeerGoneException e) {
            firstData.countDown();
            return new Told(e.reason(), System.nanoTime());
        }
    }

    private Told writeToTheEnd(PipeSender<ByteBuffer> toChild) throws IOException, InterruptedException {
        try {
            while (true) {
                toChild.send(source.message());
                source.sent();
            }
        } catch (PeerGoneException e) {
            return new Told(e.reason(), System.nanoTime());
        }
    }
}
