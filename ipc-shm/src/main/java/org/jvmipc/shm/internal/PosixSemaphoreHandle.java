package org.jvmipc.shm.internal;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jvmipc.IpcException;
import org.jvmipc.OsException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.SemaphoreCalls;
import org.jvmipc.internal.posix.VirtualThreads;
import org.jvmipc.shm.DamagedSegmentException;

/**
 * One {@code sem_open} of this process. The C library unmaps the semaphore with the last {@code sem_close}: that is called when no
 * thread is in a call of this handle any more.
 *
 * <p>The memory is mapped once more here: a load from it before each call finds a file that was cut off, which inside the C
 * library would end the JVM.
 *
 * <p><b>Thread safety.</b> Yes.
 */
public final class PosixSemaphoreHandle {
    private static final long SLICE_NANOS = 50_000_000;
    private static final int CLOSED = 1 << 29;
    private static final int DONE = CLOSED + (1 << 28);

    @SuppressWarnings("UnusedVariable")
    private static volatile int seen;

    private final String name;
    private final long semaphore;
    private final ByteBuffer guard;

    /** How many threads are in a call; with {@link #CLOSED} added once it is closed. */
    private final AtomicInteger users = new AtomicInteger();

    PosixSemaphoreHandle(String name, long semaphore, ByteBuffer guard) {
        this.name = name;
        this.semaphore = semaphore;
        this.guard = guard;
    }

    /** Whether {@link #close()} was not called yet. */
    public boolean isOpen() {
        return users.get() < CLOSED;
    }

    private boolean begin() {
        if (users.incrementAndGet() < CLOSED) {
            return true;
        }
        end();
        return false;
    }

    private void end() {
        if (users.decrementAndGet() == CLOSED) {
            closeOnce();
        }
    }

    private void closeOnce() {
        // From here on nobody gets in: the count cannot come back to this value.
        if (users.compareAndSet(CLOSED, DONE)) {
            SemaphoreCalls.close(semaphore);
        }
    }

    /** Closes it; the second time it does nothing. */
    public void close() {
        int present;
        do {
            present = users.get();
            if (present >= CLOSED) {
                return;
            }
        } while (!users.compareAndSet(present, present + CLOSED));
        if (present == 0) {
            closeOnce();
        }
    }

    /** Not in the C library, but here an error is met that tells of a file that was cut off. */
    private void look() {
        seen = Words.getVolatile(guard, 0); // kept, or the load might not be made
        LateErrors.come();
    }

    /** Takes a permit if there is one, and if it is open. */
    public boolean tryTake() {
        if (!begin()) {
            return false;
        }
        try {
            look();
            return SemaphoreCalls.tryWait(semaphore);
        } catch (InternalError e) {
            throw cutOff(e);
        } catch (IpcException e) {
            throw damaged(e);
        } finally {
            end();
        }
    }

    /** Takes a permit before the deadline, and before it is closed. */
    public boolean take(Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (tryTake()) {
            return true;
        }
        NativeBuffer time = new NativeBuffer(2 * Long.BYTES);
        while (isOpen() && !deadline.passed()) {
            if (VirtualThreads.isCurrent()) {
                Thread.sleep(1); // a wait in the C library would hold its carrier
                if (tryTake()) {
                    return true;
                }
            } else if (takeWithin(Math.min(SLICE_NANOS, deadline.remainingNanos()), time)) {
                return true;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        return false;
    }

    private boolean takeWithin(long nanos, NativeBuffer time) {
        if (!begin()) {
            return false;
        }
        try {
            look();
            return SemaphoreCalls.waitAtMost(semaphore, nanos, time);
        } catch (InternalError e) {
            throw cutOff(e);
        } catch (IpcException e) {
            throw damaged(e);
        } finally {
            end();
        }
    }

    /**
     * Gives a permit; false if it is closed.
     *
     * @throws IllegalStateException if there are as many as there can be
     */
    public boolean give() {
        if (!begin()) {
            return false;
        }
        try {
            look();
            SemaphoreCalls.post(semaphore);
            return true;
        } catch (InternalError e) {
            throw cutOff(e);
        } catch (OsException e) {
            if (e.errno() == Errno.EOVERFLOW) {
                throw new IllegalStateException("posixsem:" + name + " has as many permits as it can have", e);
            }
            throw damaged(e);
        } catch (IpcException e) {
            throw damaged(e);
        } finally {
            end();
        }
    }

    /** How many permits there are; -1 if it is closed. */
    public int value() {
        if (!begin()) {
            return -1;
        }
        try {
            look();
            return SemaphoreCalls.value(semaphore);
        } catch (InternalError e) {
            throw cutOff(e);
        } catch (IpcException e) {
            throw damaged(e);
        } finally {
            end();
        }
    }

    private DamagedSegmentException cutOff(InternalError cause) {
        return new DamagedSegmentException("posixsem:" + name + ": its file was cut off by another process", cause);
    }

    private DamagedSegmentException damaged(IpcException cause) {
        return new DamagedSegmentException("posixsem:" + name + ": " + cause.getMessage(), cause);
    }
}
