package org.jvmipc.shm;

import java.util.Objects;

/**
 * An array of 32-bit integers in shared memory, which threads of several processes read and change.
 *
 * <pre>{@code
 * SharedIntArray scores = memory.area(0, 4096).ints(64, 100);
 * scores.getAndAdd(3, 10);
 * System.out.println(scores.getAcquire(3));
 * }</pre>
 *
 * <p>Each element is as a {@link SharedInt}, with the same forms and errors; an index that is none is an
 * {@link IndexOutOfBoundsException}. The array as a whole is not read or changed at once.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread.
 *
 * <p><b>Memory consistency effects.</b> Those of {@link SharedInt}, element by element.
 */
public final class SharedIntArray {
    private final SharedWords words;
    private final int offset;
    private final int length;

    SharedIntArray(SharedWords words, int offset, int length) {
        this.words = words;
        this.offset = offset;
        this.length = length;
    }

    private int at(int index) {
        return offset + Objects.checkIndex(index, length) * Integer.BYTES;
    }

    /** How many elements it has. */
    public int length() {
        return length;
    }

    /** One element by itself. */
    public SharedInt element(int index) {
        return new SharedInt(words, at(index));
    }

    /** Plain load. */
    public int get(int index) {
        return words.get(at(index));
    }

    /** Load that later accesses come after. */
    public int getAcquire(int index) {
        return words.getAcquire(at(index));
    }

    /** Load in the one order of all volatile accesses. */
    public int getVolatile(int index) {
        return words.getVolatile(at(index));
    }

    /** Plain store. */
    public void set(int index, int value) {
        words.set(at(index), value);
    }

    /** Store that earlier accesses come before. */
    public void setRelease(int index, int value) {
        words.setRelease(at(index), value);
    }

    /** Store in the one order of all volatile accesses. */
    public void setVolatile(int index, int value) {
        words.setVolatile(at(index), value);
    }

    /** Stores the value if the expected one is there; atomic. */
    public boolean compareAndSet(int index, int expected, int value) {
        return words.compareAndSet(at(index), expected, value);
    }

    /** Stores the value; atomic. What was there before. */
    public int getAndSet(int index, int value) {
        return words.getAndSet(at(index), value);
    }

    /** Adds; atomic, around the end of the range. What was there before. */
    public int getAndAdd(int index, int delta) {
        return words.getAndAdd(at(index), delta);
    }

    /** Adds one; atomic. What is there then. */
    public int incrementAndGet(int index) {
        return words.getAndAdd(at(index), 1) + 1;
    }

    @Override
    public String toString() {
        return "SharedIntArray[" + words.object() + ", offset " + offset + ", length " + length + "]";
    }
}
