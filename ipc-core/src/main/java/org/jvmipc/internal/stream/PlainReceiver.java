package org.jvmipc.internal.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.CorruptDataException;
import org.jvmipc.Framing;
import org.jvmipc.LimitException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.internal.Backoff;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.PolledFd;

/**
 * Receives messages as {@link PlainFormat} has them, from any program. The end of the stream is an orderly end, except inside
 * of a message of known length: there is no goodbye to miss.
 */
public final class PlainReceiver<T> extends StreamReceiver<T> {
    private static final long NONE = -1;

    private final PlainFormat format;
    private final boolean comesBack;

    /** How many bytes from {@link ReadAhead#at} on are known to hold no delimiter. */
    private int searched;
    /** Inside a message that is too long, whose rest is dropped as it comes. */
    private boolean dropping;

    /** Where in the stream its end was met, which is to be told after a last message without delimiter; none otherwise. */
    private long endAt = NONE;

    /** The length that was announced of the message that is coming; none between two. */
    private long announced = NONE;

    private @Nullable String corrupt;

    /**
     * Takes over the descriptor, a non-blocking read end.
     *
     * @param comesBack whether another writer may come after the end: of a FIFO
     */
    public PlainReceiver(
            PolledFd fd,
            Address address,
            Set<Capability> capabilities,
            Codec<T> codec,
            Framing framing,
            int maxMessageBytes,
            boolean comesBack) {
        this(fd, address, capabilities, codec, framing, maxMessageBytes, comesBack, false);
    }

    /**
     * The same.
     *
     * @param exact whether nothing is read beyond the message that is received
     */
    public PlainReceiver(
            PolledFd fd,
            Address address,
            Set<Capability> capabilities,
            Codec<T> codec,
            Framing framing,
            int maxMessageBytes,
            boolean comesBack,
            boolean exact) {
        super(fd, address, capabilities, codec, maxMessageBytes, comesBack, exact);
        this.format = PlainFormat.of(framing);
        this.comesBack = comesBack;
    }

    @Override
    @Nullable
    T take(Deadline deadline) throws IOException, InterruptedException {
        return switch (format) {
            case LINE, NUL -> takeDelimited(deadline);
            case LEN32 -> takeCounted(deadline);
            case RAW -> takeBytes(deadline);
        };
    }

    @Override
    int wanted() {
        if (!ahead.isExact()) {
            return Integer.MAX_VALUE;
        }
        return maxMessageBytes; // of raw bytes; the others say so themselves
    }

    private @Nullable T takeBytes(Deadline deadline) throws IOException, InterruptedException {
        int reads = 0;
        while (ahead.isEmpty()) {
            if (!mayReadAgain(deadline, reads) || !fill(deadline)) {
                return null;
            }
            reads++;
        }
        int from = ahead.at;
        int to = from + Math.min(maxMessageBytes, ahead.end - from);
        ahead.at = to;
        return decode(from, to);
    }

    private @Nullable T takeDelimited(Deadline deadline) throws IOException, InterruptedException {
        int reads = 0;
        while (true) {
            if (endAt != NONE) {
                return lastMessage();
            }
            int delimiter = findDelimiter();
            if (delimiter >= 0) {
                T message = message(delimiter, delimiter + 1);
                if (message != null) {
                    return message;
                }
                throw tooLong();
            }
            if (searched > maxMessageBytes) {
                dropping = true;
            }
            if (dropping) {
                ahead.at = ahead.end;
                searched = 0;
            } else if (ahead.isFull()) {
                ahead.grow();
            }
            if (!mayReadAgain(deadline, reads) || !fillOrEnd(deadline)) {
                return null;
            }
            reads++;
        }
    }

    private boolean fillMore(Deadline deadline) throws IOException, InterruptedException {
        return ahead.isExact() ? fillExactly(deadline) : fill(deadline);
    }

    /**
     * Takes the next message in one piece as soon as it is in the pipe, so that one who gives up before leaves all of it
     * there. One longer than {@code PIPE_BUF}, which the pipe may never hold whole, is taken as it comes.
     */
    private boolean fillExactly(Deadline deadline) throws IOException, InterruptedException {
        Backoff backoff = new Backoff();
        while (true) {
            int whole = ahead.lookAhead() == 0 ? 0 : whole(ahead.waiting());
            if (whole == 0 && ahead.lookAnew() > 0) {
                boolean last = ahead.isLeft(); // asked before the look that counts
                int count = ahead.lookAnew();
                whole = last ? count : whole(ahead.waiting());
            }
            if (whole > 0 || ahead.lookAhead() == 0) {
                return fill(deadline, whole);
            }
            if (deadline.passed()) {
                return false;
            }
            ahead.pause(backoff.next(deadline)); // no event tells of more bytes behind those that are there
            if (!isOpen()) {
                throw new AsynchronousCloseException();
            }
        }
    }

    /** How many of the bytes to take now; 0 if the rest is to be waited for. */
    private int whole(ByteBuffer waiting) {
        int count = waiting.remaining();
        int end = format == PlainFormat.LEN32 ? endOfCounted(waiting) : endOfDelimited(waiting);
        boolean begun = !ahead.isEmpty() || dropping || announced != NONE || count >= FrameFormat.PIPE_BUF;
        if (end > 0 && end <= count) {
            return end;
        }
        return begun ? count : 0;
    }

