package org.jvmipc.shm;

import java.util.Objects;

/**
 * An array of 64-bit integers in shared memory, which threads of several processes read and change.
 *
 * <pre>{@code
 * SharedLongArray scores = memory.area(0, 4096).longs(64, 100);
 * scores.getAndAdd(3, 10);
 * System.out.println(scores.getAcquire(3));
 * }</pre>
 *
 * <p>Each element is as a {@link SharedLong}, with the same forms and errors; an index that is none is an
 * {@link IndexOutOfBoundsException}. The array as a whole is not read or changed at once.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread.
 *
 * <p><b>Memory consistency effects.</b> Those of {@link SharedLong}, element by element.
 */
public final class SharedLongArray {
    private final SharedWords words;
    private final int offset;
    private final int length;

    SharedLongArray(SharedWords words, int offset, int length) {
        this.words = words;
        this.offset = offset;
        this.length = length;
    }

    private int at(int index) {
        return offset + Objects.checkIndex(index, length) * Long.BYTES;
    }

    /** How many elements it has. */
    public int length() {
        return length;
    }

    /** One element by itself. */
    public SharedLong element(int index) {
        return new SharedLong(words, at(index));
    }

    /** Plain load. */
    public long get(int index) {
        return words.getLong(at(index));
    }

    /** Load that later accesses come after. */
    public long getAcquire(int index) {
        return words.getLongAcquire(at(index));
    }

    /** Load in the one order of all volatile accesses. */
    public long getVolatile(int index) {
        return words.getLongVolatile(at(index));
    }

    /** Plain store. */
    public void set(int index, long value) {
        words.setLong(at(index), value);
    }

    /** Store that earlier accesses come before. */
    public void setRelease(int index, long value) {
        words.setLongRelease(at(index), value);
    }

    /** Store in the one order of all volatile accesses. */
    public void setVolatile(int index, long value) {
        words.setLongVolatile(at(index), value);
    }

    /** Stores the value if the expected one is there; atomic. */
    public boolean compareAndSet(int index, long expected, long value) {
        return words.compareAndSet(at(index), expected, value);
    }

    /** Stores the value; atomic. What was there before. */
    public long getAndSet(int index, long value) {
        return words.getAndSet(at(index), value);
    }

    /** Adds; atomic, around the end of the range. What was there before. */
    public long getAndAdd(int index, long delta) {
        return words.getAndAdd(at(index), delta);
    }

    /** Adds one; atomic. What is there then. */
    public long incrementAndGet(int index) {
        return words.getAndAdd(at(index), 1L) + 1;
    }

    @Override
    public String toString() {
        return "SharedLongArray[" + words.object() + ", offset " + offset + ", length " + length + "]";
    }
}
