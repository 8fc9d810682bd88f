package org.jvmipc.shm;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;
import org.jvmipc.shm.internal.ring.SendingEnd;

/**
 * Room in a {@link SharedRing} for one message, which is written where it will be read.
 *
 * <pre>{@code
 * try (Claim claim = sender.claim(Long.BYTES + Integer.BYTES)) {
 *     claim.buffer().putLong(id).putInt(cents);
 *     claim.commit();
 * }                                              // not committed: nobody ever sees it
 * }</pre>
 *
 * <p>It belongs to the thread that has made it, and that thread can send nothing else through the sender until it is committed or
 * closed; other threads wait. A process that is killed, or stopped, with a claim keeps its lane from nobody but itself.
 *
 * <p>There is one of it for each sender, used again and again: it is not to be kept.
 *
 * <p><b>Thread safety.</b> None.
 */
public final class Claim implements AutoCloseable {
    /** Reachable while the claim is, and in each call to its end: else it might be closed as forgotten meanwhile. */
    private final RingSender<?> sender;

    private final SendingEnd<?> end;
    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private int length;

    /** Who has claimed, and neither committed nor closed: another thread may have the sender's next claim in this same object. */
    private @Nullable Thread owner;

    Claim(RingSender<?> sender, SendingEnd<?> end) {
        this.sender = sender;
        this.end = end;
    }

    Claim open(ByteBuffer room) {
        buffer = room;
        length = room.remaining();
        owner = Thread.currentThread();
        return this;
    }

    /**
     * Where the message is to be written: between position and limit as they are first, little-endian. The position is hardly ever
     * 0, and what lies outside belongs to others.
     */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** How many bytes were claimed; so many are sent. */
    public int length() {
        return length;
    }

    /**
     * Sends the message.
     *
     * @throws ClosedChannelException if it was committed or closed before
     * @throws IllegalStateException if another thread has claimed it
     * @throws org.jvmipc.CorruptDataException if the memory is not what it was
     */
    public void commit() throws IOException {
        Thread claimer = owner;
        if (claimer == null) {
            throw new ClosedChannelException();
        }
        if (claimer != Thread.currentThread()) {
            throw new IllegalStateException(end.address() + ": this claim is " + claimer.getName() + "'s");
        }
        owner = null;
        try {
            end.commit(length);
        } finally {
            Reference.reachabilityFence(sender);
        }
    }

    /** Gives the room back if it was not committed; else it does nothing. */
    @Override
    public void close() {
        if (owner == Thread.currentThread()) {
            owner = null;
            try {
                end.abort();
            } finally {
                Reference.reachabilityFence(sender);
            }
        }
    }
}
