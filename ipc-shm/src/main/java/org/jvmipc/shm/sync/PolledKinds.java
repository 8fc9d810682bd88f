package org.jvmipc.shm.sync;

import org.jvmipc.internal.Deadline;
import org.jvmipc.shm.internal.Blocked;
import org.jvmipc.shm.internal.EventState;
import org.jvmipc.shm.internal.LatchState;
import org.jvmipc.shm.internal.Pollee;
import org.jvmipc.shm.internal.Semaphore;

/** How each kind of synchroniser is waited for that can be waited for together with others. */
final class PolledKinds {
    private PolledKinds() {}

    /** An event; an automatic one is reset by who takes it. */
    record OfEvent(EventState event) implements PolledSynchronizer.Kind {
        @Override
        public boolean isReady() {
            return event.isSet();
        }

        @Override
        public boolean take(Blocked handle, Deadline deadline) throws InterruptedException {
            return event.await(handle, deadline);
        }

        @Override
        public Pollee pollee() {
            return event;
        }
    }

    /** A latch, which is open for ever then. */
    record OfLatch(LatchState latch) implements PolledSynchronizer.Kind {
        @Override
        public boolean isReady() {
            return latch.count() == 0;
        }

        @Override
        public boolean take(Blocked handle, Deadline deadline) throws InterruptedException {
            return latch.await(handle, deadline);
        }

        @Override
        public Pollee pollee() {
            return latch;
        }
    }

    /** A semaphore: one permit. */
    record OfSemaphore(Semaphore semaphore) implements PolledSynchronizer.Kind {
        @Override
        public boolean isReady() {
            return semaphore.value() > 0;
        }

        @Override
        public boolean take(Blocked handle, Deadline deadline) throws InterruptedException {
            if (!deadline.isNow() && Thread.interrupted()) {
                throw new InterruptedException();
            }
            return semaphore.take(handle, 1, deadline);
        }

        @Override
        public Pollee pollee() {
            return semaphore;
        }
    }
}
