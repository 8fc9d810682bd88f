package org.jvmipc.cli.demo;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import org.jvmipc.Codecs;
import org.jvmipc.PeerGoneException;
import org.jvmipc.pipes.PipeReceiver;
import org.jvmipc.pipes.PipeSender;
import org.jvmipc.pipes.Pipes;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;

/**
 * The parent's view of a child: a pipe for orders to it, and one for its reports. Both are apart from the mechanism that is
 * shown, which is not judged by what came through it. {@link DemoParent} is the other half.
 *
 * @param <R> what the child reports
 */
public final class DemoChild<R extends Record> implements Closeable {
    static final String ORDERS = "orders";
    static final String REPORTS = "reports";

    private final DemoRun run;
    private final ChildJvm child;
    private final PipeSender<String> orders;
    private final PipeReceiver<R> reports;

    private DemoChild(DemoRun run, ChildJvm child, PipeSender<String> orders, PipeReceiver<R> reports) {
        this.run = run;
        this.child = child;
        this.orders = orders;
        this.reports = reports;
    }

    /** Starts it, and does not wait until it is ready. */
    public static <R extends Record> DemoChild<R> launch(
            DemoRun run, String role, JvmLauncher launcher, Class<R> reportType) throws IOException {
        PipeSender<String> orders = Pipes.toChild(launcher, ORDERS, Codecs.utf8());
        try {
            PipeReceiver<R> reports = Pipes.fromChild(launcher, REPORTS, Codecs.record(reportType));
            try {
                return new DemoChild<>(run, run.launch(role, launcher), orders, reports);
            } catch (IOException | RuntimeException e) {
                reports.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            orders.close();
            throw e;
        }
    }

    /** Waits until it is ready. */
    public void awaitReady() throws IOException, InterruptedException {
        child.awaitReady();
    }

    /** Has it do something. */
    public void order(String order) throws IOException, InterruptedException {
        orders.send(order);
    }

    /** Waits for its next report. */
    public R report() throws IOException, InterruptedException {
        return reports.receive();
    }

    /**
     * Lets it live for so long.
     *
     * @throws PeerGoneException if it has ended before
     */
    public void outlive(Duration time) throws IOException, InterruptedException {
        if (child.tryAwaitExit(time) != null) {
            String early = "the child ended before it was to be killed";
            throw new PeerGoneException(PeerGoneException.Reason.DIED, reports.address(), early);
        }
    }

    /** Kills it. */
    public void kill() throws IOException {
        child.kill();
    }

    /** Its process number. */
    public long pid() {
        return child.pid();
    }

    /** Waits for its end. */
    public Peer end() throws InterruptedException {
        return run.end(child);
    }

    /** Closes both pipes; {@link DemoRun} ends the child. */
    @Override
    public void close() throws IOException {
        try {
            orders.close();
        } finally {
            reports.close();
        }
    }
}
