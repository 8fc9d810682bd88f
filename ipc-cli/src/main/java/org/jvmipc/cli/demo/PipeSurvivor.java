package org.jvmipc.cli.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.jvmipc.Codecs;
import org.jvmipc.PeerGoneException;
import org.jvmipc.pipes.PipeReceiver;
import org.jvmipc.pipes.PipeSender;
import org.jvmipc.pipes.Pipes;
import org.jvmipc.process.ChildJvm;
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
    @SuppressWarnings("try") // the reports are not looked at, but the child wants to open them
    PipeDeath streamAndKill(Duration killAfter) throws IOException, InterruptedException {
        JvmLauncher launcher = PipeParent.launcher(run, options);
        try (PipeSender<ByteBuffer> toChild = Pipes.toStdin(launcher, Codecs.buffers(), PipeParent.pipe(options));
                PipeReceiver<ByteBuffer> fromChild =
                        Pipes.fromStdout(launcher, Codecs.buffers(), PipeParent.pipe(options));
                PipeSender<String> orders = Pipes.toChild(launcher, PipeChild.ORDERS, Codecs.utf8());
                PipeReceiver<ChildReport> reports =
                        Pipes.fromChild(launcher, PipeChild.REPORTS, Codecs.record(ChildReport.class))) {
            ChildJvm child = run.start("child", launcher);
            orders.send(PipeChild.STREAM);
            run.phase("streaming both ways");
            FutureTask<Told> reader = start("ipc-demo-reader", () -> readToTheEnd(fromChild));
            FutureTask<Told> writer = start("ipc-demo-writer", () -> writeToTheEnd(toChild));
            firstData.await();
            long startNanos = System.nanoTime();
            if (child.tryAwaitExit(killAfter) != null) {
                throw new PeerGoneException(
                        PeerGoneException.Reason.DIED,
                        fromChild.address(),
                        "the child ended before it was to be killed");
            }
            long killNanos = System.nanoTime();
            killed = true;
            child.kill();
            Peer peer = run.end(child);
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

    private static FutureTask<Told> start(String name, Callable<Told> side) {
        FutureTask<Told> task = new FutureTask<>(side);
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return task;
    }
}
