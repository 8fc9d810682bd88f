package org.jvmipc.cli.demo.fifo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.jvmipc.Codecs;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Sender;
import org.jvmipc.cli.demo.DemoParent;
import org.jvmipc.cli.demo.Pause;
import org.jvmipc.cli.demo.Verifier;
import org.jvmipc.pipes.Fifo;
import org.jvmipc.pipes.FifoReceiver;
import org.jvmipc.process.ParentJvm;

/**
 * A reader of the demo {@code fifo}. Of the others it knows nothing; it opens a FIFO by its address and verifies what comes
 * until all writers are gone. {@link FifoWriter} is at the other end, {@link FifoParent} says when.
 */
final class FifoReader {
    /** Open it. */
    static final String OPEN = "open";

    /** Read now. */
    static final String READ = "read";

    /** Somebody is about to be killed: no more pauses, which would delay the news. */
    static final String HURRY = "hurry";

    /** What it has of each writer: told at the end, and now and then before, since a reader that is killed tells nothing. */
    static final String RECEIVED = "received";

    private static final long BETWEEN_REPORTS_NANOS = 2_000_000;

    private final DemoParent<ReaderReport> parent;
    private final Sender<ReceivedReport> counts;
    private final Verifier verifier;
    private final int writers;
    private final boolean streaming;
    private final BitSet heard = new BitSet();
    private boolean slow;
    private int blockedBytes;
    private int lastWriter;
    private long turns;
    private int deaths;
    private long deadPid;
    private boolean wentOn = true;
    private int closed;
    private int afterEnd;
    private long startNanos;
    private long reportedNanos;

    private FifoReader(DemoParent<ReaderReport> parent, Sender<ReceivedReport> counts, String[] args) {
        this.parent = parent;
        this.counts = counts;
        writers = Integer.parseInt(args[2]);
        verifier = new Verifier(
                Long.parseLong(args[0]),
                Integer.parseInt(args[1]),
                IntStream.rangeClosed(1, writers).toArray());
        streaming = Boolean.parseBoolean(args[3]);
        slow = Boolean.parseBoolean(args[4]);
    }

    /**
     * Plays a reader.
     *
     * @param args run id, payload bytes, number of writers, whether they stream without end, slow
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        ParentJvm jvm = ParentJvm.get();
        try (DemoParent<ReaderReport> parent = DemoParent.open(ReaderReport.class);
                Sender<ReceivedReport> counts = jvm.sender(RECEIVED, Codecs.record(ReceivedReport.class))) {
            parent.ready();
            parent.await(OPEN);
            Fifo fifo = Fifo.open(Fifo.path(jvm.address(FifoWriter.FIFO).name()));
            try (FifoReceiver<ByteBuffer> in = fifo.openReceiver(Codecs.buffers())) {
                new FifoReader(parent, counts, args).run(in);
            }
        }
    }

    private void run(FifoReceiver<ByteBuffer> in) throws IOException, InterruptedException {
        report(ReaderReport.OPEN, in);
        parent.await(READ);
        blockedBytes = in.bytesWaiting();
        startNanos = System.nanoTime();
        while (closed == 0 && deaths < writers) {
            receive(in);
        }
        countWhatComesAfterTheEnd(in);
        report(ReaderReport.END, in);
        for (int writer = 1; writer <= writers; writer++) {
            counts.send(ReceivedReport.of(verifier, writer));
        }
    }

    private void countWhatComesAfterTheEnd(FifoReceiver<ByteBuffer> in) throws IOException {
        ByteBuffer late;
        while ((late = in.tryReceive()) != null) {
            verifier.accept(late);
            afterEnd++;
        }
    }

    private void receive(FifoReceiver<ByteBuffer> in) throws IOException, InterruptedException {
        try {
            int writer = verifier.accept(in.receive());
            if (writer != Verifier.NOBODY) {
                received(writer, in);
            }
            if (streaming) {
                lookUp();
            }
            if (slow) {
                Pause.afterMessage();
            }
        } catch (PeerGoneException e) {
            if (e.reason() == PeerGoneException.Reason.CLOSED) {
                closed++;
            } else if (streaming) {
                deaths++;
                deadPid = e.pid().orElse(0);
                wentOn = false;
                report(ReaderReport.DIED, in);
            } else {
                throw e;
            }
        }
    }

    private void received(int writer, FifoReceiver<ByteBuffer> in) throws IOException, InterruptedException {
        turns += lastWriter == 0 || lastWriter == writer ? 0 : 1;
        lastWriter = writer;
        if (!heard.get(writer)) {
            heard.set(writer);
            if (heard.cardinality() == writers) {
                report(ReaderReport.ALL, in);
            }
        }
        if (!wentOn) {
            wentOn = true;
            report(ReaderReport.WENT_ON, in);
        }
    }

    /** Tells what it has, and takes an order; both without a wait. */
    private void lookUp() throws IOException {
        long now = System.nanoTime();
        if (now - reportedNanos < BETWEEN_REPORTS_NANOS) {
            return;
        }
        reportedNanos = now;
        for (int writer = 1; writer <= writers; writer++) {
            counts.trySend(ReceivedReport.of(verifier, writer));
        }
        if (slow && parent.hasOrdered(HURRY)) {
            slow = false;
        }
    }

    private void report(String stage, FifoReceiver<ByteBuffer> in) throws IOException, InterruptedException {
        long now = System.nanoTime();
        parent.report(new ReaderReport(
                stage,
                in.capacityBytes(),
                blockedBytes,
                verifier.duplicated(),
                verifier.reordered(),
                verifier.corrupt(),
                turns,
                deaths,
                deadPid,
                closed,
                afterEnd,
                now - startNanos,
                in.waits().count(),
                in.waits().total().toNanos(),
                now));
    }
}
