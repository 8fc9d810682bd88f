package org.jvmipc.internal.stream;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;
import org.jvmipc.internal.DeathWatch;
import org.jvmipc.process.ProcessIdentity;

/** One sender whose fragments were seen: who it is, what is expected of it next, and the message of it that is not complete. */
final class FragmentSource {
    private static final long UNKNOWN = -1;

    final long pid;
    final long startTime;
    private final int namespace;
    private final int sender;

    /** The parts of its present message. */
    final MessageParts parts;

    /** The number of the message that is expected, or is coming; unknown until the first beginning of one was seen. */
    private long sequence = UNKNOWN;

    /** Whether a fragment of that message was seen. */
    private boolean begun;

    private int received;

    /** Set by the watch's thread. */
    private volatile boolean dead;

    private DeathWatch.@Nullable Watched watched;

    /** Where in the stream the last of it lies, once it is known to be dead. */
    private long deadAt = UNKNOWN;

    FragmentSource(ByteBuffer bytes, int at, int maxMessageBytes) {
        this.pid = bytes.getInt(at + FragmentLayout.PID_OFFSET);
        this.startTime = bytes.getLong(at + FragmentLayout.START_TIME_OFFSET);
        this.namespace = bytes.getInt(at + FragmentLayout.NAMESPACE_OFFSET);
        this.sender = bytes.getInt(at + FragmentLayout.SENDER_OFFSET);
        this.parts = new MessageParts(maxMessageBytes);
    }

    /** Whether it sent the fragment whose header is there. */
    boolean sent(ByteBuffer bytes, int at) {
        return bytes.getInt(at + FragmentLayout.PID_OFFSET) == pid
                && bytes.getInt(at + FragmentLayout.SENDER_OFFSET) == sender
                && bytes.getLong(at + FragmentLayout.START_TIME_OFFSET) == startTime
                && bytes.getInt(at + FragmentLayout.NAMESPACE_OFFSET) == namespace;
    }

    /**
     * Asks to be told of its process's death. A sender of this very process needs none, one in another pid namespace cannot
     * be seen: of both, the end of the stream tells.
     */
    void watch(ProcessIdentity self, Runnable onDeath) {
        if (!isVisible(self) || (pid == self.pid() && startTime == self.startTime())) {
            return;
        }
        try {
            watched = DeathWatch.watch(pid, startTime, () -> {
                dead = true;
                onDeath.run();
            });
        } catch (IpcException e) {
            // Without a descriptor to spare its death is told by the end of the stream, as of a sender that is not
            // visible.
        }
    }

    private boolean isVisible(ProcessIdentity self) {
        return namespace == 0 || self.pidNamespace() == 0 || namespace == (int) self.pidNamespace();
    }

    /** Whether its process is known to run. */
    boolean isAlive(ProcessIdentity self) {
        return isVisible(self) && new ProcessIdentity(pid, startTime, self.bootId(), 0).isAlive();
    }

    void unwatch() {
        if (watched != null) {
            watched.close();
        }
    }

    /** Notes where the stream stands, once its process has died: all that it sent is before. */
    void noteDeath(long endOfStream) {
        if (dead && deadAt == UNKNOWN) {
            deadAt = endOfStream;
        }
    }

    /** The rest of what it sent was passed over: nothing of it comes any more. */
    void endsHere(long position) {
        deadAt = Math.min(deadAt, position);
    }

    /** Whether its death was noted, and so many bytes of the stream are all that it sent. */
    boolean isOver(long position) {
        return deadAt != UNKNOWN && position >= deadAt;
    }

    boolean isInMessage() {
        return parts.isOpen();
    }

    /** Whether its process has died as far as is known. */
    boolean isDead() {
        return dead;
    }

    /** What became of a fragment. */
    enum Step {
        /** It is the next one of its message. */
        NEXT,
        /** It belongs to a message whose beginning was not for this reader. */
        PASSED_OVER,
        /** It should have come before, or messages before it are missing. */
        MISSING
    }

    /** Takes account of a fragment that is a message, a batch or a part of a message. */
    Step step(long fragmentSequence, int offset, int length) {
        if (sequence == UNKNOWN) {
            if (offset != 0) {
                return Step.PASSED_OVER;
            }
            sequence = fragmentSequence;
        }
        if (begun && fragmentSequence == sequence + 1) { // the one before was given up
            parts.drop();
            completed();
        }
        if (fragmentSequence != sequence || offset != received) {
            return Step.MISSING;
        }
        begun = true;
        received += length;
        return Step.NEXT;
    }

    /** The message is complete. */
    void completed() {
        sequence++;
        begun = false;
        received = 0;
    }

    /** It has said which message would be next; whether that fits what was seen. */
    boolean announces(long next) {
        if (sequence == UNKNOWN) {
            sequence = next;
        }
        return next == sequence || (begun && next == sequence + 1);
    }

    /** Begins anew with whatever comes. */
    void restart() {
        parts.drop();
        sequence = UNKNOWN;
        begun = false;
        received = 0;
    }

    @Override
    public String toString() {
        return "sender " + pid + "." + sender;
    }
}
