package org.jvmipc.mq;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;

/**
 * What is said of a message besides itself.
 *
 * <pre>{@code
 * sender.send(MessageHeader.ofType("order"), order);
 * }</pre>
 *
 * <p><b>Thread safety.</b> Immutable.
 *
 * @param type of the message, at most 255 bytes in UTF-8; empty for none. Receivers can leave out other types without decoding them
 * @param replyTo where an answer goes, at most 1024 bytes as text
 * @param correlation a number that the answer is to carry too, 0 for none
 */
public record MessageHeader(String type, @Nullable Address replyTo, long correlation) {
    /** Nothing. */
    public static final MessageHeader NONE = new MessageHeader("", null, 0);

    private static final int MAX_TYPE_BYTES = 255;
    private static final int MAX_REPLY_BYTES = 1024;

    /** Checks the lengths. */
    public MessageHeader {
        requireAtMost("type", type, MAX_TYPE_BYTES);
        requireAtMost("replyTo", String.valueOf(replyTo), MAX_REPLY_BYTES);
    }

    private static void requireAtMost(String what, String text, int bytes) {
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        if (length > bytes) {
            throw new IllegalArgumentException(what + " has " + length + " bytes; it has at most " + bytes);
        }
    }

    /** A type, and nothing else. */
    public static MessageHeader ofType(String type) {
        return new MessageHeader(type, null, 0);
    }

    /** The same, to be answered. */
    public MessageHeader withReplyTo(Address address, long number) {
        return new MessageHeader(type, address, number);
    }

    /** The same with another number. */
    public MessageHeader withCorrelation(long number) {
        return new MessageHeader(type, replyTo, number);
    }
}
