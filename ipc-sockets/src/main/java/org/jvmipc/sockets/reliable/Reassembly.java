package org.jvmipc.sockets.reliable;

import java.util.Arrays;

/** The message whose parts are coming, in order. Memory is taken as its bytes come, not as the first part promises. */
final class Reassembly {
    private static final int FIRST_BYTES = 1 << 16;
    private static final byte[] NOTHING = {};

    private byte[] bytes = NOTHING;
    private int total = -1;
    private int filled;
    private int parts;

    /** The next part, whose message is not too large; false if it is not what has to come now. */
    boolean add(int messageBytes, int offset, byte[] part) {
        if (total < 0) {
            total = messageBytes;
            filled = 0;
            parts = 0;
        }
        if (messageBytes != total || offset != filled) {
            return false;
        }
        parts++;
        if (filled == 0 && part.length == total) {
            bytes = part; // all of it
        } else {
            makeRoom(filled + part.length);
            System.arraycopy(part, 0, bytes, filled, part.length);
        }
        filled += part.length;
        return true;
    }

    private void makeRoom(int needed) {
        if (needed > bytes.length) {
            long larger = Math.max(Math.max(FIRST_BYTES, needed), 2L * bytes.length);
            bytes = Arrays.copyOf(bytes, (int) Math.min(total, larger));
        }
    }

    boolean isUnderWay() {
        return total >= 0;
    }

    boolean isComplete() {
        return total >= 0 && filled == total;
    }

    /** Of how many packets the message is so far. */
    int parts() {
        return parts;
    }

    /** The whole message; the next part begins another one. */
    byte[] take() {
        byte[] message = bytes.length == total ? bytes : Arrays.copyOf(bytes, total);
        bytes = NOTHING;
        total = -1;
        return message;
    }
}
