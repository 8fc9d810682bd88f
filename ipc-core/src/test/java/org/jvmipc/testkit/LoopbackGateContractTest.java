package org.jvmipc.testkit;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The contract itself, on a semaphore of this JVM. */
final class LoopbackGateContractTest extends SynchronizerContract {
    private final Semaphore permit = new Semaphore(1, true);

    @Override
    public Gate open() {
        return new LoopbackGate(permit);
    }

    @Override
    public Set<Trait> traits() {
        return EnumSet.of(Trait.FAIR);
    }

    @Override
    public Class<? extends Gate> gateClass() {
        return LoopbackGate.class;
    }

    @Override
    public Class<? extends RuntimeException> alreadyHeld() {
        return IllegalStateException.class;
    }

    @Override
    public Class<? extends RuntimeException> notHeld() {
        return IllegalStateException.class;
    }

    @Override
    public Class<? extends Exception> closed() {
        return IllegalStateException.class;
    }

    /** A handle: its close wakes those that wait by it. */
    private static final class LoopbackGate implements Gate {
        private final Semaphore permit;
        private final Set<Thread> waiting = ConcurrentHashMap.newKeySet();
        private volatile boolean closed;

        LoopbackGate(Semaphore permit) {
            this.permit = permit;
        }

        @Override
        public boolean acquire() throws InterruptedException {
            tryAcquire(Duration.ofDays(1));
            return false;
        }

        @Override
        public boolean tryAcquire() {
            requireOpen();
            return permit.tryAcquire();
        }

        @Override
        public boolean tryAcquire(Duration timeout) throws InterruptedException {
            waiting.add(Thread.currentThread());
            try {
                requireOpen();
                return permit.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                requireOpen();
                throw e;
            } finally {
                waiting.remove(Thread.currentThread());
            }
        }

        private void requireOpen() {
            if (closed) {
                throw new IllegalStateException("closed");
            }
        }

        @Override
        public void release() {
            permit.release();
        }

        @Override
        public void close() {
            closed = true;
            waiting.forEach(Thread::interrupt);
        }
    }
}
