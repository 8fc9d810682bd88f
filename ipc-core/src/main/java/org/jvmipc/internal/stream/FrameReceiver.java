package org.jvmipc.internal.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.LimitException;
import org.jvmipc.internal.posix.PolledFd;

/** What receivers of frames share: the messages inside a batch, and the limit of a message's length. */
abstract class FrameReceiver<T> extends StreamReceiver<T> {
    final CRC32C crc = new CRC32C();

    /** Where the present batch ends, 0 outside of one; {@link ReadAhead#at} is at its next message while it is less. */
    private int batchEnd;

    FrameReceiver(
            PolledFd fd,
            Address address,
            Set<Capability> capabilities,
            Codec<T> codec,
            int maxMessageBytes,
            boolean comesBack,
            boolean exact) {
        super(fd, address, capabilities, codec, maxMessageBytes, comesBack, exact);
    }

    /** What was wrong with the bytes; the frame they are in has been passed. */
    abstract IOException corrupt(String fault);

    final boolean isInBatch() {
        return ahead.at < batchEnd;
    }

    /** The messages of a batch lie from here on; the read-ahead goes through them. */
    final void beginBatch(int from, int length) {
        if (length > 0) {
            ahead.at = from;
            batchEnd = from + length;
        }
    }

    final T nextOfBatch() throws IOException {
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
        return decodeWhole(from, length);
    }

    private void endBatch() {
        ahead.at = batchEnd + FrameLayout.TRAILER_BYTES;
        batchEnd = 0; // before the buffer is used again from its start
    }

    /** Decodes a message that lies in one piece in the read-ahead, which has been moved behind it. */
    final T decodeWhole(int from, int length) throws IOException {
        if (length > maxMessageBytes) {
            throw tooLarge();
        }
        return decode(from, from + length);
    }

    /** Decodes the message whose last part has come. */
    final T decodeParts(MessageParts parts) throws IOException {
        boolean givenUp = parts.isGivenUp();
        ByteBuffer whole = parts.complete();
        if (whole == null) {
            throw givenUp ? givenUp() : tooLarge();
        }
        return decode(whole);
    }

    /** The message was given up for want of memory; never where there is one at a time. */
    LimitException givenUp() {
        return tooLarge();
    }

    private LimitException tooLarge() {
        return new LimitException(
                address() + ": a message was dropped, it is larger than this receiver takes",
                "maxMessageBytes",
                maxMessageBytes,
                "give a larger one when opening both ends");
    }
}
