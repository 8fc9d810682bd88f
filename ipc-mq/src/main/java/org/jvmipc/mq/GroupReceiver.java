package org.jvmipc.mq;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Receiver;
import org.jvmipc.spi.Pollable;

/**
 * A consumer as a plain receiver, which acknowledges each message when the next one is asked for, or by {@link #acknowledge()}:
 * what is being handled when the process is killed, or when handling it fails, is handed to another one. {@link
 * MessageQueue#openGroupReceiver} opens it.
 *
 * <pre>{@code
 * try (GroupReceiver<Order> in = queue.openGroupReceiver("billing", ConsumerOptions.defaults())) {
 *     in.forEach(order -> bill(order));      // an order that cannot be billed is handed out again
 * }
 * }</pre>
 *
 * <p><b>Closed here:</b> the message that was received last is not acknowledged by that, as a close also ends a handling that has failed;
 * the group hands it out again. Who has handled it says so before, by {@link #acknowledge()}.
 *
 * <p>All else is as with {@link Consumer}. Where several threads receive, a receive acknowledges what another thread may be
 * handling still: let each have one of its own.
 *
 * <p><b>Thread safety.</b> Any thread may call any method.
 *
 * @param <T> what a message is in Java
 */
public final class GroupReceiver<T> implements Receiver<T>, Pollable {
    private final Consumer<T> consumer;
    private final AtomicReference<@Nullable Delivery<T>> last = new AtomicReference<>();

    GroupReceiver(Consumer<T> consumer) {
        this.consumer = consumer;
    }

    @Override
    public T receive() throws IOException, InterruptedException {
        acknowledgeLast();
        return handedOut(consumer.receive());
    }

    @Override
    public @Nullable T tryReceive() throws IOException {
        acknowledgeLast();
        Delivery<T> next = consumer.tryReceive();
        return next == null ? null : handedOut(next);
    }

    @Override
    public @Nullable T tryReceive(Duration timeout) throws IOException, InterruptedException {
        acknowledgeLast();
        Delivery<T> next = consumer.tryReceive(timeout);
        return next == null ? null : handedOut(next);
    }

    /** The message that was received last, with what is known of it; null if it was acknowledged already. */
    public @Nullable Delivery<T> last() {
        return last.get();
    }

    /**
     * Acknowledges the message that was received last now, and not when the next one is asked for; does nothing if there is none.
     *
     * @throws IOException as {@link Delivery#ack()}; may be tried again
     */
    public void acknowledge() throws IOException {
        Delivery<T> delivery = last.get();
        if (delivery != null) {
            acknowledge(delivery);
            last.compareAndSet(delivery, null);
        }
    }

    private T handedOut(Delivery<T> delivery) throws IOException {
        Delivery<T> other = last.getAndSet(delivery);
        if (other != null) {
            try {
                acknowledge(other); // of another thread
            } catch (IOException e) {
                last.compareAndSet(delivery, other);
                delivery.nack(); // nobody gets it by this call
                throw e;
            }
        }
        return delivery.message();
    }

    private void acknowledgeLast() throws IOException {
        if (consumer.isOpen()) {
            acknowledge();
        }
    }

    private static void acknowledge(Delivery<?> delivery) throws IOException {
        try {
            delivery.ack();
        } catch (LateAcknowledgementException e) {
            // It took too long: another one has it, and handles it again.
        }
    }

    @Override
    public int fd() throws IOException {
        return consumer.fd();
    }

    @Override
    public void arm() throws IOException {
        consumer.arm();
    }

    @Override
    public boolean ready() throws IOException {
        return consumer.ready();
    }

    @Override
    public void watch(Watcher watcher) throws IOException {
        consumer.watch(watcher);
    }

    @Override
    public void unwatch(Watcher watcher) {
        consumer.unwatch(watcher);
    }

    @Override
    public Address address() {
        return consumer.address();
    }

    @Override
    public Set<Capability> capabilities() {
        return consumer.capabilities();
    }

    @Override
    public boolean isOpen() {
        return consumer.isOpen();
    }

    /** Closes; a message that was received and not acknowledged goes back to the group. */
    @Override
    public void close() throws IOException {
        consumer.close();
    }

    @Override
    public String toString() {
        return "GroupReceiver[" + consumer + "]";
    }
}
