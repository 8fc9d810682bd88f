package org.jvmipc.cli.demo.fifo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jvmipc.Codecs;
import org.jvmipc.PeerGoneException;
import org.jvmipc.cli.demo.DemoParent;
import org.jvmipc.cli.demo.MessageSource;
import org.jvmipc.pipes.Fifo;
import org.jvmipc.pipes.FifoSender;
import org.jvmipc.pipes.WaitStatistics;
import org.jvmipc.process.ParentJvm;

/**
 * A writer of the demo {@code fifo}. Of the others it knows nothing; it opens a FIFO by its address, sends and closes.
 * {@link FifoReader} is at the other end, {@link FifoParent} says when.
 */
final class FifoWriter {
    /** What the address is handed over as. */
    static final String FIFO = "fifo";

    /** Open it. */
    static final String OPEN = "open";

    /** End now. */
    static final String STOP = "stop";

    /** How long to send. */
    enum Span {
        /** So many messages. */
        COUNT,
        /** Until told to stop. */
        UNTIL_STOP,
        /** The same, and to a next reader when there is no reader any more. */
        OVER_READERS
    }

    private final DemoParent<WriterReport> parent;
    private final MessageSource source;
    private final long messages;
    private final Span span;
    private boolean foundNoReader;
    private long filled;
    private long openNanos;
    private String told = "";

    private FifoWriter(DemoParent<WriterReport> parent, String[] args) {
        this.parent = parent;
        source = new MessageSource(Long.parseLong(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        messages = Long.parseLong(args[3]);
        span = Span.valueOf(args[4]);
    }

    /**
     * Plays a writer.
     *
     * @param args run id, number of this writer, payload bytes, messages, span
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        try (DemoParent<WriterReport> parent = DemoParent.open(WriterReport.class)) {
            parent.ready();
            parent.await(OPEN);
            new FifoWriter(parent, args)
                    .run(Fifo.open(Fifo.path(ParentJvm.get().address(FIFO).name())));
        }
    }

    private void run(Fifo fifo) throws IOException, InterruptedException {
        foundNoReader = isAlone(fifo);
        report(WriterReport.OPENING, new WaitStatistics(0, Duration.ZERO));
        long startNanos = System.nanoTime();
        FifoSender<ByteBuffer> out = fifo.openSender(Codecs.buffers()); // waits for a reader
        try (out) {
            openNanos = System.nanoTime() - startNanos;
            fill(out);
            report(WriterReport.FILLED, out.waits());
            while (!isOver()) {
                send(out);
            }
        }
        report(WriterReport.DONE, out.waits());
    }

    private static boolean isAlone(Fifo fifo) throws IOException {
        try (FifoSender<ByteBuffer> out = fifo.tryOpenSender(Codecs.buffers())) {
            return out == null;
        }
    }

    /** Sends without a wait, as long as there is room. */
    private void fill(FifoSender<ByteBuffer> out) throws IOException {
        while ((span != Span.COUNT || source.count() < messages) && out.trySend(source.message())) {
            source.sent();
        }
        filled = source.count();
    }

    private boolean isOver() throws IOException {
        return span == Span.COUNT ? source.count() == messages : parent.hasOrdered(STOP);
    }

    /** Sends a message; if the reader is gone, it was not delivered, and the next reader gets it. */
    private void send(FifoSender<ByteBuffer> out) throws IOException, InterruptedException {
        try {
            out.send(source.message());
            source.sent();
        } catch (PeerGoneException e) {
            if (span != Span.OVER_READERS) {
                throw e;
            }
            told = e.reason().name();
            report(WriterReport.READER_GONE, out.waits());
            out.awaitReceiver();
        }
    }

    private void report(String stage, WaitStatistics waits) throws IOException, InterruptedException {
        parent.report(new WriterReport(
                stage,
                source.count(),
                source.digest(),
                foundNoReader,
                filled,
                openNanos,
                waits.count(),
                waits.total().toNanos(),
                told,
                System.nanoTime()));
    }
}
