package org.jvmipc.shm;

import java.util.function.IntUnaryOperator;

/**
 * A 32-bit integer in shared memory, which threads of several processes read and change.
 *
 * <pre>{@code
 * SharedInt count = memory.area(0, 4096).int32(0);
 * count.getAndAdd(1);                    // atomic: none is lost, whoever else counts
 * count.setRelease(7);                   // who sees the 7 by getAcquire() sees all that was stored before it
 * }</pre>
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><th></th><th>load</th><th>store</th></tr>
 * <tr><td>plain: without order, but never torn</td><td>{@link #get}</td><td>{@link #set}</td></tr>
 * <tr><td>ordered</td><td>{@link #getAcquire}</td><td>{@link #setRelease}</td></tr>
 * <tr><td>volatile</td><td>{@link #getVolatile}</td><td>{@link #setVolatile}</td></tr>
 * <tr><td>atomic</td><td colspan="2">{@link #compareAndSet}, {@link #getAndSet}, {@link #getAndAdd},
 * {@link #incrementAndGet}, {@link #decrementAndGet}, {@link #updateAndGet}</td></tr>
 * </table>
 *
 * <p>All throw {@link DamagedSegmentException} if another process has cut the file off, from that call or, on Java 17,
 * within 64 calls ({@link SharedMemory}); and those that store {@link java.nio.ReadOnlyBufferException} if the memory was opened for reading. A process
 * that dies leaves the value as it is.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread.
 *
 * <p><b>Memory consistency effects.</b> As {@link java.lang.invoke.VarHandle} defines them for the access modes of these
 * names, between threads of different processes as within one: what comes before a {@code setRelease} happens before what
 * comes after the {@code getAcquire} that saw it. Atomic operations have the effects of a volatile load and store.
 */
public final class SharedInt {
    private final SharedWords words;
    private final int offset;

    SharedInt(SharedWords words, int offset) {
        this.words = words;
        this.offset = offset;
    }

    /** Plain load. */
    public int get() {
        return words.get(offset);
    }

    /** Load that later accesses come after. */
    public int getAcquire() {
        return words.getAcquire(offset);
    }

    /** Load in the one order of all volatile accesses. */
    public int getVolatile() {
        return words.getVolatile(offset);
    }

    /** Plain store. */
    public void set(int value) {
        words.set(offset, value);
    }

    /** Store that earlier accesses come before. */
    public void setRelease(int value) {
        words.setRelease(offset, value);
    }

    /** Store in the one order of all volatile accesses. */
    public void setVolatile(int value) {
        words.setVolatile(offset, value);
    }

    /** Stores the value if the expected one is there; atomic. */
    public boolean compareAndSet(int expected, int value) {
        return words.compareAndSet(offset, expected, value);
    }

    /** Stores the value; atomic. What was there before. */
    public int getAndSet(int value) {
        return words.getAndSet(offset, value);
    }

    /** Adds; atomic, around the end of the range. What was there before. */
    public int getAndAdd(int delta) {
        return words.getAndAdd(offset, delta);
    }

    /** Adds one; atomic. What is there then. */
    public int incrementAndGet() {
        return words.getAndAdd(offset, 1) + 1;
    }

    /** Takes one away; atomic. What is there then. */
    public int decrementAndGet() {
        return words.getAndAdd(offset, -1) - 1;
    }

    /**
     * Applies a function; atomic.
     *
     * @param function has no side effects: where others store meanwhile it is called again
     * @return what is there then
     */
    public int updateAndGet(IntUnaryOperator function) {
        while (true) {
            int before = getVolatile();
            int after = function.applyAsInt(before);
            if (compareAndSet(before, after)) {
                return after;
            }
        }
    }

    @Override
    public String toString() {
        return "SharedInt[" + words.object() + ", offset " + offset + "]";
    }
}
