package org.jvmipc.cli.talk;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes that are added to. */
final class Bytes {
    private byte[] memory;
    private int length;

    Bytes(int expectedBytes) {
        memory = new byte[expectedBytes];
    }

    void add(byte[] bytes) {
        reserve(bytes.length);
        System.arraycopy(bytes, 0, memory, length, bytes.length);
        length += bytes.length;
    }

    /** Adds what is between position and limit, moving neither. */
    void add(ByteBuffer bytes) {
        int count = bytes.remaining();
        reserve(count);
        bytes.get(bytes.position(), memory, length, count);
        length += count;
    }

    void add(byte b) {
        reserve(1);
        memory[length++] = b;
    }

    private void reserve(int more) {
        int needed = Math.addExact(length, more);
        if (needed > memory.length) {
            memory =
                    Arrays.copyOf(memory, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, 2L * memory.length)));
        }
    }

    int length() {
        return length;
    }

    /** The bytes; those from {@link #length()} on are nothing. */
    byte[] memory() {
        return memory;
    }

    void clear() {
        length = 0;
    }

    byte[] toArray() {
        return Arrays.copyOf(memory, length);
    }
}
