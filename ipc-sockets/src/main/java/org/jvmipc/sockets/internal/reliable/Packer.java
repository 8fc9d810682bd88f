package org.jvmipc.sockets.internal.reliable;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The messages that wait to be sent, one behind the other, each behind its length, and cut where a packet is full: so those that
 * wait travel together, and how many bytes are not acknowledged yet. A length is in one packet.
 */
final class Packer {
    static final int LENGTH_BYTES = Integer.BYTES;

    private final int partBytes;
    private final PacketMemory memory;
    private final ArrayDeque<Outgoing> parts = new ArrayDeque<>();
    private @Nullable Outgoing open;
    private long bytes;

    Packer(int partBytes) {
        this.partBytes = partBytes;
        this.memory = new PacketMemory(partBytes);
    }

    /** Copies the message, which is between position and limit. */
    void add(ByteBuffer message) {
        int length = message.remaining();
        Outgoing part = withRoom(LENGTH_BYTES);
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            part.bytes[part.length++] = (byte) (length >> shift);
        }
        bytes += LENGTH_BYTES + length;
        while (message.hasRemaining()) {
            part = withRoom(1);
            int count = Math.min(message.remaining(), partBytes - part.length);
            message.get(part.bytes, part.length, count);
            part.length += count;
        }
    }

    private Outgoing withRoom(int least) {
        Outgoing last = open;
        if (last == null || partBytes - last.length < least) {
            last = new Outgoing(memory.take(), false);
            parts.add(last);
            open = last;
        }
        return last;
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    /** Whether the next part is a full packet, to which nothing could be added. */
    boolean isNextFull() {
        Outgoing last = open;
        return parts.size() > 1 || (last != null && partBytes - last.length < LENGTH_BYTES);
    }

    /** The next part; null if there is none. */
    @Nullable
    Outgoing next() {
        Outgoing part = parts.poll();
        if (part == open) {
            open = null;
        }
        return part;
    }

    /** A part was acknowledged, as all before it were. */
    void acknowledged(Outgoing part) {
        if (!part.fin) {
            bytes -= part.length;
            memory.give(part.bytes);
        }
    }

    /** How many bytes are not acknowledged, of those that wait and of those that were sent. */
    long bytes() {
        return bytes;
    }

    void clear() {
        parts.clear();
        open = null;
        bytes = 0;
    }
}
