package org.jvmipc.shm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A range of shared memory with variables in it: the level of data structures. Who shares it has to agree on what lies where;
 * numbers are little-endian, at offsets that are multiples of their size.
 *
 * <pre>{@code
 * MemoryArea area = memory.area(0, 4096);
 * SharedLong turn = area.int64(0);
 * SharedIntArray scores = area.ints(64, 100);
 * scores.set(3, 17);
 * turn.setRelease(1);               // who sees the 1 by getAcquire() sees the 17 as well
 * }</pre>
 *
 * <table>
 * <caption>What lies in it</caption>
 * <tr><th>made by</th><th>is</th><th>bytes</th></tr>
 * <tr><td>{@link #int32}</td><td>{@link SharedInt}</td><td>4</td></tr>
 * <tr><td>{@link #int64}</td><td>{@link SharedLong}</td><td>8</td></tr>
 * <tr><td>{@link #ints}</td><td>{@link SharedIntArray}</td><td>4 each</td></tr>
 * <tr><td>{@link #longs}</td><td>{@link SharedLongArray}</td><td>8 each</td></tr>
 * <tr><td>{@link #counter}</td><td>{@link SharedCounter}</td><td>64 for each stripe</td></tr>
 * </table>
 *
 * <p>Nothing is written by making one of these: new memory is zero, and what is in it stays. They are views, of which there
 * may be many, and hold the memory mapped.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread.
 *
 * <p><b>Memory consistency effects.</b> Those of the accesses, between processes as between threads; see {@link SharedInt}.
 */
public final class MemoryArea {
    private final SharedWords words;
    private final int sizeBytes;

    /**
     * A range.
     *
     * @param memory all of it, mapped at a multiple of 8
     * @param object names it in the messages of errors
     */
    MemoryArea(ByteBuffer memory, String object) {
        this.words = new SharedWords(memory, object);
        this.sizeBytes = memory.capacity();
    }

    /** Its size in bytes. */
    public int size() {
        return sizeBytes;
    }

    /** Its bytes, little-endian; what is done with them is not ordered, and not protected from damage. */
    public ByteBuffer buffer() {
        return words.memory().slice(0, sizeBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * The 32-bit integer at the offset.
     *
     * @param offset in bytes, a multiple of 4
     * @throws IndexOutOfBoundsException if it is not within the area
     * @throws IllegalArgumentException if it is no such multiple
     */
    public SharedInt int32(int offset) {
        require(offset, 1, Integer.BYTES, Integer.BYTES);
        return new SharedInt(words, offset);
    }

    /**
     * The 64-bit integer at the offset.
     *
     * @param offset in bytes, a multiple of 8
     * @throws IndexOutOfBoundsException if it is not within the area
     * @throws IllegalArgumentException if it is no such multiple
     */
    public SharedLong int64(int offset) {
        require(offset, 1, Long.BYTES, Long.BYTES);
        return new SharedLong(words, offset);
    }

    /**
     * An array of 32-bit integers that begins at the offset.
     *
     * @param offset in bytes, a multiple of 4
     * @param length how many there are
     * @throws IndexOutOfBoundsException if it is not within the area
     * @throws IllegalArgumentException if it is no such multiple
     */
    public SharedIntArray ints(int offset, int length) {
        require(offset, length, Integer.BYTES, Integer.BYTES);
        return new SharedIntArray(words, offset, length);
    }

    /**
     * An array of 64-bit integers that begins at the offset.
     *
     * @param offset in bytes, a multiple of 8
     * @param length how many there are
     * @throws IndexOutOfBoundsException if it is not within the area
     * @throws IllegalArgumentException if it is no such multiple
     */
    public SharedLongArray longs(int offset, int length) {
        require(offset, length, Long.BYTES, Long.BYTES);
        return new SharedLongArray(words, offset, length);
    }

    /**
     * A counter for many who count at once. All who share it name the same number of stripes.
     *
     * @param offset in bytes, best a multiple of 64, and at least one of 8
     * @param stripes how many stripes of 64 bytes it has; a power of two, such as the number of processors
     * @throws IndexOutOfBoundsException if it is not within the area
     * @throws IllegalArgumentException if one of them is no such number
     */
    public SharedCounter counter(int offset, int stripes) {
        if (stripes < 1 || Integer.bitCount(stripes) != 1) {
            throw new IllegalArgumentException(
                    "stripes is " + stripes + "; it must be a power of two (" + words.object() + ")");
        }
        require(offset, stripes, SharedCounter.STRIPE_BYTES, Long.BYTES);
        return new SharedCounter(words, offset, stripes);
    }

    private void require(int offset, int count, int bytes, int alignment) {
        long all = (long) count * bytes;
        if (offset < 0 || count < 0 || offset + all > sizeBytes) {
            throw new IndexOutOfBoundsException("offset " + offset + " and " + all + " bytes are not within the "
                    + sizeBytes + " bytes of the area (" + words.object() + ")");
        }
        if (offset % alignment != 0) {
            throw new IllegalArgumentException(
                    "offset is " + offset + "; it must be a multiple of " + alignment + " (" + words.object() + ")");
        }
    }

    @Override
    public String toString() {
        return "MemoryArea[" + words.object() + ", " + sizeBytes + " bytes]";
    }
}
