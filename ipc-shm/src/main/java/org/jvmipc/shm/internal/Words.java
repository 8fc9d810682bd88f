package org.jvmipc.shm.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Words of mapped memory, little-endian, with the order of accesses in the names: the only way in which this module touches
 * what other processes can change.
 *
 * <p>A page that another process has cut off the file is met here. Java answers a load or a store with an {@link
 * InternalError}, and so does compiled code with an atomic operation; but an <em>interpreted</em> one ends the JVM. So each
 * operation is one small method, is run until it is compiled before its first use, and loads the word first: what is gone
 * already is noticed by the load.
 *
 * <p>Offsets are checked against the buffer's capacity, and atomic operations want them aligned to their size.
 */
public final class Words {
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** More than the compilers wait for. */
    private static final int WARM_UP = 12_000;

    static {
        warmUp();
    }

    private Words() {}

    private static void warmUp() {
        ByteBuffer some = ByteBuffer.allocateDirect(2 * Long.BYTES);
        for (int i = 0; i < WARM_UP; i++) {
            compareAndSet(some, 0, i, i + 1);
            getAndSet(some, 0, i + 1);
            getAndAdd(some, Integer.BYTES, 1);
            compareAndSet(some, Long.BYTES, (long) i, i + 1L);
            getAndSet(some, Long.BYTES, i + 1L);
            getAndAdd(some, Long.BYTES, 0L);
        }
    }

    // ---- 32 bits

    /** Plain load. */
    public static int get(ByteBuffer memory, int offset) {
        return (int) INT.get(memory, offset);
    }

    /** Load that later accesses come after. */
    public static int getAcquire(ByteBuffer memory, int offset) {
        return (int) INT.getAcquire(memory, offset);
    }

    /** Load in the one order of all volatile accesses. */
    public static int getVolatile(ByteBuffer memory, int offset) {
        return (int) INT.getVolatile(memory, offset);
    }

    /** Plain store. */
    public static void set(ByteBuffer memory, int offset, int value) {
        INT.set(memory, offset, value);
    }

    /** Store that earlier accesses come before. */
    public static void setRelease(ByteBuffer memory, int offset, int value) {
        INT.setRelease(memory, offset, value);
    }

    /** Store in the one order of all volatile accesses. */
    public static void setVolatile(ByteBuffer memory, int offset, int value) {
        INT.setVolatile(memory, offset, value);
    }

    /** Atomic, with the effects of a volatile load and store. */
    public static boolean compareAndSet(ByteBuffer memory, int offset, int expected, int value) {
        return (int) INT.getVolatile(memory, offset) == expected && INT.compareAndSet(memory, offset, expected, value);
    }

    /** Atomic, with the effects of a volatile load and store. */
    public static int getAndSet(ByteBuffer memory, int offset, int value) {
        INT.getOpaque(memory, offset);
        return (int) INT.getAndSet(memory, offset, value);
    }

    /** Atomic, with the effects of a volatile load and store. */
    public static int getAndAdd(ByteBuffer memory, int offset, int delta) {
        INT.getOpaque(memory, offset);
        return (int) INT.getAndAdd(memory, offset, delta);
    }

    // ---- 64 bits

    /** Plain load. */
    public static long getLong(ByteBuffer memory, int offset) {
        return (long) LONG.get(memory, offset);
    }

    /** Load that later accesses come after. */
    public static long getLongAcquire(ByteBuffer memory, int offset) {
        return (long) LONG.getAcquire(memory, offset);
    }

    /** Load in the one order of all volatile accesses. */
    public static long getLongVolatile(ByteBuffer memory, int offset) {
        return (long) LONG.getVolatile(memory, offset);
    }

    /** Plain store. */
    public static void setLong(ByteBuffer memory, int offset, long value) {
        LONG.set(memory, offset, value);
    }

    /** Store that earlier accesses come before. */
    public static void setLongRelease(ByteBuffer memory, int offset, long value) {
        LONG.setRelease(memory, offset, value);
    }

    /** Store in the one order of all volatile accesses. */
    public static void setLongVolatile(ByteBuffer memory, int offset, long value) {
        LONG.setVolatile(memory, offset, value);
    }

    /** Atomic, with the effects of a volatile load and store. */
    public static boolean compareAndSet(ByteBuffer memory, int offset, long expected, long value) {
        return (long) LONG.getVolatile(memory, offset) == expected
                && LONG.compareAndSet(memory, offset, expected, value);
    }

    /** Atomic, with the effects of a volatile load and store. */
    public static long getAndSet(ByteBuffer memory, int offset, long value) {
        LONG.getOpaque(memory, offset);
        return (long) LONG.getAndSet(memory, offset, value);
    }

    /** Atomic, with the effects of a volatile load and store. */
    public static long getAndAdd(ByteBuffer memory, int offset, long delta) {
        LONG.getOpaque(memory, offset);
        return (long) LONG.getAndAdd(memory, offset, delta);
    }
}
