package org.jvmipc.internal.stream;

import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.CorruptDataException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.PeerGoneException.Reason;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.PolledFd;

/**
 * Receives messages from the frames of {@link FrameLayout}. Every byte is taken as hostile: a header is checked before its
 * length is believed, memory grows with what has arrived and not with what was announced, and a stream that was wrong once
 * is not trusted again.
 */
public final class FramedReceiver<T> extends FrameReceiver<T> {
    private static final int HEADER = FrameLayout.HEADER_BYTES;

    private final MessageParts parts;

    private boolean saidGoodbye;
    private @Nullable String corrupt;

    /** Takes over the descriptor, a non-blocking read end. */
    public FramedReceiver(
            PolledFd fd, Address address, Set<Capability> capabilities, Codec<T> codec, int maxMessageBytes) {
        super(fd, address, capabilities, codec, maxMessageBytes, false, false);
        this.parts = new MessageParts(new PartsMemory(maxMessageBytes));
    }

    @Override
    @Nullable
    T take(Deadline deadline) throws IOException, InterruptedException {
        int reads = 0;
        while (true) {
            if (isInBatch()) {
                return nextOfBatch();
            }
            ensureSound();
            if (!frameIsHere()) {
                if (!mayReadAgain(deadline, reads) || !fill(deadline)) {
                    return null;
                }
                reads++;
                continue;
            }
            T message = nextFrame();
            if (message != null) {
                return message;
            }
        }
    }

    @Override
    boolean hasMessage() {
        try {
            return isInBatch() || corrupt != null || saidGoodbye || frameIsHere();
        } catch (CorruptDataException e) {
            return true;
        }
    }

    private void ensureSound() throws IOException {
        if (corrupt != null) {
            throw new CorruptDataException(corrupt);
        }
        if (saidGoodbye) {
            ensureNotClosing();
            throw new PeerGoneException(Reason.CLOSED, address(), "the sender has closed");
        }
    }

    /** Whether a whole frame, its header sound, is in the read-ahead. */
    private boolean frameIsHere() throws CorruptDataException {
        int here = ahead.end - ahead.at;
        if (here < HEADER) {
            return false;
        }
        String fault = FrameLayout.fault(ahead.bytes(), ahead.at);
        if (fault != null) {
            throw corrupt(fault);
        }
        return here >= FrameLayout.OVERHEAD_BYTES + ahead.bytes().getInt(ahead.at + FrameLayout.LENGTH_OFFSET);
    }

    /** Takes one frame; a message if it completes one. */
    private @Nullable T nextFrame() throws IOException {
        int frame = ahead.at;
        int length = ahead.bytes().getInt(frame + FrameLayout.LENGTH_OFFSET);
        byte type = ahead.bytes().get(frame + FrameLayout.TYPE_OFFSET);
        int payload = frame + HEADER;
        boolean revoked = checkSum(frame, length);
        boolean continues = type == FrameLayout.MIDDLE || type == FrameLayout.LAST || type == FrameLayout.ABORT;
        if (continues != parts.isOpen()) {
            throw corrupt("frame type " + type + (continues ? " without a message begun" : " inside a message"));
        }
        ahead.at = payload + length + FrameLayout.TRAILER_BYTES;
        if (revoked) {
            parts.drop();
            return null;
        }
        switch (type) {
            case FrameLayout.MESSAGE -> {
                return decodeWhole(payload, length);
            }
            case FrameLayout.BATCH -> beginBatch(payload, length);
            case FrameLayout.ABORT -> parts.drop();
            case FrameLayout.END -> saidGoodbye = true;
            default -> {
                return nextPart(type, payload, length);
            }
        }
        return null;
    }

    /** Whether the frame was revoked; anything but that and a right checksum is corrupt. */
    private boolean checkSum(int frame, int length) throws CorruptDataException {
        int found = ahead.bytes().getInt(frame + HEADER + length);
        int expected = FrameLayout.checksum(ahead.buffer, frame, length, crc);
        if (found != expected && found != (expected ^ FrameLayout.REVOKED)) {
            throw corrupt("checksum of a frame of " + length + " bytes is wrong");
        }
        return found != expected;
    }

    private @Nullable T nextPart(byte type, int payload, int length) throws IOException {
        parts.append(ahead.bytes(), payload, length);
        return type == FrameLayout.LAST ? decodeParts(parts) : null;
    }

    @Override
    CorruptDataException corrupt(String fault) {
        corrupt = address() + ": " + fault + "; the stream cannot be trusted any more";
        return new CorruptDataException(corrupt);
    }

    @Override
    PeerGoneException endOfStream() {
        int rest = ahead.end - ahead.at;
        String detail = parts.isOpen() || rest > 0
                ? "the sender is gone in the middle of a message: it died; the part is dropped"
                : "the sender is gone without goodbye: it died, or ended without closing";
        return new PeerGoneException(Reason.DIED, address(), detail);
    }
}
