package org.jvmipc.cli.frame;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.Deadline;

/**
 * Tells a person at a terminal what the command waits for, once that takes longer than a second:
 * {@code ipc: waiting for a reader on fifo:/tmp/f ... (Ctrl-C to stop)}. Each thing is told once. Nothing is told where standard
 * error is no terminal, with {@code -q} or {@code --json}.
 *
 * <p><b>Thread safety.</b> One thread waits.
 */
public final class Waits {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int STDERR_FD = 2;

    private final Talk talk;
    private final boolean active;
    private volatile @Nullable Waited current;
    private @Nullable Thread teller;
    private @Nullable String told;

    /** What is waited for since when, and what from then on. */
    private record Waited(String what, long sinceNanos, @Nullable Waited then) {
        /** What is waited for now. */
        Waited now() {
            return then != null && System.nanoTime() - then.sinceNanos >= 0 ? then : this;
        }
    }

    /** Tells it through this talk. */
    public Waits(Talk talk, GlobalOptions options) {
        this.talk = talk;
        this.active = !options.quiet() && !options.json() && Terminal.isTerminal(STDERR_FD);
    }

    /** From now on this is waited for. */
    public void begin(String waitedFor) {
        begin(new Waited(waitedFor, System.nanoTime(), null));
    }

    /** From now on this is waited for, until the deadline, and something else after it. */
    public void begin(String waitedFor, Deadline deadline, String after) {
        long now = System.nanoTime();
        Waited then = deadline.isNever() ? null : new Waited(after, now + deadline.remainingNanos(), null);
        begin(new Waited(waitedFor, now, then));
    }

    private void begin(Waited waited) {
        if (!active) {
            return;
        }
        current = waited;
        if (teller == null) {
            teller = new Thread(this::tell, "ipc-waits");
            teller.setDaemon(true);
            teller.start();
        }
    }

    /** Nothing is waited for any more. */
    public void end() {
        current = null;
    }

    private void tell() {
        try {
            while (true) {
                Waited seen = current;
                Waited waited = seen == null ? null : seen.now();
                long nanos = waited == null ? PATIENCE_NANOS : waited.sinceNanos + PATIENCE_NANOS - System.nanoTime();
                if (waited != null && nanos <= 0 && !waited.what.equals(told)) {
                    told = waited.what;
                    talk.write("ipc: waiting for " + waited.what + " ... (Ctrl-C to stop)\n");
                }
                TimeUnit.NANOSECONDS.sleep(nanos <= 0 ? PATIENCE_NANOS : nanos);
            }
        } catch (InterruptedException e) {
            // it ends with the command
        }
    }
}
