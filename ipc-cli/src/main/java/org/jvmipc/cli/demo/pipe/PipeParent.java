package org.jvmipc.cli.demo.pipe;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jvmipc.Codecs;
import org.jvmipc.PeerGoneException;
import org.jvmipc.cli.demo.DemoChild;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.cli.demo.Later;
import org.jvmipc.cli.demo.MessageSource;
import org.jvmipc.cli.demo.Pause;
import org.jvmipc.cli.demo.Verifier;
import org.jvmipc.pipes.PipeOptions;
import org.jvmipc.pipes.PipeReceiver;
import org.jvmipc.pipes.PipeSender;
import org.jvmipc.pipes.Pipes;
import org.jvmipc.process.JvmLauncher;

/**
 * The parent of the demo {@code pipe}; {@link PipeChild} is the other half. A pipe is half duplex, so there are two, used
 * one after the other: first the parent writes and the child reads, then they change roles.
 */
final class PipeParent {
    /** The number of this side as a sender. */
    static final int SENDER = 0;

    /** How long one side is left waiting, so that it is certain to wait. */
    private static final long LEFT_WAITING_MILLIS = 20;

    private final DemoOptions options;
    private final DemoRun run;

    PipeParent(DemoOptions options, DemoRun run) {
        this.options = options;
        this.run = run;
    }

    /** Exchanges all messages with a child, and waits for its end. */
    PipeExchange exchange() throws IOException, InterruptedException {
        PipeExchange seen = new PipeExchange();
        JvmLauncher launcher = launcher(run, options);
        long startNanos = System.nanoTime();
        try (PipeSender<ByteBuffer> toChild = Pipes.toStdin(launcher, Codecs.buffers(), pipe(options));
                PipeReceiver<ByteBuffer> fromChild = Pipes.fromStdout(launcher, Codecs.buffers(), pipe(options));
                DemoChild<ChildReport> child = DemoChild.launch(run, "child", launcher, ChildReport.class)) {
            child.awaitReady();
            seen.childReadyNanos = System.nanoTime() - startNanos;
            seen.capacityBytes = toChild.capacityBytes();
            send(toChild, child, seen);
            seen.childReceived = child.report();
            seen.toChildNanos = System.nanoTime() - seen.goNanos;
            receive(fromChild, child, seen);
            seen.childSent = child.report();
            seen.child = child.end();
        }
        return seen;
    }

    /** The child's launcher. */
    static JvmLauncher launcher(DemoRun run, DemoOptions options) {
        return DemoRun.launcher(
                PipeChild.class,
                Long.toString(run.id()),
                Long.toString(options.messages()),
                Integer.toString(options.payloadBytes()),
                Boolean.toString(options.slow()));
    }

    /** What the data pipes are made with. */
    static PipeOptions pipe(DemoOptions options) {
        return PipeOptions.defaults()
                .withCapacity(options.capacityBytes())
                .withMaxMessage(Math.max(options.messageBytes(), PipeOptions.DEFAULT_MAX_MESSAGE_BYTES));
    }

    /** Fills the pipe while the child does not read, then blocks in a send until it does; ends with a goodbye. */
    private void send(PipeSender<ByteBuffer> toChild, DemoChild<ChildReport> child, PipeExchange seen)
            throws IOException, InterruptedException {
        run.phase("filling the pipe to the child, which does not read yet");
        MessageSource source = new MessageSource(run.id(), SENDER, options.payloadBytes());
        while (source.count() < options.messages() && toChild.trySend(source.message())) {
            source.sent();
        }
        seen.filledBytes = toChild.bytesWaiting();
        seen.filledMessages = source.count();
        run.phase("sending to the child");
        Later go = Later.after(LEFT_WAITING_MILLIS, () -> {
            seen.blockedBytes = toChild.bytesWaiting();
            seen.goNanos = System.nanoTime();
            child.order(PipeChild.GO);
        });
        while (source.count() < options.messages()) {
            toChild.send(source.message());
            source.sent();
        }
        go.join();
        seen.sent = source.count();
        seen.sentDigest = source.digest();
        seen.writerWaits = toChild.waits();
        toChild.close();
    }

    /** Finds the pipe empty, blocks in a receive until the child writes, and receives until it says goodbye. */
    private void receive(PipeReceiver<ByteBuffer> fromChild, DemoChild<ChildReport> child, PipeExchange seen)
            throws IOException, InterruptedException {
        run.phase("receiving from the child");
        Verifier verifier = new Verifier(run.id(), options.payloadBytes(), PipeChild.SENDER);
        seen.foundEmpty = fromChild.tryReceive() == null;
        Later turn = Later.after(LEFT_WAITING_MILLIS, () -> {
            seen.turnNanos = System.nanoTime();
            child.order(PipeChild.TURN);
        });
        try {
            while (true) {
                verifier.accept(fromChild.receive());
                if (options.slow()) {
                    Pause.afterMessage();
                }
            }
        } catch (PeerGoneException e) {
            if (e.reason() != PeerGoneException.Reason.CLOSED) {
                throw e;
            }
            seen.end = e.reason();
        }
        turn.join();
        seen.fromChildNanos = System.nanoTime() - seen.turnNanos;
        seen.readerWaits = fromChild.waits();
        seen.received = verifier;
    }
}
