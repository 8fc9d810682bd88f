package org.jvmipc.sockets.reliable;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The messages that wait to be sent, cut into parts that fit into packets, and how many bytes are not acknowledged yet. */
final class Fragmenter {
    /** What a message costs besides its bytes, so that empty ones are bounded too. */
    static final int MESSAGE_COST = 64;

    private final int partBytes;
    private final ArrayDeque<byte[]> messages = new ArrayDeque<>();
    private int offset;
    private long bytes;

    Fragmenter(int partBytes) {
        this.partBytes = partBytes;
    }

    void add(byte[] message) {
        messages.add(message);
        bytes += message.length + MESSAGE_COST;
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    /** The next part; null if there is no message. */
    @Nullable
    Outgoing next() {
        byte[] message = messages.peek();
        if (message == null) {
            return null;
        }
        Outgoing part = new Outgoing(message, offset, Math.min(partBytes, message.length - offset), false);
        offset += part.length;
        if (part.isLast()) {
            messages.remove();
            offset = 0;
        }
        return part;
    }

    /** A part was acknowledged, as all before it were. */
    void acknowledged(Outgoing part) {
        if (!part.fin && part.isLast()) {
            bytes -= part.message.length + MESSAGE_COST;
        }
    }

    /** How many bytes are not acknowledged, of those that wait and of those that were sent. */
    long bytes() {
        return bytes;
    }

    void clear() {
        messages.clear();
        bytes = 0;
    }
}
