package org.jvmipc.shm.sync;

import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;
import org.jvmipc.internal.Backoff;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.RangeLockCalls;
import org.jvmipc.shm.internal.LockClaim;
import org.jvmipc.shm.internal.LockHolders;
import org.jvmipc.shm.internal.ThreadWait;
import org.jvmipc.shm.internal.ThreadWaits;

/**
 * One range of one file in this JVM, shared by all handles on it. Between the threads of this JVM there is a queue, first
 * come first served; its first waiter asks the kernel, again and again, as the kernel's own wait could be neither timed nor
 * interrupted. The kernel's lock is taken by the first of those who share it, and given back by the last.
 *
 * <p>The owner is a {@link Thread}, not the operating system's: so it may be a virtual one.
 */
final class RangeLock {
    private final RangeKey key;
    private final Fd fd;
    private final RangeLockCalls range;
    private final long holderKey;
    /** Asked for again while there are none that could be used. */
    private @Nullable LockHolders holders;

    /** Guards all that follows, and the descriptor: no call is made on it without. Never held while waiting. */
    private final ReentrantLock guard = new ReentrantLock();

    private final Deque<Waiter> queue = new ArrayDeque<>();
    private final List<RangeHold> sharing = new ArrayList<>();
    private @Nullable RangeHold exclusive;
    private int handles;
    private boolean ownerDied;

    RangeLock(RangeKey key, Fd fd, @Nullable LockHolders holders) {
        this.key = key;
        this.fd = fd;
        this.range = new RangeLockCalls(fd, key.start(), key.kernelLength());
        this.holderKey = key.holderKey();
        this.holders = holders;
    }

    /** The thread that made it, in the queue. */
    private static final class Waiter extends ThreadWait {
        private final Thread thread = Thread.currentThread();
        private final LockClaim waitsFor;
        private final boolean timed;

        private Waiter(LockClaim waitsFor, boolean timed) {
            this.waitsFor = waitsFor;
            this.timed = timed;
        }

        @Override
        protected LockClaim waitsFor() {
            return waitsFor;
        }

        @Override
        protected boolean isTimed() {
            return timed;
        }

        private void end() {
            ended();
        }
    }

    RangeKey key() {
        return key;
    }

    // ---- lock

    /** Without waiting, and without regard to an interrupt; null if it is not to be had. */
    @Nullable
    RangeHold tryLock(RangeHandle handle, boolean shared) {
        guard.lock();
        try {
            requireUsable(handle);
            return queue.isEmpty() ? tryTake(handle, shared) : null;
        } finally {
            guard.unlock();
        }
    }

    /** Null if it was not to be had until the deadline. */
    @Nullable
    RangeHold lock(RangeHandle handle, boolean shared, Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Waiter self;
        guard.lock();
        try {
            requireUsable(handle);
            RangeHold hold = queue.isEmpty() ? tryTake(handle, shared) : null;
            if (hold != null || deadline.isNow()) {
                return hold;
            }
            self = new Waiter(key.claim(shared), !deadline.isNever());
            queue.addLast(self);
        } finally {
            guard.unlock();
        }
        try {
            return await(self, handle, shared, deadline);
        } finally {
            leave(self);
        }
    }