    /** Where the message ends, behind its delimiter; 0 if that is not to be seen. */
    private int endOfDelimited(ByteBuffer waiting) {
        for (int i = waiting.position(); i < waiting.limit(); i++) {
            if (waiting.get(i) == format.delimiter) {
                return i + 1 - waiting.position();
            }
        }
        return 0;
    }

    /** Where the message ends, and of one that is too long its length; 0 if that is not to be seen. */
    private int endOfCounted(ByteBuffer waiting) {
        if (announced != NONE) {
            return (int) announced - (ahead.end - ahead.at);
        }
        if (!ahead.isEmpty()) {
            return Integer.BYTES - (ahead.end - ahead.at);
        }
        if (waiting.remaining() < Integer.BYTES) {
            return 0;
        }
        long length = waiting.getInt(waiting.position()) & 0xffff_ffffL;
        return length > maxMessageBytes ? Integer.BYTES : (int) Math.min(Integer.MAX_VALUE, Integer.BYTES + length);
    }

    private @Nullable T takeCounted(Deadline deadline) throws IOException, InterruptedException {
        int reads = 0;
        while (!countedIsHere()) {
            if (ahead.isFull()) {
                ahead.grow(); // with what has come, not with what was announced
            }
            if (!mayReadAgain(deadline, reads) || !fillMore(deadline)) {
                return null;
            }
            reads++;
        }
        int from = ahead.at;
        ahead.at += (int) announced;
        announced = NONE;
        return decode(from, ahead.at);
    }

    /** Whether a whole message is here; its length has been taken then. */
    private boolean countedIsHere() throws CorruptDataException {
        if (corrupt != null) {
            throw new CorruptDataException(corrupt);
        }
        if (announced == NONE) {
            if (ahead.end - ahead.at < Integer.BYTES) {
                return false;
            }
            long length = ahead.bytes().getInt(ahead.at) & 0xffff_ffffL;
            if (length > maxMessageBytes) {
                corrupt = address() + ": a message of " + length + " bytes is announced, and this receiver takes "
                        + maxMessageBytes
                        + " at most (maxMessageBytes): the sender's limit is another one, or these bytes"
                        + " are no length; the stream cannot be trusted any more";
                throw new CorruptDataException(corrupt);
            }
            announced = length;
            ahead.at += Integer.BYTES;
        }
        return ahead.end - ahead.at >= announced;
    }

    @Override
    boolean hasMessage() {
        return switch (format) {
            case LINE, NUL -> endAt != NONE || findDelimiter() >= 0;
            case LEN32 -> hasCounted();
            case RAW -> !ahead.isEmpty();
        };
    }

    private boolean hasCounted() {
        try {
            return countedIsHere();
        } catch (CorruptDataException e) {
            return true;
        }
    }

    private int findDelimiter() {
        ByteBuffer bytes = ahead.bytes();
        for (int i = ahead.at + searched; i < ahead.end; i++) {
            if (bytes.get(i) == format.delimiter) {
                return i;
            }
        }
        searched = ahead.end - ahead.at;
        return -1;
    }

    /** Takes the message that ends here; null if it was too long. */
    private @Nullable T message(int to, int next) throws IOException {
        int from = ahead.at;
        boolean whole = !dropping && to - from <= maxMessageBytes;
        ahead.at = next;
        searched = 0;
        dropping = false;
        return whole ? decode(from, to) : null;
    }

    private boolean fillOrEnd(Deadline deadline) throws IOException, InterruptedException {
        try {
            return fillMore(deadline);
        } catch (PeerGoneException e) {
            if (ahead.lost() != 0) {
                throw e; // what came last may be a part
            }
            endAt = ahead.total();
            return true;
        }
    }

    /** A last message without delimiter is one; nothing is the end. The next writer's bytes may be here already. */
    private T lastMessage() throws IOException {
        int end = ahead.at + (int) (endAt - ahead.position());
        if (ahead.at == end && !dropping) {
            endAt = NONE;
            throw endOfStream();
        }
        T message = message(end, end);
        if (message == null) {
            throw tooLong();
        }
        return message;
    }

    private LimitException tooLong() {
        return new LimitException(
                address() + ": " + format.noun + " was dropped, it is longer than this receiver takes",
                "maxMessageBytes",
                maxMessageBytes,
                "give a larger one when opening");
    }

    @Override
    PeerGoneException endOfStream() {
        int here = ahead.end - ahead.at;
        if (format == PlainFormat.LEN32 && (announced != NONE || here > 0)) {
            return cutOff(here);
        }
        return new PeerGoneException(PeerGoneException.Reason.CLOSED, address(), "the sender has closed, or ended");
    }

    /** The stream ended inside of a message. Where another sender may come, its first one begins anew. */
    private PeerGoneException cutOff(int here) {
        String what = announced == NONE ? Integer.BYTES + " bytes of a length" : announced + " bytes of a message";
        if (comesBack) {
            ahead.at = ahead.end;
            announced = NONE;
        }
        return new PeerGoneException(
                PeerGoneException.Reason.DIED,
                address(),
                "the stream ended when " + here + " of the " + what
                        + " had come: the sender died, or is no sender of such" + " messages; the part is dropped");
    }
}
