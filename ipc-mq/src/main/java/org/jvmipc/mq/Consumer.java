package org.jvmipc.mq;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.CorruptDataException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.mq.internal.DeadLetters;
import org.jvmipc.mq.internal.Envelope;
import org.jvmipc.mq.internal.GroupLeases;
import org.jvmipc.mq.internal.Lease;
import org.jvmipc.mq.internal.LogReader;
import org.jvmipc.mq.internal.QueueLink;
import org.jvmipc.shm.DamagedSegmentException;
import org.jvmipc.shm.sync.ClosedSynchronizerException;

/**
 * One of a group's competing consumers: a mailbox that several processes share. Each message goes to one consumer of the group, every
 * group gets all, and a message that was not acknowledged is handed out again. {@link MessageQueue#openConsumer} opens it.
 *
 * <pre>{@code
 * try (Consumer<Order> consumer = queue.openConsumer("billing")) {
 *     consumer.forEach(delivery -> {
 *         bill(delivery.message());
 *         delivery.ack();
 *     });
 * }
 * }</pre>
 *
 * <p><b>At least once.</b> What was acknowledged is not handed out again; what was not is, and then says so ({@link
 * Delivery#redeliveries()}). Producer and number tell repeats apart.
 *
 * <p><b>Order.</b> One consumer alone gets the messages in their order. Of several each gets ranges of them, in order; what comes back from
 * another one, or was given back, comes later than it was sent.
 *
 * <p><b>A consumer killed:</b> its messages are there for the others at once; no time has to pass. <b>Closed:</b> the same. <b>Stopped:</b> it
 * keeps them until its lease is over; then its acknowledgement is refused. <b>Empty:</b> waits, asleep in the kernel. <b>A message that is
 * never acknowledged:</b> goes to the dead-letter queue {@link MessageQueue#deadLetters}, with what is known of it, after {@link
 * ConsumerOptions#maxDeliveries()}; so does one that cannot be decoded, which is told by a {@link CorruptDataException} once.
 * <b>Damaged log:</b> the same exception; what is lost counts as taken.
 *
 * <p><b>Thread safety.</b> Any thread may call any method; receives serialise.
 *
 * <p><b>Memory consistency effects.</b> As {@link org.jvmipc.Receiver}.
 *
 * @param <T> what a message is in Java
 */
public final class Consumer<T> extends WaitingEndpoint<Delivery<T>> {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String group;
    private final Codec<T> codec;
    private final ConsumerOptions options;
    private final GroupLeases leases;
    private final LogReader reader;
    private final DeadLetters deadLetters;
    private final byte @Nullable [] type;
    private final long id = RANDOM.nextLong();

    private @Nullable Lease lease;
    private long index;

    /** Whether messages are leased that were not handed out yet. */
    private volatile boolean holding;

    Consumer(
            QueueLink link,
            Address address,
            String group,
            Codec<T> codec,
            ConsumerOptions options,
            GroupLeases leases) {
        super(link, address, MessageQueueTransport.CAPABILITIES);
        this.group = group;
        this.codec = codec;
        this.options = options;
        this.leases = leases;
        this.reader = link.reader();
        this.deadLetters = new DeadLetters(link, group);
        this.type = options.type() == null ? null : options.type().getBytes(StandardCharsets.UTF_8);
    }

    /** The name of the group. */
    public String group() {
        return group;
    }

    /** All messages below this index were taken by the group, acknowledged or as dead letters. */
    public long lowWater() throws IOException {
        return onLeases(leases::lowWater);
    }

    // ---- taking, in turn

    @Override
    @Nullable
    Delivery<T> take(Deadline deadline) throws IOException {
        try {
            return takeNext(deadline);
        } finally {
            Lease current = lease;
            holding = current != null && index < Math.min(current.end(), options.until());
        }
    }

    private @Nullable Delivery<T> takeNext(Deadline deadline) throws IOException {
        while (true) {
            Lease current = lease;
            if (current == null || index >= Math.min(current.end(), options.until())) {
                current = leaseMore(deadline);
                if (current == null) {
                    return null;
                }
            }
            if (!current.isOpen(index)) {
                index++;
                continue;
            }
            if (!find(current)) {
                return null;
            }
            Delivery<T> delivery = index >= current.end() ? null : handOut(current, deadline);
            if (delivery != null || leases.isBusy()) {
                return delivery;
            }
        }
    }

    private @Nullable Lease leaseMore(Deadline deadline) throws IOException {
        Lease ended = lease;
        lease = null;
        if (ended != null && reader.expected() == ended.end()) {
            leases.passed(ended.end(), reader.place());
        }
        Lease got =
                leases.tryLease(id, options.prefetch(), options.lease(), link.oldestIndex(), options.until(), deadline);
        lease = got;
        if (got != null) {
            index = got.first();
        }
        return got;
    }

