package org.jvmipc.internal.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Framing;
import org.jvmipc.LimitException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.PolledFd;

/** Receives lines or raw bytes from any program. The end of the stream is an orderly end: there is no goodbye to miss. */
public final class PlainReceiver<T> extends StreamReceiver<T> {
    private static final byte NEWLINE = '\n';

    private final boolean lines;
    /** How many bytes from {@link ReadAhead#at} on are known to hold no newline. */
    private int searched;
    /** Inside a line that is too long, whose rest is dropped as it comes. */
    private boolean dropping;

    private static final long NONE = -1;

    /** Where in the stream its end was met, which is to be told after a last line without newline; none otherwise. */
    private long endAt = NONE;

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
        super(fd, address, capabilities, codec, maxMessageBytes, comesBack);
        this.lines = framing == Framing.LINE;
    }

    @Override
    @Nullable
    T take(Deadline deadline) throws IOException, InterruptedException {
        return lines ? takeLine(deadline) : takeBytes(deadline);
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

    private @Nullable T takeLine(Deadline deadline) throws IOException, InterruptedException {
        int reads = 0;
        while (true) {
            if (endAt != NONE) {
                return lastLine();
            }
            int newline = findNewline();
            if (newline >= 0) {
                T line = line(newline, newline + 1);
                if (line != null) {
                    return line;
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

    @Override
    boolean hasMessage() {
        return endAt != NONE || (!ahead.isEmpty() && (!lines || findNewline() >= 0));
    }

    private int findNewline() {
        ByteBuffer bytes = ahead.bytes();
        for (int i = ahead.at + searched; i < ahead.end; i++) {
            if (bytes.get(i) == NEWLINE) {
                return i;
            }
        }
        searched = ahead.end - ahead.at;
        return -1;
    }

    /** Takes the line that ends here; null if it was too long. */
    private @Nullable T line(int to, int next) throws IOException {
        int from = ahead.at;
        boolean whole = !dropping && to - from <= maxMessageBytes;
        ahead.at = next;
        searched = 0;
        dropping = false;
        return whole ? decode(from, to) : null;
    }

    private boolean fillOrEnd(Deadline deadline) throws IOException, InterruptedException {
        try {
            return fill(deadline);
        } catch (PeerGoneException e) {
            endAt = ahead.total();
            return true;
        }
    }

    /** A last line without newline is a line; nothing is the end. The next writer's bytes may be here already. */
    private T lastLine() throws IOException {
        int end = ahead.at + (int) (endAt - ahead.position());
        if (ahead.at == end && !dropping) {
            endAt = NONE;
            throw endOfStream();
        }
        T line = line(end, end);
        if (line == null) {
            throw tooLong();
        }
        return line;
    }

    private LimitException tooLong() {
        return new LimitException(
                address() + ": a line was dropped, it is longer than this receiver takes",
                "maxMessageBytes",
                maxMessageBytes,
                "give a larger one when opening");
    }

    @Override
    PeerGoneException endOfStream() {
        return new PeerGoneException(PeerGoneException.Reason.CLOSED, address(), "the sender has closed, or ended");
    }
}
