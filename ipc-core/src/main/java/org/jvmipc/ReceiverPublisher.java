package org.jvmipc;

import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The messages of a receiver for one subscriber at a time; see {@link Receivers#publisher}. */
final class ReceiverPublisher<T> implements Flow.Publisher<T> {
    private final Receiver<T> receiver;

    /** The last one whose thread has not ended yet. */
    private @Nullable ReceiverSubscription<T> current;

    ReceiverPublisher(Receiver<T> receiver) {
        this.receiver = receiver;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber is null");
        ReceiverSubscription<T> subscription = admit(subscriber);
        if (subscription == null) {
            subscriber.onSubscribe(Refused.INSTANCE); // nothing may come before it, an error neither
            subscriber.onError(
                    new IllegalStateException(
                            receiver.address()
                                    + ": has a subscriber already, and a message goes to one; for several put a SubmissionPublisher between"));
        } else {
            subscription.start();
        }
    }

    private synchronized @Nullable ReceiverSubscription<T> admit(Flow.Subscriber<? super T> subscriber) {
        if (current != null && !current.isOver()) {
            return null;
        }
        current = new ReceiverSubscription<>(this, receiver, subscriber, current);
        return current;
    }

    /** The subscription's thread could not be started: the one before it is the last one again. */
    synchronized void notStarted(ReceiverSubscription<T> subscription, @Nullable ReceiverSubscription<T> previous) {
        if (current == subscription) {
            current = previous;
        }
    }

    /** The subscription's thread ends; the subscriber is forgotten. */
    synchronized void ended(ReceiverSubscription<T> subscription) {
        if (current == subscription) {
            current = null;
        }
    }

    /** What a subscriber holds that gets nothing. */
    private enum Refused implements Flow.Subscription {
        INSTANCE;

        @Override
        public void request(long count) {}

        @Override
        public void cancel() {}
    }
}
