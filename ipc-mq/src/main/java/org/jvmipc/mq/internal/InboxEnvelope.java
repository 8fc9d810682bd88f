package org.jvmipc.mq.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.AddressException;

/**
 * What stands before a message in an inbox, of a request or a reply.
 *
 * @param kind as in the layout
 * @param pid of the sender as it says, 0 if it does not
 * @param correlation the number of the request
 * @param replyTo where the answer goes; null of what wants none
 */
public record InboxEnvelope(int kind, long pid, long correlation, @Nullable Address replyTo) {
    /** The kind of a plain message. */
    public static final int MESSAGE = InboxEnvelopeLayout.MESSAGE;

    /** The kind of a request. */
    public static final int REQUEST = InboxEnvelopeLayout.REQUEST;

    /** The kind of a reply. */
    public static final int REPLY = InboxEnvelopeLayout.REPLY;

    /** What stands before a plain message. */
    public static final int PLAIN_BYTES = InboxEnvelopeLayout.HEADER_BYTES;

    /** The most that stands before any. */
    public static final int MOST_BYTES = InboxEnvelopeLayout.REPLY_AT + InboxEnvelopeLayout.MAX_REPLY_BYTES;

    private static final int SELF = (int) ProcessHandle.current().pid();

    /** The whole of what stands before a plain message of this process, little-endian. */
    public static long plainHeader() {
        return InboxEnvelopeLayout.header(InboxEnvelopeLayout.MESSAGE, 0, SELF);
    }

    /** A plain message; the numbers are told from its header. */
    private static InboxEnvelope plain(long header) {
        return new InboxEnvelope(InboxEnvelopeLayout.MESSAGE, InboxEnvelopeLayout.pid(header), 0, null);
    }

    /** What stands before a request or a reply, as bytes. */
    static byte[] bytes(int kind, long correlation, @Nullable Address replyTo) {
        byte[] reply = Envelope.utf8(replyTo == null ? null : replyTo.toString());
        if (reply.length > InboxEnvelopeLayout.MAX_REPLY_BYTES) {
            throw new IllegalArgumentException("address to reply to has " + reply.length + " bytes; it has at most "
                    + InboxEnvelopeLayout.MAX_REPLY_BYTES);
        }
        byte[] bytes = new byte[InboxEnvelopeLayout.REPLY_AT + reply.length];
        LittleEndian.putLong(bytes, 0, InboxEnvelopeLayout.header(kind, reply.length, SELF));
        LittleEndian.putLong(bytes, InboxEnvelopeLayout.CORRELATION_AT, correlation);
        System.arraycopy(reply, 0, bytes, InboxEnvelopeLayout.REPLY_AT, reply.length);
        return bytes;
    }

    /**
     * Reads past the envelope without keeping anything of it.
     *
     * @param source at the envelope's beginning; afterwards at the message's
     * @return the envelope's first eight bytes
     * @throws IllegalArgumentException if it is no envelope; says what is wrong, and where
     */
    static long skip(ByteBuffer source) {
        int size = source.remaining();
        if (size < InboxEnvelopeLayout.HEADER_BYTES) {
            throw new IllegalArgumentException(
                    "envelope: " + size + " bytes are less than a header's " + InboxEnvelopeLayout.HEADER_BYTES);
        }
        int at = source.position();
        long header = source.getLong(at);
        boolean plain = InboxEnvelopeLayout.isPlain(
                header); // most are: one comparison for all of what the others are checked for
        source.position(at + (plain ? InboxEnvelopeLayout.HEADER_BYTES : bytes(header, size)));
        return header;
    }

    /** How many bytes the envelope has. */
    private static int bytes(long header, int size) {
        int version = InboxEnvelopeLayout.version(header);
        if (version != InboxEnvelopeLayout.VERSION) {
            throw new IllegalArgumentException("envelope: version at byte " + InboxEnvelopeLayout.VERSION_AT + " is "
                    + version + "; this is " + InboxEnvelopeLayout.VERSION);
        }
        int kind = InboxEnvelopeLayout.kind(header);
        int reply = InboxEnvelopeLayout.replyBytes(header);
        int most = kind == InboxEnvelopeLayout.REQUEST ? InboxEnvelopeLayout.MAX_REPLY_BYTES : 0;
        int least = kind == InboxEnvelopeLayout.REQUEST ? 1 : 0;
        if (kind < InboxEnvelopeLayout.MESSAGE || kind > InboxEnvelopeLayout.REPLY) {
            throw new IllegalArgumentException(
                    "envelope: kind at byte " + InboxEnvelopeLayout.KIND_AT + " is " + kind + "; it is 1 to 3");
        }
        if (reply < least || reply > most) {
            throw new IllegalArgumentException("envelope: reply length at byte " + InboxEnvelopeLayout.REPLY_BYTES_AT
                    + " is " + reply + "; of kind " + kind + " it is " + least + " to " + most);
        }
        if (kind == InboxEnvelopeLayout.MESSAGE) {
            return InboxEnvelopeLayout.HEADER_BYTES;
        }
        int bytes = InboxEnvelopeLayout.REPLY_AT + reply;
        if (bytes > size) {
            throw new IllegalArgumentException(
                    "envelope: it has " + bytes + " bytes by its header, the message with it " + size);
        }
        return bytes;
    }

    /**
     * Reads an envelope.
     *
     * @param source as of {@link #skip}
     * @throws IllegalArgumentException as {@link #skip}
     */
    static InboxEnvelope read(ByteBuffer source) {
        int at = source.position();
        long header = skip(source);
        int kind = InboxEnvelopeLayout.kind(header);
        if (kind == InboxEnvelopeLayout.MESSAGE) {
            return plain(header);
        }
        byte[] reply = new byte[InboxEnvelopeLayout.replyBytes(header)];
        source.get(at + InboxEnvelopeLayout.REPLY_AT, reply);
        long correlation = source.getLong(at + InboxEnvelopeLayout.CORRELATION_AT);
        return new InboxEnvelope(kind, InboxEnvelopeLayout.pid(header), correlation, replyTo(reply));
    }

    private static @Nullable Address replyTo(byte[] reply) {
        if (reply.length == 0) {
            return null;
        }
        String text = new String(reply, StandardCharsets.UTF_8);
        try {
            Address address = InboxNames.require(Address.of(text));
            if (!address.equals(address.withoutParameters())) {
                throw new AddressException(text, "where an answer goes is a name without parameters", null);
            }
            return address;
        } catch (AddressException e) {
            throw new IllegalArgumentException(
                    "envelope: address to reply to at byte " + InboxEnvelopeLayout.REPLY_AT + ": " + e.getMessage(), e);
        }
    }
}
