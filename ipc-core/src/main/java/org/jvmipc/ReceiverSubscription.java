package org.jvmipc;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's thread, which makes all of its signals and so makes them one after the other. It receives only when the
 * subscriber has asked for a message, so that what is not asked for stays in the operating system, and fills the channel.
 *
 * <p>The numbers are those of the rules of <a href="https://www.reactive-streams.org">Reactive Streams</a>.
 */
final class ReceiverSubscription<T> implements Flow.Subscription {
    private final ReceiverPublisher<T> publisher;
    private final Flow.Subscriber<? super T> subscriber;
    private final StoppableReceive<T> source;
    private final Thread thread;
    private final CountDownLatch ended = new CountDownLatch(1);

    /** Who had the receiver before, cancelled, and may still have a message in hand. */
    private @Nullable ReceiverSubscription<T> previous;

    /** Guards what follows. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private long demand;
    private boolean over;
    private @Nullable IllegalArgumentException refused;

    ReceiverSubscription(
            ReceiverPublisher<T> publisher,
            Receiver<T> receiver,
            Flow.Subscriber<? super T> subscriber,
            @Nullable ReceiverSubscription<T> previous) {
        this.publisher = publisher;
        this.subscriber = subscriber;
        this.source = new StoppableReceive<>(receiver);
        this.previous = previous;
        this.thread = new Thread(this::run, "ipc-publisher " + receiver.address());
        thread.setDaemon(true);
    }

    void start() {
        boolean started = false;
        try {
            thread.start();
            started = true;
        } finally {
            if (!started) { // no memory for a thread: the next subscriber tries again
                publisher.notStarted(this, previous);
            }
        }
    }

    /** Whether there will be no more signals, but one for a message that is in hand. */
    boolean isOver() {
        lock.lock();
        try {
            return over;
        } finally {
            lock.unlock();
        }
    }

    /** What a subscriber throws ends its subscription (2.13) and goes to the thread's uncaught exception handler. */
    private void run() {
        try {
            subscriber.onSubscribe(this);
            awaitPrevious();
            deliver();
        } finally {
            end(null);
            publisher.ended(this);
            ended.countDown();
        }
    }

    private void awaitPrevious() {
        boolean interrupted = false;
        while (previous != null) {
            try {
                previous.ended.await();
                previous = null;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            thread.interrupt();
        }
    }

    private void deliver() {
        try {
            while (awaitDemand()) {
                T message = source.receive();
                if (message != null) {
                    subscriber.onNext(message);
                }
            }
        } catch (PeerGoneException e) {
            if (e.reason() == PeerGoneException.Reason.CLOSED) {
                complete();
            } else {
                fail(e);
            }
            return;
        } catch (IOException | InterruptedException e) {
            fail(e);
            return;
        }
        IllegalArgumentException wrong = refused();
        if (wrong != null) {
            subscriber.onError(wrong);
        }
    }

    private void complete() {
        if (end(null)) {
            subscriber.onComplete();
        }
    }

    private void fail(Exception failure) {
        if (end(null)) {
            subscriber.onError(failure);
        }
    }

    /** Takes one message off the demand; false if it is over. */
    private boolean awaitDemand() {
        lock.lock();
        try {
            while (demand == 0 && !over) {
                changed.awaitUninterruptibly();
            }
            if (!over && demand != Long.MAX_VALUE) { // that is "as many as there are" (3.17)
                demand--;
            }
            return !over;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable IllegalArgumentException refused() {
        lock.lock();
        try {
            return refused;
        } finally {
            lock.unlock();
        }
    }

    /** No more signals; false if that was so already. */
    private boolean end(@Nullable IllegalArgumentException reason) {
        lock.lock();
        try {
            if (over) {
                return false;
            }
            over = true;
            refused = reason;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        source.stop();
        return true;
    }

    @Override
    public void request(long count) {
        if (count <= 0) { // 3.9; the thread says so, as it says all else
            end(new IllegalArgumentException("request of " + count + " messages; it must be at least 1"));
            return;
        }
        lock.lock();
        try {
            demand = count > Long.MAX_VALUE - demand ? Long.MAX_VALUE : demand + count;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void cancel() {
        end(null);
    }
}
