package org.jvmipc.cli.demo.fifo;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.cli.demo.DemoChild;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.Stage;
import org.jvmipc.process.JvmLauncher;

/**
 * The parent of the demo {@code fifo}: starts {@link FifoWriter}s and a {@link FifoReader}, tells each when to do what, and
 * collects their reports. The FIFO itself it does not touch.
 */
final class FifoParent implements Closeable {
    private static final int WRITERS = 2;
    private static final int VICTIM = 1;

    /** How long the writers are left waiting in their open, so that it shows. */
    private static final long LEFT_WAITING_MILLIS = 20;

    private final DemoOptions options;
    private final DemoRun run;
    private final Address fifo;
    private final int count;
    private final Map<Integer, DemoChild<WriterReport>> writers = new TreeMap<>();
    private final List<ReaderChild> readers = new ArrayList<>();

    FifoParent(DemoOptions options, DemoRun run, Address fifo) {
        this.options = options;
        this.run = run;
        this.fifo = fifo;
        this.count = options.childrenOr(WRITERS);
    }

    /** Has all writers send their messages. */
    FifoTransfer transfer() throws IOException, InterruptedException {
        ReaderChild reader = launch(FifoWriter.Span.COUNT);
        List<WriterReport> opened = openAndFill(reader);
        return finish(reader, opened);
    }

    /** Has the writers send without end, kills one of them, and stops the others when the reader has gone on. */
    WriterDeath killWriter(Duration after) throws IOException, InterruptedException {
        ReaderChild reader = launch(FifoWriter.Span.UNTIL_STOP);
        List<WriterReport> opened = openAndFill(reader);
        long firstNanos = reader.await(ReaderReport.ALL).atNanos();
        DemoChild<WriterReport> victim = remove(VICTIM);
        victim.outlive(after);
        reader.child().order(FifoReader.HURRY);
        long killNanos = System.nanoTime();
        victim.kill();
        Peer ended = victim.end();
        victim.close();
        run.phase("waiting for the news of the writer's death");
        ReaderReport died = reader.await(ReaderReport.DIED);
        @Nullable ReaderReport wentOn = writers.isEmpty() ? null : reader.await(ReaderReport.WENT_ON);
        stopWriters();
        return new WriterDeath(finish(reader, opened), VICTIM, ended, killNanos - firstNanos, killNanos, died, wentOn);
    }

    /** Has the writers send without end, kills the reader, and starts another one. */
    ReaderDeath killReader(Duration after) throws IOException, InterruptedException {
        ReaderChild reader = launch(FifoWriter.Span.OVER_READERS);
        List<WriterReport> opened = openAndFill(reader);
        long firstNanos = reader.await(ReaderReport.ALL).atNanos();
        reader.child().outlive(after);
        long killNanos = System.nanoTime();
        reader.child().kill();
        Peer ended = reader.child().end();
        run.phase("waiting until the writers are told of the reader's death");
        List<WriterReport> told = await(WriterReport.READER_GONE);
        ReaderChild second = launchReader("reader-2");
        second.child().awaitReady();
        run.phase("letting the second reader go on");
        second.child().order(FifoReader.OPEN);
        second.child().order(FifoReader.READ);
        long wentOnNanos = second.await(ReaderReport.ALL).atNanos() - killNanos;
        stopWriters();
        return new ReaderDeath(
                finish(second, opened), ended, reader.received(), told, killNanos - firstNanos, killNanos, wentOnNanos);
    }

    private DemoChild<WriterReport> remove(int number) {
        DemoChild<WriterReport> writer = writers.remove(number);
        if (writer == null) {
            throw new IllegalStateException("there is no writer " + number);
        }
        return writer;
    }

    // ---- the steps

    private ReaderChild launch(FifoWriter.Span span) throws IOException, InterruptedException {
        for (int number = 1; number <= count; number++) {
            writers.put(number, DemoChild.launch(run, "writer-" + number, launcher(number, span), WriterReport.class));
        }
        ReaderChild reader = launchReader("reader");
        run.phase("waiting until all are ready");
        for (DemoChild<WriterReport> writer : writers.values()) {
            writer.awaitReady();
        }
        reader.child().awaitReady();
        return reader;
    }

    private JvmLauncher launcher(int number, FifoWriter.Span span) {
        return DemoRun.launcher(
                        FifoWriter.class,
                        Long.toString(run.id()),
                        Integer.toString(number),
                        Integer.toString(options.payloadBytes()),
                        Long.toString(options.messages()),
                        span.name())
                .handOver(FifoWriter.FIFO, fifo);
    }

    private ReaderChild launchReader(String role) throws IOException {
        JvmLauncher launcher = DemoRun.launcher(
                        FifoReader.class,
                        Long.toString(run.id()),
                        Integer.toString(options.payloadBytes()),
                        Integer.toString(count),
                        Boolean.toString(options.killAfter() != null),
                        Boolean.toString(options.slow()))
                .handOver(FifoWriter.FIFO, fifo);
        ReaderChild reader = ReaderChild.launch(run, role, launcher);
        readers.add(reader);
        return reader;
    }

    /** The writers open first, and wait; then the reader opens, and reads when the FIFO is full. */
    private List<WriterReport> openAndFill(ReaderChild reader) throws IOException, InterruptedException {
        run.phase("letting the writers open the FIFO, which nobody reads yet");
        order(FifoWriter.OPEN);
        await(WriterReport.OPENING);
        Thread.sleep(LEFT_WAITING_MILLIS);
        reader.child().order(FifoReader.OPEN);
        reader.await(ReaderReport.OPEN);
        run.phase("letting the writers fill the FIFO");
        List<WriterReport> opened = await(WriterReport.FILLED);
        run.phase("sending to the reader");
        reader.child().order(FifoReader.READ);
        return opened;
    }

    private void stopWriters() throws IOException, InterruptedException {
        run.phase("stopping the writers");
        order(FifoWriter.STOP);
    }

    private FifoTransfer finish(ReaderChild reader, List<WriterReport> opened)
            throws IOException, InterruptedException {
        Map<Integer, WriterReport> sent = new TreeMap<>();
        List<Peer> processes = new ArrayList<>();
        for (Map.Entry<Integer, DemoChild<WriterReport>> writer : writers.entrySet()) {
            sent.put(writer.getKey(), Stage.await(writer.getValue(), WriterReport.DONE));
        }
        ReaderReport end = reader.await(ReaderReport.END);
        Map<Integer, ReceivedReport> received = reader.received();
        for (DemoChild<WriterReport> writer : writers.values()) {
            processes.add(writer.end());
        }
        processes.add(reader.child().end());
        return new FifoTransfer(end, received, sent, opened, processes);
    }

    private void order(String order) throws IOException, InterruptedException {
        for (DemoChild<WriterReport> writer : writers.values()) {
            writer.order(order);
        }
    }

    private List<WriterReport> await(String stage) throws IOException, InterruptedException {
        List<WriterReport> reports = new ArrayList<>();
        for (DemoChild<WriterReport> writer : writers.values()) {
            reports.add(Stage.await(writer, stage));
        }
        return reports;
    }

    /** Closes the pipes to and from the children, who end with the run. */
    @Override
    public void close() throws IOException {
        for (DemoChild<WriterReport> writer : writers.values()) {
            writer.close();
        }
        for (ReaderChild reader : readers) {
            reader.close();
        }
    }
}
