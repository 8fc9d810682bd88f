package org.jvmipc.mq.internal;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.mq.StalledProcessException;
import org.jvmipc.shm.sync.SharedMutex;

/**
 * How steps on a group are made: under its mutex, after what a dead holder has left was put in order, and not on another group that has
 * its state in the same place.
 *
 * <p><b>Thread safety.</b> Yes.
 */
final class GroupGate implements AutoCloseable {
    private final String name;
    private final GroupState state;
    private final Repair repair;
    private final Opening opening;
    private final SharedMutex mutex;
    private final StallGuard guard;
    private final long incarnation;

    /** Whether the last look could not be made, as others were at it. */
    private volatile boolean busy;

    /** A handle on the group's mutex. */
    interface Opening {
        SharedMutex open() throws IOException;
    }

    /** Puts in order what a dead holder has left. */
    interface Repair {
        void run() throws IOException;
    }

    interface Step<R> {
        R run() throws IOException;
    }

    interface Look<R> {
        @Nullable
        R run() throws IOException;
    }

    /**
     * Of the group that has its state there now.
     *
     * @param name of it, for errors
     */
    GroupGate(String name, GroupState state, Opening opening, Repair repair) throws IOException {
        this.name = name;
        this.state = state;
        this.repair = repair;
        this.opening = opening;
        this.mutex = opening.open();
        this.guard = guard(state, mutex);
        this.incarnation = state.incarnation();
    }

    /** What waits for a group's mutex. */
    static StallGuard guard(GroupState state, SharedMutex mutex) {
        return new StallGuard(mutex, state.holder(), "changing the state of its group");
    }

    /**
     * Makes a step that has to be made.
     *
     * @throws StalledProcessException if another process stands still in one
     */
    <R> R locked(Step<R> step) throws IOException {
        return locked(guard, step);
    }

    /** The same after {@link #beginClose}, too; null if the group is no more. */
    <R> @Nullable R lockedAnyway(Step<R> step) throws IOException {
        if (isRemoved()) {
            return null;
        }
        try (SharedMutex own = opening.open()) {
            return locked(guard(state, own), step);
        }
    }

    private <R> R locked(StallGuard by, Step<R> step) throws IOException {
        try (SharedMutex.MutexHold hold = by.lockUninterruptibly()) {
            enter(hold);
            return step.run();
        }
    }

    /** Makes a look; null if the mutex was not to be had until the deadline, or before an interrupt, which is kept. */
    <R> @Nullable R tryLocked(Deadline deadline, Look<R> look) throws IOException {
        SharedMutex.MutexHold hold = tryLock(deadline);
        busy = hold == null;
        if (hold == null) {
            return null;
        }
        try (hold) {
            enter(hold);
            return look.run();
        }
    }

    private SharedMutex.@Nullable MutexHold tryLock(Deadline deadline) throws StalledProcessException {
        try {
            return guard.lock(deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // for the wait that follows
            return null;
        }
    }

    private void enter(SharedMutex.MutexHold hold) throws IOException {
        if (hold.previousOwnerDied()) {
            // The mutex tells it once only, and what follows may fail; or this is a group that had its state here
            // before.
            state.setRepairDue(true);
        }
        if (isRemoved()) {
            throw new IpcException(name + " was removed");
        }
        state.holder().set();
        if (state.isRepairDue()) {
            repair.run();
            state.setRepairDue(false);
        }
    }

    private boolean isRemoved() {
        return !state.isInUse() || state.incarnation() != incarnation;
    }

    /** Whether the last look could not be made, as others were at it. */
    boolean isBusy() {
        return busy;
    }

    /** The same, and forgets it. */
    boolean wasBusy() {
        boolean was = busy;
        busy = false;
        return was;
    }

    /** Gets the threads out that wait; one that is inside finishes its step. */
    void beginClose() {
        mutex.close();
    }

    @Override
    public void close() {
        mutex.close();
    }
}
