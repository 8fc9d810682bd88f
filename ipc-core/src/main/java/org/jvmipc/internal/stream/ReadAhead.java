package org.jvmipc.internal.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jvmipc.Address;
import org.jvmipc.OsException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.Poll;
import org.jvmipc.internal.posix.PolledFd;

/**
 * Bytes read from a descriptor and not taken yet: from {@link #at} to {@link #end} of {@link #buffer}.
 *
 * <p>A reader without a time limit blocks in the read itself. One with a limit polls before it reads if it found nothing
 * last time, and reads first if it found something: each spares a call that would most likely be in vain.
 *
 * <p><b>Thread safety.</b> None: used under the receiver's lock.
 */
final class ReadAhead {
    /** At least so much is asked for in a read; a pipe usually holds as much. */
    private static final int READ_BYTES = 64 * 1024;

    /** A wait shorter than this was no wait: the data was there. */
    private static final long NO_WAIT_NANOS = 2_000;

    /** What {@link #fill} found. */
    enum Found {
        /** More bytes. */
        BYTES,
        /** Nothing before the deadline. */
        NOTHING,
        /** The end of the stream, now and ever after. */
        END
    }

    private final PolledFd fd;
    private final Address address;

    NativeBuffer buffer = new NativeBuffer(2 * READ_BYTES);
    int at;
    int end;

    /** What codecs see: the same memory, read-only. */
    private ByteBuffer view = buffer.bytes().asReadOnlyBuffer();

    private boolean likelyEmpty;
    private boolean ended;

    ReadAhead(PolledFd fd, Address address) {
        this.fd = fd;
        this.address = address;
    }

    boolean isEmpty() {
        return at == end;
    }

    boolean hasEnded() {
        return ended;
    }

    ByteBuffer bytes() {
        return buffer.bytes();
    }

    /** A read-only view of a range, valid until the next {@link #fill}. */
    ByteBuffer view(int from, int to) {
        return view.limit(to).position(from);
    }

    /** Reads more bytes behind those that are here, and waits for them until the deadline. */
    Found fill(Deadline deadline) throws IOException, InterruptedException {
        if (ended) {
            return Found.END;
        }
        makeRoom();
        if (deadline.isNever()) {
            return found(fd.readWaiting(buffer, end, buffer.capacity() - end));
        }
        if (likelyEmpty && !deadline.isNow() && !await(deadline)) {
            return Found.NOTHING;
        }
        while (true) {
            int count = fd.read(buffer, end, buffer.capacity() - end);
            if (count != PolledFd.WOULD_BLOCK) {
                return found(count);
            }
            if (deadline.isNow() || !await(deadline)) {
                return Found.NOTHING;
            }
        }
    }

    /** Takes account of what a read answered. */
    private Found found(int count) throws IOException {
        if (count < 0) {
            throw new OsException("read", -count, "address=" + address);
        }
        ended = count == 0;
        end += count;
        return ended ? Found.END : Found.BYTES;
    }

    private boolean await(Deadline deadline) throws IOException, InterruptedException {
        long waited = fd.await(Poll.POLLIN, deadline);
        likelyEmpty = waited < 0 || waited > NO_WAIT_NANOS;
        return waited >= 0;
    }

    private void makeRoom() {
        if (at == end) {
            at = 0;
            end = 0;
        } else if (buffer.capacity() - end < READ_BYTES) {
            ByteBuffer bytes = buffer.bytes();
            bytes.limit(end).position(at);
            bytes.compact();
            end -= at;
            at = 0;
            bytes.clear();
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
