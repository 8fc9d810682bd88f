package org.jvmipc.sockets.internal.reliable;

import java.util.ArrayDeque;

/**
 * Arrays for what packets carry, each as large as a packet may be: kept when they are done with, and given out again, so that a
 * stream of packets makes no garbage.
 */
final class PacketMemory {
    private static final int MOST_KEPT_BYTES = 1 << 20;

    private final int bytes;
    private final int mostKept;
    private final ArrayDeque<byte[]> kept = new ArrayDeque<>();

    PacketMemory(int bytes) {
        this.bytes = bytes;
        this.mostKept = MOST_KEPT_BYTES / bytes;
    }

    /** One for a whole packet; what it holds is of earlier ones. */
    byte[] take() {
        byte[] array = kept.poll();
        return array == null ? new byte[bytes] : array;
    }

    /** One for so many bytes: of its own if they are few, as many small packets are not to hold the memory of large ones. */
    byte[] take(int length) {
        return length < bytes / 4 ? new byte[length] : take();
    }

    /** Nobody refers to it any more. */
    void give(byte[] array) {
        if (array.length == bytes && kept.size() < mostKept) {
            kept.push(array);
        }
    }
}