    private @Nullable RangeHold await(Waiter self, RangeHandle handle, boolean shared, Deadline deadline)
            throws InterruptedException {
        Backoff backoff = new Backoff();
        while (true) {
            boolean ask;
            guard.lock();
            try {
                handle.requireOpen();
                ask = queue.peekFirst() == self && isFree(shared);
                RangeHold hold = ask ? tryTake(handle, shared) : null;
                if (hold != null) {
                    return hold;
                }
            } finally {
                guard.unlock();
            }
            if (deadline.passed()) {
                return null;
            }
            if (ask) {
                LockSupport.parkNanos(this, backoff.next(deadline).remainingNanos());
            } else {
                LockSupport.parkNanos(this, deadline.remainingNanos()); // until a thread of this JVM gives way
                backoff = new Backoff();
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private void leave(Waiter self) {
        self.end();
        guard.lock();
        try {
            queue.remove(self);
            wakeFirst();
        } finally {
            guard.unlock();
        }
    }

    private void requireUsable(RangeHandle handle) {
        handle.requireOpen();
        Thread thread = Thread.currentThread();
        if (exclusive != null && exclusive.isOf(thread)) {
            throw new AlreadyHeldException(handle + ": this thread holds it already");
        }
        for (RangeHold hold : sharing) {
            if (hold.isOf(thread)) {
                throw new AlreadyHeldException(handle + ": this thread holds it already, shared");
            }
        }
    }

    /** Whether no thread of this JVM is in the way. */
    private boolean isFree(boolean shared) {
        return exclusive == null && (shared || sharing.isEmpty());
    }

    private @Nullable RangeHold tryTake(RangeHandle handle, boolean shared) {
        if (!isFree(shared)) {
            return null;
        }
        RangeHold hold = new RangeHold(this, handle.toString(), Thread.currentThread());
        HolderWatch.noticeHold(); // before there is one: there may be no thread to be had
        boolean first = sharing.isEmpty();
        if (first && !tryLockKernel(shared)) {
            return null;
        }
        boolean held = false;
        try {
            if (first) {
                hold.tell(takeNews(shared));
            }
            if (shared) {
                sharing.add(hold);
            } else {
                exclusive = hold;
            }
            held = true;
            return hold;
        } finally {
            if (first && !held) {
                unlockKernel(); // for want of memory, say: nobody here would give back what nobody has
            }
        }
    }

    private boolean tryLockKernel(boolean shared) {
        try {
            return range.tryLock(!shared);
        } catch (IpcException e) {
            throw new UncheckedIOException(e); // the kernel has no memory for it; nothing was taken
        }
    }

    /** Whether the last one who had it exclusively died with it. */
    private boolean takeNews(boolean shared) {
        boolean died = ownerDied;
        ownerDied = false;
        if (holders == null || !holders.isUsable()) {
            holders = LockHolders.shared();
        }
        if (holders == null) {
            return died;
        }
        return (shared ? holders.take(holderKey) : holders.enter(holderKey)) || died;
    }

    // ---- unlock

    /** By the thread that holds it. */
    void unlock(RangeHold hold) {
        boolean unused;
        guard.lock();
        try {
            if (!hold.isOf(Thread.currentThread()) || !isOut(hold)) {
                throw new NotHeldException(
                        hold.name() + ": " + (isOut(hold) ? "held by another thread" : "was given back already"));
            }
            giveBack(hold, false);
            unused = isUnused();
        } finally {
            guard.unlock();
        }
        if (unused) {
            RangeLocks.retire(this);
        }
    }

    private boolean isOut(RangeHold hold) {
        return hold == exclusive || sharing.contains(hold);
    }

    /** Nothing has changed if the kernel fails. */
    private void giveBack(RangeHold hold, boolean died) {
        if (hold == exclusive || sharing.size() == 1) {
            if (hold == exclusive && !died && holders != null) {
                holders.leave(holderKey); // before the next one can have the lock
            }
            unlockKernel();
        }
        if (hold == exclusive) {
            exclusive = null;
            // The entry in the table is left where it is: whoever is next, here or elsewhere, finds it.
            ownerDied = died && (holders == null || !holders.isUsable());
        } else {
            sharing.remove(hold);
        }
        wakeFirst();
    }

    private void unlockKernel() {
        try {
            range.unlock();
        } catch (IpcException first) {
            try {
                range.unlock();
            } catch (IpcException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void wakeFirst() {
        Waiter first = queue.peekFirst();
        if (first != null) {
            LockSupport.unpark(first.thread);
        }
    }

    /**
     * Gives back what threads hold that have ended.
     *
     * @return whether anything is held still
     */
    boolean reclaim() {
        boolean held;
        boolean unused;
        guard.lock();
        try {
            if (exclusive != null && exclusive.hasEnded()) {
                giveBack(exclusive, true);
            }
            for (RangeHold hold : List.copyOf(sharing)) {
                if (hold.hasEnded()) {
                    giveBack(hold, true);
                }
            }
            held = exclusive != null || !sharing.isEmpty();
            unused = isUnused();
        } finally {
            guard.unlock();
        }
        if (unused) {
            RangeLocks.retire(this);
        }
        return held;
    }

    // ---- for those who look for deadlocks

    /** Adds who waits. */
    void waits(List<ThreadWait> waits) {
        guard.lock();
        try {
            waits.addAll(queue);
        } finally {
            guard.unlock();
        }
    }

    /** Tells who holds it. */
    void holds(ThreadWaits.Holds visitor) {
        guard.lock();
        try {
            if (exclusive != null) {
                visitor.add(exclusive.thread(), key.claim(false));
            }
            sharing.forEach(each -> visitor.add(each.thread(), key.claim(true)));
        } finally {
            guard.unlock();
        }
    }

    // ---- handles

    /** One more handle; under the monitor of {@link RangeLocks}. */
    void attach() {
        guard.lock();
        try {
            handles++;
        } finally {
            guard.unlock();
        }
    }

    /** One handle less: its waiters wake up, and find it closed. */
    void detach() {
        boolean unused;
        guard.lock();
        try {
            handles--;
            queue.forEach(waiter -> LockSupport.unpark(waiter.thread));
            unused = isUnused();
        } finally {
            guard.unlock();
        }
        if (unused) {
            RangeLocks.retire(this);
        }
    }

    private boolean isUnused() {
        return handles == 0 && exclusive == null && sharing.isEmpty();
    }

    /** Closes the descriptor if nobody needs it any more; under the monitor of {@link RangeLocks}. */
    boolean closeIfUnused() {
        guard.lock();
        try {
            if (isUnused()) {
                fd.close();
            }
            return isUnused();
        } finally {
            guard.unlock();
        }
    }
}
