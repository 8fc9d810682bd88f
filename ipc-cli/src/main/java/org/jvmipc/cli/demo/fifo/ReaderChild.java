package org.jvmipc.cli.demo.fifo;

import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.jvmipc.Codecs;
import org.jvmipc.PeerGoneException;
import org.jvmipc.cli.demo.DemoChild;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.cli.demo.Later;
import org.jvmipc.cli.demo.Stage;
import org.jvmipc.pipes.PipeReceiver;
import org.jvmipc.pipes.Pipes;
import org.jvmipc.process.JvmLauncher;

/** The parent's view of a reader, which besides its reports tells what it has of each writer. */
final class ReaderChild implements Closeable {
    private final DemoChild<ReaderReport> child;
    private final PipeReceiver<ReceivedReport> counts;
    private final Future<Map<Integer, ReceivedReport>> received;

    private ReaderChild(DemoChild<ReaderReport> child, PipeReceiver<ReceivedReport> counts) {
        this.child = child;
        this.counts = counts;
        this.received = Later.start("ipc-demo-counts", this::lastCounts);
    }

    static ReaderChild launch(DemoRun run, String role, JvmLauncher launcher) throws IOException {
        PipeReceiver<ReceivedReport> counts =
                Pipes.fromChild(launcher, FifoReader.RECEIVED, Codecs.record(ReceivedReport.class));
        try {
            return new ReaderChild(DemoChild.launch(run, role, launcher, ReaderReport.class), counts);
        } catch (IOException | RuntimeException e) {
            counts.close();
            throw e;
        }
    }

    private Map<Integer, ReceivedReport> lastCounts() throws IOException, InterruptedException {
        Map<Integer, ReceivedReport> last = new TreeMap<>();
        try {
            while (true) {
                ReceivedReport count = counts.receive();
                last.put(count.writer(), count);
            }
        } catch (PeerGoneException e) {
            return last; // how it ended, its exit says
        }
    }

    DemoChild<ReaderReport> child() {
        return child;
    }

    ReaderReport await(String stage) throws IOException, InterruptedException {
        return Stage.await(child, stage);
    }

    /** What it had of each writer when it ended, by the writer's number; if it was killed, shortly before. */
    Map<Integer, ReceivedReport> received() throws IOException, InterruptedException {
        return Later.result(received);
    }

    @Override
    public void close() throws IOException {
        try {
            child.close();
        } finally {
            counts.close();
        }
    }
}
