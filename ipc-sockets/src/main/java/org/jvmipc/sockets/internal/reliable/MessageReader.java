package org.jvmipc.sockets.internal.reliable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes messages again of what the packets carried, in order. One that lies in one packet is shown where it is; one that does not is
 * put together, in memory that is taken as its bytes come, not as its length promises.
 *
 * <p><b>Thread safety.</b> None.
 */
public final class MessageReader {
    private static final int FIRST_BYTES = 1 << 16;
    private static final byte[] NOTHING = {};

    private final int maxMessageBytes;
    private @Nullable Incoming part;
    private ByteBuffer view = ByteBuffer.wrap(NOTHING);
    private ByteBuffer shown = view;
    private byte[] whole = NOTHING;
    private int total = -1;
    private int filled;
    private boolean broken;

    /** One that takes messages of up to so many bytes. */
    public MessageReader(int maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
    }

    /** What the session gives out next; only when {@link #next()} has found nothing more. */
    void add(Incoming next) {
        part = next;
        view = ByteBuffer.wrap(next.bytes, 0, next.length).order(ByteOrder.LITTLE_ENDIAN);
        shown = view.asReadOnlyBuffer();
    }

    /** What was read to its end; the reader refers to it no more. */
    @Nullable
    Incoming done() {
        Incoming read = part;
        part = null;
        view = ByteBuffer.wrap(NOTHING);
        shown = view;
        return read;
    }

    /**
     * The next message, between position and limit, until the next call; null if it has not come, or not all of it, or if the
     * stream {@link #isBroken()}.
     */
    public @Nullable ByteBuffer next() {
        if (broken) {
            return null;
        }
        if (total < 0) {
            if (!view.hasRemaining()) {
                return null;
            }
            if (!begin()) {
                broken = true;
                return null;
            }
            if (view.remaining() >= total) {
                return inOnePiece();
            }
        }
        return gather();
    }

    private boolean begin() {
        if (view.remaining() < Packer.LENGTH_BYTES) {
            return false;
        }
        int length = view.getInt();
        if (length < 0 || length > maxMessageBytes) {
            return false;
        }
        total = length;
        filled = 0;
        return true;
    }

    private ByteBuffer inOnePiece() {
        int end = view.position() + total;
        shown.limit(end).position(view.position());
        view.position(end);
        total = -1;
        return shown;
    }

    private @Nullable ByteBuffer gather() {
        int count = Math.min(view.remaining(), total - filled);
        makeRoom(filled + count);
        view.get(whole, filled, count);
        filled += count;
        if (filled < total) {
            return null;
        }
        ByteBuffer message = ByteBuffer.wrap(whole, 0, total).asReadOnlyBuffer();
        whole = NOTHING; // it is the receiver's until the next one
        total = -1;
        return message;
    }

    private void makeRoom(int needed) {
        if (needed > whole.length) {
            long larger = Math.max(Math.max(FIRST_BYTES, needed), 2L * whole.length);
            whole = Arrays.copyOf(whole, (int) Math.min(total, larger));
        }
    }

    /** Whether a message has begun and not ended. */
    public boolean isUnderWay() {
        return total >= 0;
    }

    /** Whether there may be a message without anything coming. */
    public boolean hasMore() {
        return view.hasRemaining();
    }

    /** Whether what came is no messages: too large by what is allowed, or cut in the wrong place. */
    public boolean isBroken() {
        return broken;
    }
}
