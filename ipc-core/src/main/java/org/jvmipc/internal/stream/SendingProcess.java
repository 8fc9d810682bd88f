package org.jvmipc.internal.stream;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;
import org.jvmipc.internal.DeathWatch;
import org.jvmipc.process.ProcessIdentity;

/** A process of which senders were seen: it is watched once, and dies once, however many senders it has. */
final class SendingProcess {
    static final long UNKNOWN = -1;

    final long pid;
    private final long startTime;
    private final int namespace;
    private final Runnable onDeath;

    /** How many senders of it are known. */
    int senders;

    /** Set by the watch's thread. */
    private volatile boolean dead;

    private DeathWatch.@Nullable Watched watched;

    /** Whether the next look at the pipe comes after its death. */
    private boolean marked;

    /** Where in the stream the last of it lies, once it is known to be dead. */
    private long deadAt = UNKNOWN;

    SendingProcess(ByteBuffer bytes, int at, Runnable onDeath) {
        this.pid = bytes.getInt(at + FragmentLayout.PID_OFFSET);
        this.startTime = bytes.getLong(at + FragmentLayout.START_TIME_OFFSET);
        this.namespace = bytes.getInt(at + FragmentLayout.NAMESPACE_OFFSET);
        this.onDeath = onDeath;
    }

    /** Whether it sent the fragment whose header is there. */
    boolean sent(ByteBuffer bytes, int at) {
        return bytes.getInt(at + FragmentLayout.PID_OFFSET) == pid
                && bytes.getLong(at + FragmentLayout.START_TIME_OFFSET) == startTime
                && bytes.getInt(at + FragmentLayout.NAMESPACE_OFFSET) == namespace;
    }

    /**
     * Asks to be told of its death. This very process needs no watch, one in another pid namespace cannot be seen: of both,
     * the end of the stream tells.
     */
    void watch(ProcessIdentity self) {
        if (isForeign(self) || (pid == self.pid() && startTime == self.startTime())) {
            return;
        }
        if (isUncertain(self) && !runs()) {
            return; // dead, or of another namespace: who knows
        }
        try {
            watched = DeathWatch.watch(pid, startTime, new Notice(this));
        } catch (IpcException e) {
            // Without a descriptor to spare its death is told by the end of the stream, as of one that is not visible.
        }
    }

    /** The watch must not keep a receiver that was forgotten without a close. */
    private static final class Notice implements Runnable {
        private final WeakReference<SendingProcess> process;

        private Notice(SendingProcess process) {
            this.process = new WeakReference<>(process);
        }

        @Override
        public void run() {
            SendingProcess process = this.process.get();
            if (process != null) {
                process.dead = true;
                process.onDeath.run();
            }
        }
    }

    private boolean isForeign(ProcessIdentity self) {
        return !isUncertain(self) && namespace != (int) self.pidNamespace();
    }

    private boolean isUncertain(ProcessIdentity self) {
        return namespace == 0 || self.pidNamespace() == 0;
    }

    private boolean runs() {
        ProcessIdentity present = ProcessIdentity.of(pid);
        return present != null && present.startTime() == startTime;
    }

    /** Whether it is known to run. */
    boolean isAlive(ProcessIdentity self) {
        return !isForeign(self) && new ProcessIdentity(pid, startTime, self.bootId(), 0).isAlive();
    }

    void unwatch() {
        if (watched != null) {
            watched.close();
        }
    }

    /** Whether it has died as far as is known. */
    boolean isDead() {
        return dead;
    }

    /** Whether it has died, and where in the stream its bytes end is to be found by a look at the pipe from now on. */
    boolean markDeath() {
        marked = dead && deadAt == UNKNOWN;
        return marked;
    }

    /** Notes where the stream stood after {@link #markDeath()}: all that it sent is before, if it was dead by then. */
    void noteDeath(long endOfStream) {
        if (marked) {
            deadAt = endOfStream;
            marked = false;
        }
    }

    /** Whether its death was noted, and so many bytes of the stream hold all that it sent. */
    boolean isOver(long position) {
        return deadAt != UNKNOWN && position >= deadAt;
    }
}
