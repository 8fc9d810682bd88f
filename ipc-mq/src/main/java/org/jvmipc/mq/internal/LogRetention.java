package org.jvmipc.mq.internal;

import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;
import org.jvmipc.mq.MessageQueueOptions;

/**
 * Which cycles may go, and their going: the oldest first, those that every group has taken, and those that are too old.
 *
 * <p><b>Thread safety.</b> None: whoever holds the queue's mutex.
 */
public final class LogRetention {
    private final CycleFiles files;
    private final QueueState state;
    private final MessageQueueOptions options;
    private final LongSupplier taken;
    private final LogRecovery recovery;

    /**
     * Of one queue.
     *
     * @param taken every group has taken the messages below this index; 0 if there is no group
     */
    public LogRetention(
            CycleFiles files, QueueState state, MessageQueueOptions options, LongSupplier taken, LogRecovery recovery) {
        this.files = files;
        this.state = state;
        this.options = options;
        this.taken = taken;
        this.recovery = recovery;
    }

    /** Whether the current cycle could go if it were not the current one: all of it was taken, or is too old. */
    public boolean isCurrentSpent() {
        long maxAge = options.maxAge().toMillis();
        return StateLayout.offset(state.tail()) != 0
                && (taken.getAsLong() >= state.nextIndex()
                        || (maxAge > 0 && System.currentTimeMillis() - state.created() >= 2 * maxAge));
    }

    /**
     * Removes the cycles that may go.
     *
     * @param needed whether their room is needed, though they might be kept for replay
     * @return whether there were any
     */
    public boolean free(boolean needed) throws IOException {
        int current = state.currentCycle();
        List<Cycle> kept = files.list(state.firstCycle(), current);
        long below = taken.getAsLong();
        long now = System.currentTimeMillis();
        int gone = 0;
        while (gone + 1 < kept.size() && mayGo(kept.get(gone + 1), below, now, needed)) {
            gone++;
        }
        if (gone == 0) {
            return false;
        }
        // First the account: a reader that meets a hole looks there.
        recovery.account(kept, kept.get(gone).number(), current);
        for (Cycle each : kept.subList(0, gone)) {
            CycleFiles.remove(each);
        }
        return true;
    }

    /** Whether all before this cycle may go. */
    private boolean mayGo(Cycle next, long below, long now, boolean needed) {
        long age = now - next.createdMillis(); // all before it is at least as old
        long maxAge = options.maxAge().toMillis();
        return (maxAge > 0 && age >= maxAge)
                || (next.firstIndex() <= below
                        && (needed || age >= options.retention().toMillis()));
    }

    /** Counts anew what is kept. */
    public void account() throws IOException {
        recovery.account(files.list(), state.firstCycle(), state.currentCycle());
    }

    /** How long until the oldest cycle is too old, in milliseconds; {@link Long#MAX_VALUE} if none ever is. */
    public long millisToNextExpiry() throws IOException {
        long maxAge = options.maxAge().toMillis();
        if (maxAge == 0) {
            return Long.MAX_VALUE;
        }
        List<Cycle> kept = files.list(state.firstCycle(), state.currentCycle());
        long begins = kept.size() > 1 ? kept.get(1).createdMillis() : System.currentTimeMillis();
        return Math.max(1, begins + maxAge - System.currentTimeMillis());
    }
}
