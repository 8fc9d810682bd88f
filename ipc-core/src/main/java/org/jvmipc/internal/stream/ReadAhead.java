package org.jvmipc.internal.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.OsException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.PipePeek;
import org.jvmipc.internal.posix.Poll;
import org.jvmipc.internal.posix.PolledFd;

/**
 * Bytes read from a descriptor and not taken yet: from {@link #at} to {@link #end} of {@link #buffer}. One that is exact
 * reads no more than it is asked for, so that the rest stays in the pipe.
 *
 * <p>A reader without a time limit blocks in the read itself. One with a limit polls before it reads if it found nothing
 * last time, and reads first if it found something: each spares a call that would most likely be in vain.
 *
 * <p><b>Thread safety.</b> None: used under the receiver's lock.
 */
final class ReadAhead {
    /** What a large message has grown larger than this is given back. */
    private static final int LARGEST_KEPT_BYTES = 4 * 1024 * 1024;

    /** A wait shorter than this was no wait: the data was there. */
    private static final long NO_WAIT_NANOS = 2_000;

    /** What {@link #fill} found. */
    enum Found {
        /** More bytes. */
        BYTES,
        /** Nothing before the deadline. */
        NOTHING,
        /** The end of the stream: for good, or of a FIFO until the next writer comes, after a {@link #detach()}. */
        END,
        /** Somebody asked the reader to look around ({@link PolledFd#nudge()}). */
        NUDGED
    }

    private final PolledFd fd;
    private final Address address;
    private final boolean comesBack;
    private final boolean exact;

    /** At least so much is asked for in a read; a pipe usually holds as much. */
    private final int readBytes;

    /** As good as none before the first read: of many connections most are silent. */
    NativeBuffer buffer = new NativeBuffer(Long.BYTES);

    int at;
    int end;

    /** What codecs see: the same memory, read-only. */
    private ByteBuffer view = buffer.bytes().asReadOnlyBuffer();

    private boolean likelyEmpty;
    private boolean ended;

    /** The errno with which the connection was lost, 0 if it was not. */
    private int lost;

    /** Whether a writer is known to be there: without one, a FIFO that nobody has opened yet looks like an end. */
    private volatile boolean attached;

    /** Whether poll would tell of the writers that left before. */
    private boolean stale;

    private long total;

    /** From the first {@link #lookAhead} on. */
    private @Nullable PipePeek peek;

    private int peekAt;
    private int peekEnd;

    /**
     * An empty one.
     *
     * @param comesBack whether another writer may come after the end, as into a FIFO
     * @param exact whether it reads nothing but what it is asked for
     */
    ReadAhead(PolledFd fd, Address address, boolean comesBack, boolean exact) {
        this.fd = fd;
        this.address = address;
        this.comesBack = comesBack;
        this.exact = exact;
        this.readBytes = fd.readBytes();
        this.attached = !comesBack;
    }

    boolean isExact() {
        return exact;
    }

    boolean isEmpty() {
        return at == end;
    }

    boolean hasEnded() {
        return ended;
    }

    /** The errno with which the connection was lost; 0 if the stream has ended in order, or goes on. */
    int lost() {
        return lost;
    }

    /** How many bytes were read altogether. */
    long total() {
        return total;
    }

    /** How many bytes were read and taken. */
    long position() {
        return total - (end - at);
    }

    /** Whether a writer was there when last looked. */
    boolean isAttached() {
        return attached;
    }

    /** The last writer has gone, and its end been told: what comes next is another one's. */
    void detach() {
        attached = false;
        stale = true;
    }

    ByteBuffer bytes() {
        return buffer.bytes();
    }

    /** A read-only view of a range, valid until the next {@link #fill}. */
    ByteBuffer view(int from, int to) {
        return view.limit(to).position(from);
    }

    /**
     * Reads more bytes behind those that are here, and waits for them until the deadline. One that is exact sees neither the
     * deadline nor an interrupt while there are bytes: what it has begun to take it takes.
     *
     * @param most how many bytes at most; 0: waits for bytes, or an end, and reads none
     */
    Found fill(Deadline deadline, int most) throws IOException, InterruptedException {
        if (ended) {
            return Found.END;
        }
        makeRoom();
        int room = Math.min(most, buffer.capacity() - end);
        if (deadline.isNever() && attached && !exact) {
            return found(fd.readWaiting(buffer, end, room));
        }
        if (!exact && likelyEmpty && attached && !deadline.isNow() && !await(deadline)) {
            return Found.NOTHING;
        }
        while (true) {
            if (fd.takeNudge()) {
                return Found.NUDGED;
            }
            int count = most == 0 ? fd.peek() : fd.read(buffer, end, room);
            if (most == 0 && count > 0) {
                attached = true;
                return Found.BYTES;
            }
            if (count == PolledFd.WOULD_BLOCK) {
                attached = true;
            } else if (count != 0 || attached) {
                return found(count);
            }
            if (!awaitMore(deadline)) {
                return Found.NOTHING;
            }
        }
    }

