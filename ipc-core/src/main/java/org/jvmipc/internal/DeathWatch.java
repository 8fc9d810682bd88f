package org.jvmipc.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.Poll;
import org.jvmipc.internal.posix.PollSet;
import org.jvmipc.internal.posix.ProcessCalls;
import org.jvmipc.process.ProcessIdentity;

/**
 * Tells when processes end: one thread for the whole JVM polls their pidfds, which the kernel makes readable at the death of
 * that very process, whoever gets its number next.
 *
 * <p><b>Thread safety.</b> Any thread may call the methods. A callback runs in the watch's thread, or in the caller's of
 * {@link #watch} if the process is dead already; it must not wait.
 */
public final class DeathWatch {
    private static final DeathWatch SHARED = new DeathWatch();

    private static final int SLOTS = 32;
    private static final long RETRY_NANOS = 10_000_000;

    private final List<Watched> watched = new ArrayList<>();
    private final List<PollSet> outgrown = new ArrayList<>();
    private @Nullable PollSet pollSet;
    private int slots = SLOTS;

    private DeathWatch() {}

    /** One process watched for one reason; closing it ends that. */
    public static final class Watched implements AutoCloseable {
        private final Fd pidfd;
        private final Runnable onDeath;

        private Watched(Fd pidfd, Runnable onDeath) {
            this.pidfd = pidfd;
            this.onDeath = onDeath;
        }

        /** Ends the watching. A callback that is under way may still run. */
        @Override
        public void close() {
            SHARED.forget(this);
        }
    }

    /**
     * Calls back once when the process has ended; at once if that is so already.
     *
     * @param pid its number in the pid namespace of this process
     * @param startTime its start time, as {@link ProcessIdentity#startTime()}
     * @return what ends the watching; null if the process is dead
     * @throws IpcException if it cannot be watched, for want of descriptors say
     */
    public static @Nullable Watched watch(long pid, long startTime, Runnable onDeath) throws IpcException {
        Fd pidfd = open(pid, startTime);
        if (pidfd == null) {
            onDeath.run();
            return null;
        }
        return SHARED.add(new Watched(pidfd, onDeath));
    }

    /** A handle on that very process, null if it is dead. First the handle, then the look at whose it is. */
    private static @Nullable Fd open(long pid, long startTime) throws IpcException {
        Fd pidfd;
        try {
            pidfd = ProcessCalls.pidfd(pid);
        } catch (OsException e) {
            if (isNoProcess(e.errno())) {
                return null;
            }
            throw e;
        }
        try {
            if (isThat(pidfd, pid, startTime)) {
                Fd open = pidfd;
                pidfd = null;
                return open;
            }
            return null;
        } finally {
            if (pidfd != null) {
                pidfd.close();
            }
        }
    }

    /** No process has the number; or a thread has it that leads none, which older kernels call invalid. */
    private static boolean isNoProcess(int errno) {
        return errno == Errno.ESRCH || errno == Errno.ENOENT || errno == Errno.EINVAL;
    }

    private static boolean isThat(Fd pidfd, long pid, long startTime) throws IpcException {
        ProcessIdentity present = ProcessIdentity.of(pid);
        if (present == null && !ProcessCalls.hasEnded(pidfd)) {
            throw new IpcException("process " + pid + " cannot be looked at in /proc; is there a descriptor left?");
        }
        return present != null && present.startTime() == startTime;
    }

    private synchronized Watched add(Watched process) throws IpcException {
        try {
            if (pollSet == null) {
                start();
            } else if (watched.size() == slots) {
                // The thread goes on in the old one until it is woken, and looks at the new one then.
                PollSet larger = new PollSet(slots + SLOTS);
                outgrown.add(pollSet);
                pollSet = larger;
                slots += SLOTS;
            }
        } catch (IpcException | RuntimeException | Error e) {
            process.pidfd.close();
            throw e;
        }
        watched.add(process);
        wakeup();
        return process;
    }

    private void start() throws IpcException {
        PollSet first = new PollSet(SLOTS);
        Thread thread = new Thread(this::run, "ipc-death-watch");
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (Error e) { // no memory for a thread: the next process that is to be watched tries again
            first.close();
            throw e;
        }
        pollSet = first; // the lock is held, so the thread does not look before
    }

    /** The number may be used again at once: the thread believes an event only of a process that is still in the list. */
    private synchronized void forget(Watched process) {
        if (watched.remove(process)) {
            process.pidfd.close();
            wakeup();
        }
    }

    private void wakeup() {
        PollSet set = pollSet;
        if (set != null) {
            set.wakeup();
        }
        outgrown.forEach(PollSet::wakeup);
    }

    private void run() {
        while (true) {
            try {
                PollSet set;
                List<Watched> polled;
                synchronized (this) {
                    outgrown.forEach(PollSet::close);
                    outgrown.clear();
                    set = Objects.requireNonNull(pollSet);
                    polled = List.copyOf(watched);
                    for (int slot = 0; slot < slots; slot++) {
                        set.clear(slot);
                        if (slot < polled.size()) {
                            set.watch(slot, polled.get(slot).pidfd.number(), Poll.POLLIN);
                        }
                    }
                }
                set.await(Deadline.NEVER);
                tell(set, polled);
            } catch (OsException | OutOfMemoryError e) {
                // poll fails for want of kernel memory only: what is watched stays watched.
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    private void tell(PollSet set, List<Watched> polled) {
        for (int slot = 0; slot < polled.size(); slot++) {
            Watched process = polled.get(slot);
            boolean died;
            synchronized (this) {
                died = set.isReady(slot) && watched.remove(process);
                if (died) {
                    process.pidfd.close();
                }
            }
            if (died) {
                tell(process);
            }
        }
    }

    /** A callback that fails is the fault of one; the thread is everybody's. */
    private static void tell(Watched process) {
        try {
            process.onDeath.run();
        } catch (RuntimeException | Error e) {
            Thread thread = Thread.currentThread();
            try {
                thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
            } catch (RuntimeException | Error failure) {
                // What a handler throws the JVM ignores too.
            }
        }
    }
}