    /** Goes to the message, or over what is not there any more, which counts as taken. False if it is not there yet. */
    private boolean find(Lease current) throws IOException {
        reader.seek(index, current.place());
        boolean found;
        try {
            found = reader.next();
        } catch (CorruptDataException e) {
            takeUpTo(current, reader.expected());
            throw e;
        }
        if (found) {
            takeUpTo(current, reader.expected() - 1);
        }
        return found;
    }

    private void takeUpTo(Lease current, long end) throws IOException {
        for (; index < Math.min(end, current.end()); index++) {
            takeIfOpen(current, index);
        }
    }

    private void takeIfOpen(Lease current, long which) throws IOException {
        if (current.isOpen(which)) {
            try {
                acknowledge(current, which);
            } catch (LateAcknowledgementException e) {
                // Another consumer has it; it will find the same.
            }
        }
    }

    /** Hands the message out that the reader is at; null if it is not for this consumer. */
    private @Nullable Delivery<T> handOut(Lease current, Deadline deadline) throws IOException {
        long which = index;
        if (type != null && !reader.isOfType(type)) {
            index++;
            takeIfOpen(current, which);
            return null;
        }
        int before = leases.handOut(current, id, which, options.lease(), deadline);
        if (before == GroupLeases.BUSY) {
            return null; // it is handed out by a later look
        }
        index++;
        if (before == GroupLeases.LOST) {
            lease = null; // it was over, and another one has the range
            return null;
        }
        if (options.maxDeliveries() > 0 && before >= options.maxDeliveries()) {
            bury(current, which);
            return null;
        }
        Envelope envelope = reader.envelope();
        ByteBuffer body = reader.body();
        int bytes = body.remaining();
        try {
            return new Delivery<>(this, current, QueuedMessage.of(envelope, codec.decode(body)), before);
        } catch (RuntimeException e) {
            bury(current, which);
            throw new CorruptDataException(
                    address() + ": message " + which + " of " + bytes
                            + " bytes could not be decoded, and is a dead letter" + " now: " + e.getMessage(),
                    e);
        }
    }

    private void bury(Lease current, long which) throws IOException {
        boolean buried = false;
        try {
            deadLetters.put(reader.envelope(), reader.body());
            buried = true;
        } finally {
            if (!buried) {
                giveBackQuietly(
                        current, which); // whoever comes next tries it again, and not only when the lease is over
            }
        }
        leases.countDeadLetter();
        takeIfOpen(current, which);
    }

    private void giveBackQuietly(Lease current, long which) {
        try {
            leases.giveBack(current, id, which);
            link.tellReceivers();
        } catch (IOException e) {
            // Then it is handed out when the lease is over.
        }
    }

    // ---- what deliveries do

    void acknowledge(Lease from, long which) throws IOException {
        GroupLeases.Taken taken = onLeases(() -> leases.take(from, id, which));
        try {
            if (taken != GroupLeases.Taken.QUIETLY) {
                link.freeRoom();
            }
        } finally {
            if (taken == GroupLeases.Taken.RANGE_CAME_BACK) {
                link.tellReceivers();
            }
        }
    }

    void giveBack(Lease from, long which) throws IOException {
        onLeases(() -> {
            leases.giveBack(from, id, which);
            return true;
        });
        link.tellReceivers();
    }

    private interface Change<R> {
        R run() throws IOException;
    }

    private <R> R onLeases(Change<R> change) throws IOException {
        link.ensureOpen();
        try {
            return change.run();
        } catch (DamagedSegmentException e) {
            throw new CorruptDataException(address() + ": " + e.getMessage(), e);
        } catch (ClosedSynchronizerException e) {
            throw (IOException) new ClosedChannelException().initCause(e);
        }
    }

    // ---- waiting, closing

    @Override
    long nanosToNextLook() {
        return leases.nanosToNextLook(options.until());
    }

    @Override
    public boolean ready() throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        return holding || leases.isAnything(options.until());
    }

    @Override
    void closing() {
        super.closing();
        leases.beginClose();
    }

    /** What was received and not acknowledged goes back to the group. */
    @Override
    void release() throws IOException {
        super.release();
        try (leases;
                reader;
                deadLetters) {
            try {
                leases.giveAllBack(id);
            } finally {
                link.tellAll(); // of what an acknowledgement meanwhile could not tell any more, too
            }
        } catch (DamagedSegmentException e) {
            // There is nobody to give it back to.
        }
    }
}
