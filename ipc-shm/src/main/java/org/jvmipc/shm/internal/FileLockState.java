package org.jvmipc.shm.internal;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;
import org.jvmipc.internal.Backoff;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.LockCalls;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.shm.DamagedSegmentException;

/**
 * One range of one file as this JVM locks it: shared by all handles on it, since the kernel does not tell the threads of a process apart
 * that use one description. Threads queue up here, first come first served; the first in the queue tries for the kernel's
 * lock, against other processes, and pauses in between.
 *
 * <p><b>Thread safety.</b> Yes.
 */
public final class FileLockState {
    private static final Map<Key, FileLockState> ALL = new HashMap<>();

    private final Key key;
    private final String name;
    private final Fd file;
    private final LockCalls.Range range;
    private final long holderKey;

    private final ReentrantLock guard = new ReentrantLock();
    // All below guarded by it.
    private final ArrayDeque<Condition> queue = new ArrayDeque<>();
    private final Map<Thread, Integer> sharing = new HashMap<>();
    private @Nullable Thread owner;
    private int entered = LockHolders.NONE;
    private boolean ownerDied;

    /** Handles and holds; guarded by {@link #ALL}. */
    private int users = 1;

    private record Key(long device, long inode, long birthNanos, long start, long length) {}

    /** What a call is to get. */
    public enum Answer {
        /** It is locked. */
        LOCKED,
        /** It is locked, and the last one who held it died with it. */
        LOCKED_AFTER_DEATH,
        /** Not in that time, or the handle was closed. */
        NOT
    }

    private FileLockState(Key key, String name, Fd file, long holderKey) {
        this.key = key;
        this.name = name;
        this.file = file;
        this.range = new LockCalls.Range(file, key.start, key.length);
        this.holderKey = holderKey;
    }

    /**
     * The one of this JVM for the file and the range, for one more handle.
     *
     * @param file taken over, or closed
     * @param length 0 is to the end of the file
     */
    public static FileLockState of(Fd file, String name, long start, long length) throws IOException {
        boolean used = false;
        try {
            FileStatus status = OsCalls.status(file.number());
            Key key = new Key(status.device(), status.inode(), status.birthNanos(), start, length);
            synchronized (ALL) {
                FileLockState present = ALL.get(key);
                if (present != null) {
                    present.users++;
                    return present;
                }
                FileLockState state = new FileLockState(key, name, file, LockHolders.key(status, start, length));
                ALL.put(key, state);
                used = true;
                EndedThreads.add(state);
                return state;
            }
        } finally {
            if (!used) {
                file.close();
            }
        }
    }

    private void retain() {
        synchronized (ALL) {
            users++;
        }
    }

    /** A handle was closed, or a hold. The last one closes the file, and the kernel's lock with it. */
    public void release() {
        synchronized (ALL) {
            if (--users > 0) {
                return;
            }
            ALL.remove(key);
        }
        EndedThreads.remove(this);
        file.close();
    }

    // ---- locking

    /** Whether the calling thread holds it, shared or not. */
    public boolean isHeldByThisThread() {
        guard.lock();
        try {
            return owner == Thread.currentThread() || sharing.containsKey(Thread.currentThread());
        } finally {
            guard.unlock();
        }
    }

    /** Locks it. */
    public Answer lock(Handle handle, boolean shared, Deadline deadline) throws InterruptedException {
        if (deadline.isNow()) {
            guard.lock(); // held for moments only
        } else {
            guard.lockInterruptibly();
        }
        try {
            if (queue.isEmpty() && isFreeFor(shared) && tryKernel(shared)) {
                return taken(shared);
            }
            return deadline.isNow() ? Answer.NOT : queueUp(handle, shared, deadline);
        } finally {
            guard.unlock();
        }
    }

