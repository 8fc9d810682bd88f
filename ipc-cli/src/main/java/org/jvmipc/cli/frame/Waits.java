package org.jvmipc.cli.frame;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

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
    private volatile @Nullable String what;
    private volatile long sinceNanos;
    private @Nullable Thread teller;
    private @Nullable String told;

    /** Tells it through this talk. */
    public Waits(Talk talk, GlobalOptions options) {
        this.talk = talk;
        this.active = !options.quiet() && !options.json() && Terminal.isTerminal(STDERR_FD);
    }

    /** From now on this is waited for. */
    public void begin(String waitedFor) {
        if (!active) {
            return;
        }
        sinceNanos = System.nanoTime();
        what = waitedFor;
        if (teller == null) {
            teller = new Thread(this::tell, "ipc-waits");
            teller.setDaemon(true);
            teller.start();
        }
    }

    /** Nothing is waited for any more. */
    public void end() {
        what = null;
    }

    private void tell() {
        try {
            while (true) {
                String waitedFor = what;
                long nanos = waitedFor == null ? PATIENCE_NANOS : sinceNanos + PATIENCE_NANOS - System.nanoTime();
                if (waitedFor != null && nanos <= 0 && !waitedFor.equals(told)) {
                    told = waitedFor;
                    talk.write("ipc: waiting for " + waitedFor + " ... (Ctrl-C to stop)\n");
                }
                TimeUnit.NANOSECONDS.sleep(nanos <= 0 ? PATIENCE_NANOS : nanos);
            }
        } catch (InterruptedException e) {
            // it ends with the command
        }
    }
}
