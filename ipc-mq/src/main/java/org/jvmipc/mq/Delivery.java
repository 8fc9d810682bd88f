package org.jvmipc.mq;

import java.io.IOException;
import org.jvmipc.mq.internal.Lease;

/**
 * A message that was handed to one consumer of a group, and is its own until it is acknowledged, given back, or the lease is over.
 *
 * <pre>{@code
 * Delivery<Order> delivery = consumer.receive();
 * try {
 *     handle(delivery.message());
 *     delivery.ack();
 * } catch (TryAgainException e) {
 *     delivery.nack();
 * }
 * }</pre>
 *
 * <p><b>Thread safety.</b> Any thread may call any method.
 *
 * @param <T> what a message is in Java
 */
public final class Delivery<T> {
    private final Consumer<T> consumer;
    private final Lease lease;
    private final QueuedMessage<T> queued;
    private final int earlierDeliveries;

    Delivery(Consumer<T> consumer, Lease lease, QueuedMessage<T> queued, int earlierDeliveries) {
        this.consumer = consumer;
        this.lease = lease;
        this.queued = queued;
        this.earlierDeliveries = earlierDeliveries;
    }

    /** The message. */
    public T message() {
        return queued.body();
    }

    /** The message with what is known of it. */
    public QueuedMessage<T> queued() {
        return queued;
    }

    /** The message's number in its queue. */
    public long index() {
        return queued.index();
    }

    /** How often it was handed to a consumer of the group before; 0: this is no repeat. */
    public int redeliveries() {
        return earlierDeliveries;
    }

    /**
     * The message was handled: the group is done with it. When this returns that is on disk, with {@link
     * MessageQueueOptions#sync()} on the device.
     *
     * @throws LateAcknowledgementException if the lease was over and another consumer has the message; nothing was changed
     * @throws StalledProcessException if another process stands still in a step on the group; may be tried again
     * @throws IOException if the consumer is closed, or the acknowledgement cannot be written
     */
    public void ack() throws IOException {
        consumer.acknowledge(lease, queued.index());
    }

    /**
     * The message was not handled: the group hands it out again, to whoever comes first, this consumer included, and out of its order.
     *
     * @throws LateAcknowledgementException as {@link #ack()}
     * @throws IOException as {@link #ack()}
     */
    public void nack() throws IOException {
        consumer.giveBack(lease, queued.index());
    }

    @Override
    public String toString() {
        return "Delivery[" + queued.index() + ", " + earlierDeliveries + " before]";
    }
}
