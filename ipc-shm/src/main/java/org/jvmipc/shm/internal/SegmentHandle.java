package org.jvmipc.shm.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.CorruptDataException;
import org.jvmipc.IpcException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.FutexWait;
import org.jvmipc.shm.DamagedSegmentException;

/**
 * One open handle on a segment: what {@link org.jvmipc.shm.Segment} and every synchroniser holds.
 *
 * <p><b>Thread safety.</b> Yes.
 */
public final class SegmentHandle {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Membership membership;
    private final Blocked blocked = new Blocked();

    /** Takes over one handle's share of the membership. */
    public SegmentHandle(Membership membership) {
        this.membership = membership;
    }

    /** This process in the segment. */
    public Membership membership() {
        return membership;
    }

    /** The threads that sleep in calls of this handle. */
    public Blocked blocked() {
        return blocked;
    }

    /** Its memory, of which each word may be changed by anybody at any time. */
    public ByteBuffer bytes() {
        return membership.memory().bytes();
    }

    /** What to throw when the memory has gone. */
    public DamagedSegmentException cutOff(InternalError cause) {
        return membership.memory().cutOff(cause);
    }

    /** The canonical address of the segment. */
    public String name() {
        return membership.memory().name();
    }

    /** The object of this name, null if there is none. */
    public Directory.@Nullable Entry find(String object) {
        return Directory.find(membership.memory(), object);
    }

    /** All objects. */
    public List<Directory.Entry> objects() {
        return Directory.entries(membership.memory());
    }

    /**
     * Adds an object.
     *
     * @return null if there is one of this name
     * @throws org.jvmipc.LimitException if there is no room
     */
    public Directory.@Nullable Entry add(String object, ObjectType type, SegmentObjects.Content content)
            throws IOException {
        Directory.requireName(object);
        if (!membership.begin()) {
            throw new ClosedChannelException();
        }
        int word = SegmentLayout.DIRECTORY_WORD_AT;
        boolean interrupted = false;
        try {
            while (true) {
                try (Wait wait = new Wait(membership, new Blocked(), word)) {
                    if (OwnedWord.take(membership, word, wait, Deadline.after(PATIENCE)) == FutexWait.WOKEN) {
                        break;
                    }
                    throw new IpcException(name() + ": another process has been adding an object for "
                            + PATIENCE.toSeconds() + " s; it may be stopped");
                } catch (InterruptedException e) {
                    interrupted = true; // kept for the next call that looks
                }
            }
            try {
                SegmentMemory memory = membership.memory();
                return Directory.add(memory, object, type, content.bytes(memory.slots()), content.filler());
            } finally {
                OwnedWord.give(membership.memory(), word, membership.ownerValue());
            }
        } finally {
            membership.end();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Another handle on the same segment.
     *
     * @throws ClosedChannelException if this one is closed
     */
    public SegmentHandle another() throws ClosedChannelException {
        if (blocked.isClosed() || !membership.retain()) {
            throw new ClosedChannelException();
        }
        return new SegmentHandle(membership);
    }

    /** Ends it; the second time it does nothing. */
    public void close() {
        if (blocked.close()) {
            membership.release();
        }
    }

    /**
     * An object in a segment, open.
     *
     * @param segment a handle of its own
     * @param entry where it lies
     * @param address its address
     */
    public record Opened(SegmentHandle segment, Directory.Entry entry, Address address) {
        /** Reads what lies there. */
        public interface Reading<S> {
            S of(SegmentHandle segment, Directory.Entry entry);
        }

        /**
         * Reads what lies there, which anybody may have written, and closes the handle if that fails.
         *
         * @throws CorruptDataException if it is not what it should be
         */
        public <S> S read(Reading<S> reading) throws CorruptDataException {
            boolean good = false;
            try {
                S state = reading.of(segment, entry);
                LateErrors.come();
                good = true;
                return state;
            } catch (InternalError e) {
                throw new CorruptDataException(address + ": its file was cut off", e);
            } catch (DamagedSegmentException e) {
                throw new CorruptDataException(String.valueOf(e.getMessage()), e);
            } finally {
                if (!good) {
                    segment.close();
                }
            }
        }
    }
}
