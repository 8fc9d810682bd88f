package org.jvmipc.mq.internal;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.IpcException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.mq.MessageQueueOptions;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.sync.ClosedSynchronizerException;
import org.jvmipc.shm.sync.SharedEventCount;
import org.jvmipc.shm.sync.SharedMutex;

/**
 * What one endpoint has open of a queue: its own handles on the shared objects, so that its close gets its own threads out and nobody
 * else's.
 *
 * <p><b>Thread safety.</b> Yes.
 */
public final class QueueLink implements AutoCloseable {
    /** How many links of this process each queue has: where users are counted it is not seen by itself. */
    private static final Map<Path, Integer> OPEN = new ConcurrentHashMap<>();

    private final QueueDirectory directory;
    private final Address address;
    private final MessageQueueOptions options;
    private final Segment segment;
    private final QueueState state;
    private final GroupTable groups;
    private final SharedMutex append;
    private final SharedMutex groupsMutex;
    private final SharedEventCount arrivals;
    private final SharedEventCount space;
    private final StallGuard guard;
    private final LogRecovery recovery;
    private final LogRetention retention;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean counted = new AtomicBoolean(true);
    private volatile int oldestCycle;
    private volatile long oldestIndex;

    /** Takes the segment over, which holds the objects; closed if this fails. */
    public QueueLink(QueueDirectory directory, Address address, MessageQueueOptions options, Segment segment)
            throws IOException {
        boolean done = false;
        try {
            this.directory = directory;
            this.address = address;
            this.options = options;
            this.segment = segment;
            this.state = new QueueState(segment.area(StateLayout.AREA));
            this.groups = GroupTable.open(directory, options, segment);
            this.append = SharedMutex.open(segment, StateLayout.APPEND_MUTEX);
            this.groupsMutex = SharedMutex.open(segment, StateLayout.GROUPS_MUTEX);
            this.arrivals = SharedEventCount.open(segment, StateLayout.ARRIVALS);
            this.space = SharedEventCount.open(segment, StateLayout.SPACE);
            this.guard = new StallGuard(append, state.holder(), "appending");
            this.recovery = new LogRecovery(directory.cycles(), state, LogAppender.maxRecordBytes(options));
            this.retention = new LogRetention(directory.cycles(), state, options, groups::taken, recovery);
            done = true;
            OPEN.merge(directory.path(), 1, Integer::sum);
        } finally {
            if (!done) {
                segment.close(); // the handles opened so far go with the safety net
            }
        }
    }

    public Address address() {
        return address;
    }

    public QueueDirectory directory() {
        return directory;
    }

    public MessageQueueOptions options() {
        return options;
    }

    public QueueState state() {
        return state;
    }

    public GroupTable groups() {
        return groups;
    }

    public SharedEventCount arrivals() {
        return arrivals;
    }

    public SharedEventCount space() {
        return space;
    }

    public LogRetention retention() {
        return retention;
    }

    public LogReader reader() {
        return new LogReader(directory.cycles(), state, LogAppender.maxRecordBytes(options));
    }

    public LogAppender appender() {
        return new LogAppender(address.toString(), directory.cycles(), state, options, retention);
    }

    public Segment segment() {
        return segment;
    }

    // ---- the queue's mutex

    /** A step under the mutex. */
    public interface Step<R> {
        R run() throws IOException;
    }

    /**
     * Takes the mutex for appending; what somebody has left who died in there is put in order.
     *
     * @return null if it was not to be had until the deadline
     * @throws org.jvmipc.mq.StalledProcessException if who has it stands still
     */
    public <R> @Nullable R appending(Deadline deadline, Step<R> step) throws IOException, InterruptedException {
        SharedMutex.MutexHold hold = guard.lock(deadline);
        return hold == null ? null : under(hold, step);
    }

    private <R> R under(SharedMutex.MutexHold hold, Step<R> step) throws IOException {
        // An interrupt would make Java close the files that Chronicle opens; it is kept for afterwards.
        boolean interrupted = Thread.interrupted();
        try (hold) {
            state.holder().set();
            if (hold.previousOwnerDied()) {
                state.setRepairDue(true); // the mutex tells it once only, and what follows may fail
            }
            requirePresent();
            if (state.isRepairDue()) {
                recovery.afterDeath();
                state.setRepairDue(false);
            }
            return step.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Removes what may go now if nobody is appending: those who append do it themselves. Wakes who waits for room. */
    public void freeRoom() throws IOException {
        try {
            if (groups.taken() >= state.secondIndex()) {
                SharedMutex.MutexHold hold = append.tryLock();
                if (hold != null) {
                    under(hold, () -> retention.free(false));
                }
            }
        } catch (ClosedSynchronizerException e) {
            // Closed meanwhile: those who append do it.
        } finally {
            tell(space, StateLayout.SPACE);
        }
    }

    /** A step on the table of groups. */
    @SuppressWarnings("try") // the hold is closed, and that is all there is to do with it
    public <R> R changingGroups(Step<R> step) throws IOException {
        StallGuard groupsGuard = new StallGuard(groupsMutex, state.groupsHolder(), "opening a group");
        try (SharedMutex.MutexHold hold = groupsGuard.lockUninterruptibly()) {
            state.groupsHolder().set();
            requirePresent();
            return step.run();
        }
    }

    /** The oldest index that is in the log still; cheap while nothing has gone. */
    public long oldestIndex() throws IOException {
        int first = state.firstCycle();
        if (first != oldestCycle) {
            Cycle oldest = directory.cycles().atLeast(first, state.currentCycle());
            oldestIndex = oldest == null ? 0 : oldest.firstIndex();
            oldestCycle = first;
        }
        return oldestIndex;
    }

    /** Something came, or came back: whoever waits for messages looks again. */
    public void tellReceivers() throws IOException {
        tell(arrivals, StateLayout.ARRIVALS);
    }

    /** Whoever waits looks again, for messages or for room. */
    public void tellAll() throws IOException {
        tell(arrivals, StateLayout.ARRIVALS);
        tell(space, StateLayout.SPACE);
    }

    /** What has happened is told though this endpoint is closed meanwhile. */
    private void tell(SharedEventCount count, String name) throws IOException {
        try {
            count.advance();
            return;
        } catch (ClosedSynchronizerException e) {
            // by another handle, then
        }
        try (SharedEventCount again = SharedEventCount.open(segment, name)) {
            again.advance();
        } catch (ClosedChannelException | IllegalStateException e) {
            // The segment is closed, too: its close tells everybody.
        }
    }

    public void requirePresent() throws IpcException {
        if (state.isRemoved()) {
            throw new IpcException(address + " was removed");
        }
    }

    // ---- closing

    public boolean isOpen() {
        return !closed.get();
    }

    public void ensureOpen() throws ClosedChannelException {
        if (closed.get()) {
            throw new ClosedChannelException();
        }
    }

    /** Gets the threads out that wait in it; false if that was done before. */
    public boolean beginClose() {
        if (!closed.compareAndSet(false, true)) {
            return false;
        }
        arrivals.close();
        space.close();
        append.close();
        return true;
    }

    /** Closes what is left. */
    @Override
    public void close() {
        beginClose();
        groupsMutex.close();
        segment.close();
        if (counted.compareAndSet(true, false)) {
            OPEN.computeIfPresent(directory.path(), (path, links) -> links > 1 ? links - 1 : null);
        }
    }

    /** Whether this process has the queue open. */
    static boolean isOpenHere(QueueDirectory directory) {
        return OPEN.containsKey(directory.path());
    }
}
