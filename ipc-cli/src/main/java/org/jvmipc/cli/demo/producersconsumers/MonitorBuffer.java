package org.jvmipc.cli.demo.producersconsumers;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.demo.shared.Slots;
import org.jvmipc.cli.demo.shared.Work;
import org.jvmipc.cli.demo.shared.WorkReport;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.sync.SharedCondition;
import org.jvmipc.shm.sync.SharedLatch;
import org.jvmipc.shm.sync.SharedMutex;
import org.jvmipc.shm.sync.SharedMutex.MutexHold;

/**
 * The bounded buffer between producers and consumers as a monitor: a mutex lets one in at a time, who waits inside for room or for
 * a message gives it to others meanwhile, and is woken by a signal. A latch says when all producers have ended.
 */
final class MonitorBuffer implements Closeable {
    private static final String SLOTS = "slots";
    private static final String MUTEX = "mutex";
    private static final String NOT_FULL = "not-full";
    private static final String NOT_EMPTY = "not-empty";
    private static final String ENDED = "ended";

    private final Slots slots;
    private final SharedMutex mutex;
    private final SharedCondition notFull;
    private final SharedCondition notEmpty;
    private final SharedLatch ended;

    private MonitorBuffer(
            Slots slots, SharedMutex mutex, SharedCondition notFull, SharedCondition notEmpty, SharedLatch ended) {
        this.slots = slots;
        this.mutex = mutex;
        this.notFull = notFull;
        this.notEmpty = notEmpty;
        this.ended = ended;
    }

    /** Makes it in a segment, with nothing in it. */
    static MonitorBuffer create(Segment segment, long places, int messageBytes, int producers) throws IOException {
        return new MonitorBuffer(
                new Slots(segment.createArea(SLOTS, Slots.bytes(places, messageBytes)), messageBytes),
                SharedMutex.create(segment, MUTEX),
                SharedCondition.create(segment, NOT_FULL),
                SharedCondition.create(segment, NOT_EMPTY),
                SharedLatch.create(segment, ENDED, producers));
    }

    /** Opens it in a segment. */
    static MonitorBuffer open(Segment segment, int messageBytes) throws IOException {
        return new MonitorBuffer(
                new Slots(segment.area(SLOTS), messageBytes),
                SharedMutex.open(segment, MUTEX),
                SharedCondition.open(segment, NOT_FULL),
                SharedCondition.open(segment, NOT_EMPTY),
                SharedLatch.open(segment, ENDED));
    }

    /** Puts a message in; waits for room. */
    void put(ByteBuffer message, Work work) throws InterruptedException {
        try (MutexHold hold = mutex.lock()) {
            await(hold, notFull, slots::isFull, work);
            slots.put(message);
            notEmpty.signal(hold);
        }
    }

    /**
     * Takes a message out; waits for one. It is valid until the next one.
     *
     * @return null when nothing is in it and all producers have ended
     */
    @Nullable
    ByteBuffer take(Work work) throws InterruptedException {
        try (MutexHold hold = mutex.lock()) {
            await(hold, notEmpty, () -> slots.isEmpty() && !ended.tryAwait(), work);
            if (slots.isEmpty()) {
                return null;
            }
            ByteBuffer message = slots.take();
            notFull.signal(hold);
            return message;
        }
    }

    /**
     * One producer has ended, or has died, for whom another one says so.
     *
     * @return whether the last one inside has died there
     */
    boolean end() throws InterruptedException {
        ended.countDown();
        try (MutexHold hold = mutex.lock()) {
            notEmpty.signalAll(hold); // of those who wait none need have a message any more
            return repair(hold);
        }
    }

    private void await(MutexHold hold, SharedCondition condition, BooleanSupplier inVain, Work work)
            throws InterruptedException {
        work.told(repair(hold));
        if (inVain.getAsBoolean()) {
            long startNanos = System.nanoTime();
            while (inVain.getAsBoolean()) {
                condition.await(hold);
                work.told(repair(hold));
            }
            work.waited(System.nanoTime() - startNanos);
        }
    }

    /** Puts in order what one has left who died inside, with something done perhaps that he has not signalled any more. */
    private boolean repair(MutexHold hold) {
        if (hold.previousOwnerDied()) {
            slots.repair();
            notFull.signalAll(hold);
            notEmpty.signalAll(hold);
        }
        return hold.previousOwnerDied();
    }

    // ---- to be killed

    /** Begins to put a message in, and is killed with half of it written. */
    void dieInside(ByteBuffer message, Work work) throws IOException, InterruptedException {
        try (MutexHold hold = mutex.lock()) {
            await(hold, notFull, slots::isFull, work);
            slots.putHalf(message);
            work.hold();
        }
    }

    /** Begins to take a message out, and is killed with half of it read. */
    void dieInside(Work work) throws IOException, InterruptedException {
        try (MutexHold hold = mutex.lock()) {
            await(hold, notEmpty, slots::isEmpty, work);
            slots.takeHalf();
            work.hold();
        }
    }

    /** Waits for room, whether there is some or not, and is killed so. */
    void dieWaitingForRoom(Work work) throws IOException, InterruptedException {
        dieWaiting(notFull, work);
    }

    /** Waits for a message, whether there is one or not, and is killed so. */
    void dieWaitingForMessage(Work work) throws IOException, InterruptedException {
        dieWaiting(notEmpty, work);
    }

    @SuppressWarnings("InfiniteLoopStatement")
    private void dieWaiting(SharedCondition condition, Work work) throws IOException, InterruptedException {
        try (MutexHold hold = mutex.lock()) {
            work.told(repair(hold));
            work.report(WorkReport.HOLDING);
            while (true) {
                condition.await(hold);
                condition.signal(hold); // it was for another one, who waits for what there is
            }
        }
    }

    /** What it is in the end, or at any time that nobody uses it. */
    MonitorState state() {
        return new MonitorState(slots.places(), slots.in(), slots.out(), slots.count(), ended.count());
    }

    @Override
    public void close() {
        mutex.close();
        notFull.close();
        notEmpty.close();
        ended.close();
    }
}
