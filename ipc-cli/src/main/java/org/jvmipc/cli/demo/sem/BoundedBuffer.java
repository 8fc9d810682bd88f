package org.jvmipc.cli.demo.sem;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jvmipc.cli.demo.shared.Slots;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.sync.SharedSemaphore;

/**
 * The bounded buffer between producers and consumers, guarded by three semaphores: {@code empty} counts the free places,
 * {@code full} the messages, and {@code mutex} lets one in at a time. Or broken: the same without P and V.
 */
final class BoundedBuffer implements Closeable {
    /** The places, in the segment. */
    static final String SLOTS = "slots";

    private static final String EMPTY = "empty";
    private static final String FULL = "full";
    private static final String MUTEX = "mutex";

    private final Slots slots;
    private final boolean broken;
    private final SharedSemaphore empty;
    private final SharedSemaphore full;
    private final SharedSemaphore mutex;
    private long waits;
    private long waitNanos;

    private BoundedBuffer(
            Slots slots, boolean broken, SharedSemaphore empty, SharedSemaphore full, SharedSemaphore mutex) {
        this.slots = slots;
        this.broken = broken;
        this.empty = empty;
        this.full = full;
        this.mutex = mutex;
    }

    /** Makes it in a segment, with nothing in it; the semaphores are plain ones, as P is done by one and V by another. */
    static BoundedBuffer create(Segment segment, long places, int messageBytes, boolean broken) throws IOException {
        Slots slots = new Slots(segment.createArea(SLOTS, Slots.bytes(places, messageBytes)), messageBytes);
        return new BoundedBuffer(
                slots,
                broken,
                SharedSemaphore.create(segment, EMPTY, slots.places(), false),
                SharedSemaphore.create(segment, FULL, 0, false),
                SharedSemaphore.create(segment, MUTEX, 1, false));
    }

    /** Opens it in a segment. */
    static BoundedBuffer open(Segment segment, int messageBytes, boolean broken) throws IOException {
        return new BoundedBuffer(
                new Slots(segment.area(SLOTS), messageBytes),
                broken,
                SharedSemaphore.open(segment, EMPTY),
                SharedSemaphore.open(segment, FULL),
                SharedSemaphore.open(segment, MUTEX));
    }

    /** Puts a message in; waits for room. */
    void put(ByteBuffer message) throws InterruptedException {
        if (broken) {
            slots.put(message);
            return;
        }
        await(empty); // P: one place less
        mutex.acquire();
        slots.put(message);
        mutex.release();
        full.release(); // V: one message more
    }

    /** Takes a message out; waits for one. It is valid until the next one. */
    ByteBuffer take() throws InterruptedException {
        if (broken) {
            return slots.take();
        }
        await(full); // P: one message less
        mutex.acquire();
        ByteBuffer message = slots.take();
        mutex.release();
        empty.release(); // V: one place more
        return message;
    }

    /** P, with a note of how long it took if it could not be had at once. */
    private void await(SharedSemaphore semaphore) throws InterruptedException {
        if (!semaphore.tryAcquire()) {
            long startNanos = System.nanoTime();
            semaphore.acquire();
            waits++;
            waitNanos += System.nanoTime() - startNanos;
        }
    }

    /** How often it was full, or empty. */
    long waits() {
        return waits;
    }

    /** How long these waits took, together. */
    long waitNanos() {
        return waitNanos;
    }

    /** What it is in the end, or at any time that nobody uses it. */
    BufferState state() {
        return new BufferState(
                slots.places(), slots.in(), slots.out(), slots.count(), empty.value(), full.value(), mutex.value());
    }

    @Override
    public void close() {
        empty.close();
        full.close();
        mutex.close();
    }
}
