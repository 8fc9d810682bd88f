package org.jvmipc.mq;

import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.mq.internal.Envelope;

/**
 * A message as it lies in the queue, with what is known of it.
 *
 * <p><b>Repeats.</b> Delivery to a group is at least once. A producer and its number of the message are the same in every delivery of one
 * message, and of no other: who keeps the pairs that he has handled can tell.
 *
 * <p><b>Thread safety.</b> Immutable, as far as the body is.
 *
 * @param index number of the message in its queue, from 0, without gaps
 * @param time when it was sent, by the sender's clock
 * @param producer a random number of the sender that sent it
 * @param sequence the producer's number of it, from 1
 * @param header what was said of it
 * @param body the message
 * @param <T> what a message is in Java
 */
public record QueuedMessage<T>(long index, Instant time, long producer, long sequence, MessageHeader header, T body) {

    static <T> QueuedMessage<T> of(Envelope envelope, T body) {
        MessageHeader header = new MessageHeader(envelope.type(), replyTo(envelope.replyTo()), envelope.correlation());
        return new QueuedMessage<>(
                envelope.index(),
                Instant.ofEpochMilli(envelope.timeMillis()),
                envelope.producer(),
                envelope.sequence(),
                header,
                body);
    }

    /** Written by anybody: what is no address of a queue is none. */
    private static @Nullable Address replyTo(String text) {
        if (text.isEmpty()) {
            return null;
        }
        try {
            Address address = Address.of(text);
            return address.scheme().equals("mq") ? address : null;
        } catch (AddressException e) {
            return null;
        }
    }

    /** The number that an answer has to carry; empty if none is expected. */
    public OptionalLong correlation() {
        return header.correlation() == 0 ? OptionalLong.empty() : OptionalLong.of(header.correlation());
    }
}
