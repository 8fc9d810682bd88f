package org.jvmipc.shm;

/**
 * A counter in shared memory for many who count at once: each thread counts in one of its stripes, which lie in cache lines of
 * their own, so that they do not wait for each other's line; the sum of the stripes is the count.
 *
 * <pre>{@code
 * SharedCounter hits = memory.area(0, 4096).counter(0, 8);      // the same in every process
 * hits.increment();
 * System.out.println(hits.sum());
 * }</pre>
 *
 * <p>Throws what {@link SharedLong} throws. What a process had counted before it died stays counted.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread.
 *
 * <p><b>Memory consistency effects.</b> Each stripe is counted up atomically, with the effects of a volatile store. A
 * {@link #sum()} while others count is of no one moment: it has all that was counted before it began, and of what is counted
 * meanwhile a part.
 */
public final class SharedCounter {
    /** A stripe is a cache line of the usual processors. */
    static final int STRIPE_BYTES = 64;

    /** An odd number near 2^32 over the golden ratio spreads numbers that follow each other. */
    private static final int SPREAD = 0x9E3779B9;

    private static final int PROCESS = Long.hashCode(ProcessHandle.current().pid()) * SPREAD;

    private final SharedWords words;
    private final int offset;
    private final int stripes;

    SharedCounter(SharedWords words, int offset, int stripes) {
        this.words = words;
        this.offset = offset;
        this.stripes = stripes;
    }

    /** Adds one. */
    public void increment() {
        add(1);
    }

    /** Adds a number, which may be negative. */
    public void add(long delta) {
        words.getAndAdd(offset + stripe() * STRIPE_BYTES, delta);
    }

    /** One stripe for a thread; two may have the same, which is slower and right all the same. */
    private int stripe() {
        int hash = (Long.hashCode(Thread.currentThread().getId()) + PROCESS) * SPREAD;
        return (hash >>> 16) & (stripes - 1);
    }

    /** The count. */
    public long sum() {
        long sum = 0;
        for (int i = 0; i < stripes; i++) {
            sum += words.getLongVolatile(offset + i * STRIPE_BYTES);
        }
        return sum;
    }

    @Override
    public String toString() {
        return "SharedCounter[" + words.object() + ", offset " + offset + ", " + stripes + " stripes]";
    }
}
