package org.jvmipc.shm.internal;

import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.FutexWait;

/**
 * One call that may sleep: known to its handle, so that a close ends it, and to the membership, so that the end of the segment does;
 * and counted in the participant's slot while it sleeps, so that others see who waits for what.
 *
 * <p><b>Thread safety.</b> Of one thread.
 */
public final class Wait implements AutoCloseable {
    private final Membership self;
    private final Blocked blocked;
    private final int object;
    private final FutexWait sleep = FutexWait.prepare();
    private final @Nullable OfLock ofLock;
    private boolean counted;

    /** What is told of one for a lock, whose holder is a thread. */
    private static final class OfLock extends ThreadWait {
        private final LockClaim lock;
        private volatile boolean timed;

        private OfLock(LockClaim lock) {
            this.lock = lock;
        }

        @Override
        protected LockClaim waitsFor() {
            return lock;
        }

        @Override
        protected boolean isTimed() {
            return timed;
        }

        private void end() {
            ended();
        }
    }

    /**
     * From here on a close of the handle is kept.
     *
     * @param object offset of the object that is waited for
     */
    public Wait(Membership self, Blocked blocked, int object) {
        this(self, blocked, object, null);
    }

    /** The same for a lock, whose holder is a thread, so that a deadlock can be seen. */
    Wait(Membership self, Blocked blocked, int object, LockClaim.@Nullable Mode mode) {
        this.self = self;
        this.ofLock = mode == null ? null : new OfLock(self.claim(object, mode));
        this.blocked = blocked;
        this.object = object;
        blocked.add(sleep);
        self.sleepers().add(sleep);
    }

    Spin spin() {
        return blocked.spin();
    }

    /** Sleeps while the word has the value; what ended it, as {@link FutexWait#await}. */
    public int await(int offset, int value, Deadline deadline) throws InterruptedException {
        requireWhole();
        if (blocked.isClosed()) {
            return FutexWait.CANCELLED;
        }
        if (!counted) {
            begin(deadline);
            counted = true;
        }
        SegmentMemory memory = self.memory();
        int answer = sleep.await(memory.bytes(), memory.address(offset), value, deadline);
        if (answer == FutexWait.GONE) {
            throw memory.cutOff(null);
        }
        if (answer == FutexWait.CANCELLED) {
            requireWhole();
        }
        return answer;
    }

    private void begin(Deadline deadline) {
        if (ofLock == null) {
            self.waits().begin(object);
        } else {
            ofLock.timed = !deadline.isNever();
            self.waits().begin(object, ofLock);
        }
    }

    private void end() {
        if (ofLock == null) {
            self.waits().end(object);
        } else {
            ofLock.end();
            self.waits().end(object, ofLock);
        }
    }

    private void requireWhole() {
        if (self.sleepers().isClosed()) {
            throw self.memory().damaged("its memory is cut off or damaged; close it, and create it anew");
        }
    }

    /**
     * The sleep is over.
     *
     * @throws org.jvmipc.shm.DamagedSegmentException if the memory is lost: here, and not anywhere later
     */
    @Override
    public void close() {
        try {
            if (counted) {
                end();
            }
            self.settle();
        } catch (InternalError e) {
            throw self.memory().cutOff(e);
        } finally {
            self.sleepers().remove(sleep);
            blocked.remove(sleep);
            sleep.done();
        }
    }
}