    /** Looks whether a writer is there, as {@link #isAttached()} tells then; may read ahead, unless it is exact. */
    Found look() throws IOException, InterruptedException {
        if (!exact || ended) {
            return fill(Deadline.NOW, Integer.MAX_VALUE);
        }
        if (fd.takeNudge()) {
            return Found.NUDGED;
        }
        int found = fd.peek();
        if (found == 0) {
            awaitMore(Deadline.NOW);
        } else if (found > 0 || found == PolledFd.WOULD_BLOCK) {
            attached = true;
        } else {
            throw new OsException("read", -found, "address=" + address);
        }
        return Found.NOTHING;
    }

    /**
     * How many bytes are known to lie in the pipe, which {@link #waiting} shows: those that were seen before and not read, or
     * else 64 KiB of it at most.
     */
    int lookAhead() throws IOException {
        return peekAt < peekEnd ? peekEnd - peekAt : lookAnew();
    }

    /** The same, seen anew. */
    int lookAnew() throws IOException {
        PipePeek opened = peek;
        if (opened == null) {
            opened = new PipePeek();
            peek = opened;
        }
        peekAt = 0;
        peekEnd = 0;
        peekEnd = fd.look(opened);
        return peekEnd;
    }

    /** What was seen, between position and limit. */
    ByteBuffer waiting() {
        return Objects.requireNonNull(peek).bytes().limit(peekEnd).position(peekAt);
    }

    /** Whether the last writer has left: what lies in the pipe is all that comes of it. */
    boolean isLeft() throws IOException {
        return fd.isLeft();
    }

    /** Waits for the time, an interrupt or a close. */
    void pause(Deadline deadline) throws IOException, InterruptedException {
        fd.pause(deadline);
    }

    /** Gives back what {@link #lookAhead} needed; the descriptor is its owner's. */
    void close() {
        if (peek != null) {
            peek.close();
        }
    }

    /** Waits for bytes, of a writer that may have to come first. */
    private boolean awaitMore(Deadline deadline) throws IOException, InterruptedException {
        boolean here = attached;
        if (!here && stale) {
            // Only a description that was opened after the last writer left does not tell of that for ever; see
            // pipe(7).
            fd.renew();
            stale = false;
        }
        if (deadline.isNow()) {
            if (!here && fd.isReadyHere(Poll.POLLIN)) {
                fd.renew(); // a writer came and left without a byte: poll would tell of that again and again
            }
            return false;
        }
        if (!await(deadline)) {
            return false;
        }
        if (!here && !fd.isNudged()) {
            attached = true; // bytes, or the hang-up of a writer that came and left without any
        }
        return true;
    }

    /** Takes account of what a read answered. */
    private Found found(int count) throws IOException {
        if (count == PolledFd.NUDGED) {
            fd.takeNudge();
            return Found.NUDGED;
        }
        if (ConnectionLoss.isLoss(-count)) {
            lost = -count;
            ended = true;
            return Found.END;
        }
        if (count < 0) {
            throw new OsException("read", -count, "address=" + address);
        }
        if (count > 0) {
            attached = true;
            end += count;
            total += count;
            peekAt = Math.min(peekEnd, peekAt + count);
            return Found.BYTES;
        }
        ended = !comesBack;
        return Found.END;
    }

    private boolean await(Deadline deadline) throws IOException, InterruptedException {
        long waited = fd.await(Poll.POLLIN, deadline);
        likelyEmpty = waited < 0 || waited > NO_WAIT_NANOS;
        return waited >= 0;
    }

    private void makeRoom() {
        if (buffer.capacity() < readBytes) {
            buffer = new NativeBuffer(2 * readBytes);
            view = buffer.bytes().asReadOnlyBuffer();
        }
        if (at == end) {
            at = 0;
            end = 0;
            if (buffer.capacity() > LARGEST_KEPT_BYTES) {
                buffer = new NativeBuffer(2 * readBytes);
                view = buffer.bytes().asReadOnlyBuffer();
            }
        } else if (buffer.capacity() - end < readBytes) {
            ByteBuffer bytes = buffer.bytes();
            bytes.limit(end).position(at);
            bytes.compact();
            end -= at;
            at = 0;
            bytes.clear();
            if (end == buffer.capacity()) {
                grow(); // the frame that is coming is longer
            }
        }
    }

    /** Whether there is no room behind the bytes, not even after moving them to the front. */
    boolean isFull() {
        return at == 0 && end == buffer.capacity();
    }

    /** Doubles the memory, for a message that has to be in one piece; its bytes stay at the same place. */
    void grow() {
        NativeBuffer larger = new NativeBuffer((int) Math.min(Integer.MAX_VALUE - 8, 2L * buffer.capacity()));
        larger.bytes().put(0, buffer.bytes(), 0, end);
        buffer = larger;
        view = larger.bytes().asReadOnlyBuffer();
    }
}
