package org.jvmipc.cli.demo.shared;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;
import org.jvmipc.cli.demo.DemoParent;
import org.jvmipc.cli.demo.Pause;

/**
 * A child's work, turn by turn: so many turns, or turns without number until the parent says stop. {@link Workers} is the
 * parent's side.
 *
 * <p><b>Thread safety.</b> Of the thread that works.
 */
public final class Work implements Closeable {
    /** As a number of turns: until told to stop. */
    public static final long WITHOUT_NUMBER = 0;

    /** Begin. */
    static final String START = "start";

    /** Take hold, and be killed so. */
    static final String HOLD = "hold";

    /** Tell of the next turn. */
    static final String GO_ON = "go on";

    /** End now. */
    static final String STOP = "stop";

    private static final long BETWEEN_LOOKS_NANOS = 1_000_000;
    private static final int TURNS_PER_YIELD = 8;

    private final DemoParent<WorkReport> parent;
    private final boolean numbered;
    private final long least;
    private long last;
    private long done;
    private long digest;
    private long waits;
    private long waitNanos;
    private int told;
    private long toldNanos;
    private long lookedNanos = System.nanoTime() - BETWEEN_LOOKS_NANOS;
    private boolean holds;
    private boolean asked;
    private boolean stopped;

    private Work(DemoParent<WorkReport> parent, boolean numbered, long turns) {
        this.parent = parent;
        this.numbered = numbered;
        this.last = turns;
        this.least = numbered ? 0 : turns;
    }

    /** What is tried, or waited for. */
    @FunctionalInterface
    public interface Taking<T> {
        /** Takes it; null if it is not to be had. */
        @Nullable
        T take() throws IOException, InterruptedException;
    }

    /**
     * Opens the way to the parent.
     *
     * @param turns how many, or {@link #WITHOUT_NUMBER}
     */
    public static Work open(long turns) throws IOException, InterruptedException {
        return new Work(DemoParent.open(WorkReport.class), turns != WITHOUT_NUMBER, turns);
    }

    /** The same of so many turns, or, without end, of so many at least before it does as it is told to stop. */
    public static Work open(long turns, boolean withoutEnd) throws IOException, InterruptedException {
        return new Work(DemoParent.open(WorkReport.class), !withoutEnd, turns);
    }

    /** The same with no turns yet, but those that are given by {@link #more}. */
    public static Work inRounds() throws IOException, InterruptedException {
        return new Work(DemoParent.open(WorkReport.class), true, 0);
    }

    /** Says that all is open, and waits until the others are as far. */
    public void begin() throws IOException, InterruptedException {
        parent.ready();
        parent.await(START);
    }

    /** Whether there is another turn to do; looks now and then what the parent says. */
    public boolean another() throws IOException {
        long now = System.nanoTime();
        if (now - lookedNanos >= BETWEEN_LOOKS_NANOS) {
            lookedNanos = now;
            look();
        }
        boolean due = numbered ? done < last && !stopped : done < least || !stopped;
        return due && !holds;
    }

    /** Waits whether there is to be another round. */
    public boolean again() throws IOException, InterruptedException {
        String order = parent.order();
        if (order.equals(STOP)) {
            return false;
        }
        DemoParent.expect(START, order);
        return true;
    }

    /** Has so many turns more to do. */
    public void more(long number) {
        last = done + number;
    }

    private void look() throws IOException {
        String order = parent.tryOrder();
        if (order == null) {
            return;
        }
        switch (order) {
            case HOLD -> holds = true;
            case GO_ON -> asked = true;
            default -> {
                DemoParent.expect(STOP, order);
                stopped = true;
            }
        }
    }

    /** Whether this is the one to take hold and die. */
    public boolean isToHold() {
        return holds;
    }

    /** Takes what others may have: without a wait if that can be, or else notes how long it took. */
    public <T> T take(Taking<T> now, Taking<T> waiting) throws IOException, InterruptedException {
        T taken = now.take();
        if (taken != null) {
            return taken;
        }
        long startNanos = System.nanoTime();
        taken = waiting.take();
        waited(System.nanoTime() - startNanos);
        if (taken == null) {
            throw new IllegalStateException("a wait without end has ended");
        }
        return taken;
    }

    /**
     * Stays a moment, with what others want held, so that they find it taken, on few processors too.
     *
     * @param slow whether it does so each time, and longer
     */
    @SuppressWarnings("ThreadPriorityCheck") // that others have the processor is what this is for
    public void linger(boolean slow) {
        if (slow) {
            Pause.afterMessage();
        } else if (done % TURNS_PER_YIELD == 0) {
            Thread.yield();
        }
    }

    /** Notes a wait. */
    public void waited(long nanos) {
        waits(waits + 1, waitNanos + nanos);
    }

    /** Notes how many waits there have been in all, and how long they took together. */
    public void waits(long count, long nanos) {
        waits = count;
        waitNanos = nanos;
    }

    /** Notes whether the last holder was told to have died. */
    public void told(boolean died) {
        if (died) {
            told++;
            toldNanos = System.nanoTime();
        }
    }

    /** Notes a turn, which nothing is held of any more. */
    public void turn() throws IOException, InterruptedException {
        done++;
        if (!numbered && done == 1) {
            report(WorkReport.STARTED);
        }
        if (asked) {
            asked = false;
            report(WorkReport.WENT_ON);
        }
    }

    /** Notes a turn that was a message. */
    public void turn(long digestOfAll) throws IOException, InterruptedException {
        digest = digestOfAll;
        turn();
    }

    /** Tells the parent that it holds what it is to hold, and waits to be killed. */
    public void hold() throws IOException, InterruptedException {
        report(WorkReport.HOLDING);
        throw new IpcException("was to be killed, and not to be told \"" + parent.order() + "\"");
    }

    /** Tells the parent that all is done. */
    public void end() throws IOException, InterruptedException {
        report(WorkReport.DONE);
    }

    /** Waits for an order of the demo's own. */
    public void await(String order) throws IOException, InterruptedException {
        parent.await(order);
    }

    /** Tells the parent how far it has come. */
    public void report(String stage) throws IOException, InterruptedException {
        parent.report(new WorkReport(stage, done, digest, waits, waitNanos, told, toldNanos, System.nanoTime()));
    }

    @Override
    public void close() throws IOException {
        parent.close();
    }
}
