package org.jvmipc.cli.demo.pipe;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jvmipc.Codecs;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.cli.demo.DemoParent;
import org.jvmipc.cli.demo.MessageSource;
import org.jvmipc.cli.demo.Pause;
import org.jvmipc.cli.demo.Verifier;
import org.jvmipc.pipes.PipeReceiver;
import org.jvmipc.pipes.PipeSender;
import org.jvmipc.pipes.WaitStatistics;
import org.jvmipc.process.ParentJvm;

/**
 * The child of the demo {@code pipe}. Its data comes in on standard input and goes out on standard output, both pipes; two
 * further pipes carry the parent's orders and this side's reports. {@link PipeParent} is the other half.
 */
final class PipeChild {
    /** Start reading. */
    static final String GO = "go";

    /** Now the other direction: start writing. */
    static final String TURN = "turn";

    /** Instead of both: read and write without end, until somebody ends this process. */
    static final String STREAM = "stream";

    /** The number of this side as a sender. */
    static final int SENDER = 1;

    private final long runId;
    private final long messages;
    private final int payloadBytes;
    private final boolean slow;

    private PipeChild(String[] args) {
        runId = Long.parseLong(args[0]);
        messages = Long.parseLong(args[1]);
        payloadBytes = Integer.parseInt(args[2]);
        slow = Boolean.parseBoolean(args[3]);
    }

    /**
     * Plays the child.
     *
     * @param args run id, messages, payload bytes, slow
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        new PipeChild(args).run();
    }

    private void run() throws IOException, InterruptedException {
        ParentJvm jvm = ParentJvm.get();
        try (Receiver<ByteBuffer> in = jvm.receiver("stdin", Codecs.buffers());
                Sender<ByteBuffer> out = jvm.sender("stdout", Codecs.buffers());
                DemoParent<ChildReport> parent = DemoParent.open(ChildReport.class)) {
            parent.ready();
            String order = parent.order();
            if (order.equals(STREAM)) {
                stream(in, out);
                return;
            }
            DemoParent.expect(GO, order);
            parent.report(receiveAll(in));
            parent.await(TURN);
            parent.report(sendAll(out));
        }
    }

    /** Verifies all that comes, until the parent says goodbye. */
    private ChildReport receiveAll(Receiver<ByteBuffer> in) throws IOException, InterruptedException {
        Verifier verifier = new Verifier(runId, payloadBytes, PipeParent.SENDER);
        try {
            while (true) {
                verifier.accept(in.receive());
                if (slow) {
                    Pause.afterMessage();
                }
            }
        } catch (PeerGoneException e) {
            if (e.reason() != PeerGoneException.Reason.CLOSED) {
                throw e;
            }
        }
        return ChildReport.received(verifier, waits(in));
    }

    /** Sends its own messages and says goodbye. */
    private ChildReport sendAll(Sender<ByteBuffer> out) throws IOException, InterruptedException {
        MessageSource source = new MessageSource(runId, SENDER, payloadBytes);
        while (source.count() < messages) {
            out.send(source.message());
            source.sent();
        }
        ChildReport report = ChildReport.sent(source, waits(out));
        out.close();
        return report;
    }

    private void stream(Receiver<ByteBuffer> in, Sender<ByteBuffer> out) throws IOException, InterruptedException {
        Thread reader = new Thread(() -> readOn(in), "reader");
        reader.setDaemon(true);
        reader.start();
        MessageSource source = new MessageSource(runId, SENDER, payloadBytes);
        while (true) {
            out.send(source.message());
            source.sent();
        }
    }

    private void readOn(Receiver<ByteBuffer> in) {
        try {
            receiveAll(in);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("the parent's data ended", e);
        }
    }

    private static WaitStatistics waits(Object end) {
        return end instanceof PipeSender<?> sender ? sender.waits() : ((PipeReceiver<?>) end).waits();
    }
}