    private Answer queueUp(Handle handle, boolean shared, Deadline deadline) throws InterruptedException {
        Condition me = guard.newCondition();
        queue.addLast(me);
        handle.waiting.add(me);
        try {
            Backoff backoff = new Backoff();
            while (!handle.closed && !deadline.passed()) {
                boolean first = queue.peekFirst() == me && isFreeFor(shared);
                if (first && tryKernel(shared)) {
                    return taken(shared);
                }
                Deadline look = first ? backoff.next(deadline) : deadline;
                if (look.isNever()) {
                    me.await();
                } else {
                    me.awaitNanos(Math.max(1, look.remainingNanos()));
                }
            }
            return Answer.NOT;
        } finally {
            handle.waiting.remove(me);
            queue.remove(me);
            wakeFirst();
        }
    }

    /** As far as this process is concerned. */
    private boolean isFreeFor(boolean shared) {
        return owner == null && (shared || sharing.isEmpty());
    }

    private boolean tryKernel(boolean shared) {
        if (shared && !sharing.isEmpty()) {
            return true; // the description has it
        }
        try {
            return range.tryLock(!shared);
        } catch (IpcException e) {
            throw failed(e);
        }
    }

    private Answer taken(boolean shared) {
        boolean died = ownerDied;
        ownerDied = false;
        Thread self = Thread.currentThread();
        if (shared) {
            died |= sharing.isEmpty() && LockHolders.takeDeath(holderKey);
            sharing.merge(self, 1, Integer::sum);
        } else {
            entered = LockHolders.enter(holderKey);
            died |= entered != LockHolders.NONE && (entered & 1) != 0;
            owner = self;
        }
        retain();
        return died ? Answer.LOCKED_AFTER_DEATH : Answer.LOCKED;
    }

    private void wakeFirst() {
        Condition first = queue.peekFirst();
        if (first != null) {
            first.signal();
        }
    }

    /**
     * Gives it back.
     *
     * @return false if the calling thread does not hold it so; nothing was changed
     */
    public boolean unlock(boolean shared) {
        guard.lock();
        try {
            Thread self = Thread.currentThread();
            if (shared ? !sharing.containsKey(self) : owner != self) {
                return false;
            }
            giveBack(self, shared);
        } finally {
            guard.unlock();
        }
        release();
        return true;
    }

    private void giveBack(Thread holder, boolean shared) {
        if (shared) {
            sharing.computeIfPresent(holder, (thread, count) -> count == 1 ? null : Integer.valueOf(count - 1));
        } else {
            LockHolders.leave(entered); // first: killed in between, the holder had come to its end
            entered = LockHolders.NONE;
            owner = null;
        }
        if (sharing.isEmpty()) {
            try {
                range.unlock();
            } catch (IpcException e) {
                throw failed(e);
            }
        }
        wakeFirst();
    }

    /** What threads hold that have ended comes back, and the next one is told. */
    void releaseOfEnded() {
        int ended = 0;
        guard.lock();
        try {
            Thread holder = owner;
            if (holder != null && !holder.isAlive()) {
                ownerDied = true;
                giveBack(holder, false);
                ended++;
            }
            for (Thread each : sharing.keySet().toArray(new Thread[0])) {
                while (!each.isAlive() && sharing.containsKey(each)) {
                    ownerDied = true;
                    giveBack(each, true);
                    ended++;
                }
            }
        } finally {
            guard.unlock();
        }
        for (; ended > 0; ended--) {
            release();
        }
    }

    private DamagedSegmentException failed(IpcException cause) {
        return new DamagedSegmentException(name + ": " + cause.getMessage(), cause);
    }

    /** The lock's name, for messages. */
    public String name() {
        return name;
    }

    /** One handle on it: which threads wait in it. */
    public static final class Handle {
        private final Set<Condition> waiting = new HashSet<>();
        private volatile boolean closed;

        /** Whether it was closed. */
        public boolean isClosed() {
            return closed;
        }
    }

    /** Gets the threads out that wait in the handle; false if that was done before. */
    public boolean close(Handle handle) {
        guard.lock();
        try {
            if (handle.closed) {
                return false;
            }
            handle.closed = true;
            handle.waiting.forEach(Condition::signalAll);
        } finally {
            guard.unlock();
        }
        release();
        return true;
    }

    @Override
    public String toString() {
        return Objects.toString(key);
    }
}
