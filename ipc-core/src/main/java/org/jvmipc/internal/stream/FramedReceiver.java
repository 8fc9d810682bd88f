package org.jvmipc.internal.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.CorruptDataException;
import org.jvmipc.LimitException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.PeerGoneException.Reason;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.PolledFd;

/**
 * Receives messages from the frames of {@link FrameLayout}. Every byte is taken as hostile: a header is checked before its
 * length is believed, memory grows with what has arrived and not with what was announced, and a stream that was wrong once
 * is not trusted again.
 */
public final class FramedReceiver<T> extends StreamReceiver<T> {
    private static final int HEADER = FrameLayout.HEADER_BYTES;

    private final CRC32C crc = new CRC32C();
    private final MessageParts parts;

    /** Where the present batch frame ends, 0 outside of one; {@link ReadAhead#at} is at its next message while it is less. */
    private int batchEnd;

    private boolean saidGoodbye;
    private @Nullable String corrupt;

    /** Takes over the descriptor, a non-blocking read end. */
    public FramedReceiver(
            PolledFd fd, Address address, Set<Capability> capabilities, Codec<T> codec, int maxMessageBytes) {
        super(fd, address, capabilities, codec, maxMessageBytes);
        this.parts = new MessageParts(maxMessageBytes);
    }

    @Override
    @Nullable
    T take(Deadline deadline) throws IOException, InterruptedException {
        int reads = 0;
        while (true) {
            if (ahead.at < batchEnd) {
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
            return ahead.at < batchEnd || corrupt != null || saidGoodbye || frameIsHere();
        } catch (CorruptDataException e) {
            return true;
        }
    }

    private void ensureSound() throws IOException {
        if (corrupt != null) {
            throw new CorruptDataException(corrupt);
        }
        if (saidGoodbye) {
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
                refuseOver(length);
                return decode(payload, payload + length);
            }
            case FrameLayout.BATCH -> {
                if (length > 0) {
                    ahead.at = payload;
                    batchEnd = payload + length;
                }
            }
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
        if (type != FrameLayout.LAST) {
            return null;
        }
        ByteBuffer whole = parts.complete();
        if (whole == null) {
            throw tooLarge();
        }
        return decode(whole);
    }

    private T nextOfBatch() throws IOException {
        int from = ahead.at + FrameLayout.RECORD_HEADER_BYTES;
        int length = from <= batchEnd ? ahead.bytes().getInt(ahead.at) : -1;
        if (length < 0 || length > batchEnd - from) {
            endBatch();
            throw corrupt("a message of " + Integer.toUnsignedString(length) + " bytes does not fit into its batch");
        }
        ahead.at = from + length;
        if (ahead.at == batchEnd) {
            endBatch();
        }
        refuseOver(length);
        return decode(from, from + length);
    }

    private void endBatch() {
        ahead.at = batchEnd + FrameLayout.TRAILER_BYTES;
        batchEnd = 0; // before the buffer is used again from its start
    }

    private void refuseOver(int length) throws LimitException {
        if (length > maxMessageBytes) {
            throw tooLarge();
        }
    }

    private LimitException tooLarge() {
        return new LimitException(
                address() + ": a message was dropped, it is larger than this receiver takes",
                "maxMessageBytes",
                maxMessageBytes,
                "give a larger one when opening both ends");
    }

    private CorruptDataException corrupt(String fault) {
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
