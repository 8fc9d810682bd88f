package org.jvmipc.mq;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Batch;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Codecs;
import org.jvmipc.CorruptDataException;
import org.jvmipc.LimitException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Sender;
import org.jvmipc.internal.Deadline;
import org.jvmipc.mq.internal.EnvelopeCodec;
import org.jvmipc.mq.internal.InboxEnvelope;
import org.jvmipc.mq.internal.InboxOpening;
import org.jvmipc.shm.Claim;
import org.jvmipc.shm.RingSender;

/**
 * Sends into the {@link Inbox} of a process. {@link Inbox#openSender} opens it.
 *
 * <pre>{@code
 * try (InboxSender<String> out = Inbox.openSender(Address.of("inbox:4711"), Codecs.utf8())) {
 *     out.send("you have mail");
 * }
 * }</pre>
 *
 * <p><b>Full:</b> it waits, or is refused by a {@link LimitException}, as the inbox was opened. <b>Owner closed or killed:</b> {@link
 * PeerGoneException}, also while it waits, and from then on: the next owner of the name has another inbox, and a new sender is to be
 * opened for it. <b>Owner stopped:</b> the inbox fills up. <b>Closed here:</b> what was sent stays.
 *
 * <p><b>Thread safety.</b> Any thread may call any method; calls serialise. It is fastest while it is always the same thread.
 *
 * <p><b>Memory consistency effects.</b> As {@link RingSender}.
 *
 * @param <T> what a message is in Java
 */
public final class InboxSender<T> implements Sender<T> {
    private final RingSender<T> ring;
    private final EnvelopeCodec<T> envelopes;
    private final Codec<T> codec;
    private final int maxMessage;
    private final boolean arrays;
    private final boolean buffers;
    private final long header = InboxEnvelope.plainHeader();

    private InboxSender(InboxOpening.Opened<T> opened, EnvelopeCodec<T> envelopes, Codec<T> codec) {
        this.ring = opened.sender();
        this.envelopes = envelopes;
        this.codec = codec;
        this.maxMessage = opened.maxMessageBytes() - InboxEnvelope.PLAIN_BYTES;
        this.arrays = (Object) codec == Codecs.bytes();
        this.buffers = (Object) codec == Codecs.buffers();
    }

    static <T> InboxSender<T> open(Address address, Codec<T> codec) throws IOException {
        EnvelopeCodec<T> envelopes = new EnvelopeCodec<>(codec);
        InboxOpening<T> opening = new InboxOpening<>(address, envelopes, InboxOptions.waiting(address));
        try {
            return new InboxSender<>(opening.open(), envelopes, codec);
        } catch (LimitException e) {
            throw noPlace(address, e);
        }
    }

    static <T> @Nullable InboxSender<T> await(Address address, Codec<T> codec, Deadline deadline)
            throws IOException, InterruptedException {
        EnvelopeCodec<T> envelopes = new EnvelopeCodec<>(codec);
        InboxOpening<T> opening = new InboxOpening<>(address, envelopes, InboxOptions.waiting(address));
        try {
            InboxOpening.Opened<T> opened = opening.await(deadline);
            return opened == null ? null : new InboxSender<>(opened, envelopes, codec);
        } catch (LimitException e) {
            throw noPlace(address, e);
        }
    }

    /** The ring tells how to make a ring; of an inbox it is the owner who settles it. */
    private static LimitException noPlace(Address address, LimitException refusal) {
        return refusal.limit().equals("senders")
                ? new LimitException(
                        address.withoutParameters() + ": no place for another sender",
                        "senders",
                        refusal.value(),
                        "close one of them, or have its owner open it for more")
                : refusal;
    }

    // ---- sending

    @Override
    public void send(T message) throws IOException, InterruptedException {
        int length = length(message);
        if (length < 0) {
            send(message, Deadline.NEVER);
            return;
        }
        try (Claim claim = ring.claim(InboxEnvelope.PLAIN_BYTES + length)) {
            commit(claim, message, length);
        }
    }

    @Override
    public boolean trySend(T message) throws IOException {
        int length = length(message);
        if (length < 0) {
            try {
                return ring.trySend(message);
            } catch (LimitException e) {
                throw inOwnTerms(e);
            }
        }
        return commitIfClaimed(ring.tryClaim(InboxEnvelope.PLAIN_BYTES + length), message, length);
    }

    @Override
    public boolean trySend(T message, Duration timeout) throws IOException, InterruptedException {
        int length = length(message);
        if (length < 0) {
            return send(message, Deadline.after(timeout));
        }
        return commitIfClaimed(ring.tryClaim(InboxEnvelope.PLAIN_BYTES + length, timeout), message, length);
    }

    /** By the codec, into memory of this process first. */
    private boolean send(T message, Deadline deadline) throws IOException, InterruptedException {
        try {
            if (deadline.isNever()) {
                ring.send(message);
                return true;
            }
            return ring.trySend(message, Duration.ofNanos(deadline.remainingNanos()));
        } catch (LimitException e) {
            throw inOwnTerms(e);
        }
    }

    /** The length of what is bytes already, and can be copied into the ring at once; -1 of others. */
    private int length(T message) throws LimitException {
        if (!arrays && !buffers) {
            refuseOver(codec.size(message));
            return -1;
        }
        int length = arrays ? ((byte[]) message).length : ((ByteBuffer) message).remaining();
        refuseOver(length);
        return length;
    }

    void refuseOver(int size) throws LimitException {
        if (size > maxMessage) {
            throw tooLarge("message of " + size + " bytes refused");
        }
    }

    /** What the ring refuses as too large has an envelope around it, of which its sender knows nothing. */
    LimitException inOwnTerms(LimitException refusal) {
        return refusal.limit().equals("maxMessageBytes")
                ? tooLarge("message of more than " + maxMessage() + " bytes refused")
                : refusal;
    }

    private LimitException tooLarge(String what) {
        return new LimitException(
                address() + ": " + what, "maxMessageBytes", maxMessage(), "its owner can open it for larger ones");
    }

    private int maxMessage() {
        return maxMessage + InboxEnvelope.PLAIN_BYTES - envelopes.envelopeBytes();
    }

    private boolean commitIfClaimed(@Nullable Claim room, T message, int length) throws IOException {
        if (room == null) {
            return false;
        }
        try (Claim claim = room) {
            commit(claim, message, length);
            return true;
        }
    }

    private void commit(Claim claim, T message, int length) throws IOException {
        ByteBuffer room = claim.buffer();
        int at = room.position();
        try {
            room.putLong(at, header);
            if (arrays) {
                room.put(at + InboxEnvelope.PLAIN_BYTES, (byte[]) message, 0, length);
            } else {
                ByteBuffer from = (ByteBuffer) message;
                room.put(at + InboxEnvelope.PLAIN_BYTES, from, from.position(), length);
            }
        } catch (InternalError e) {
            throw new CorruptDataException(address() + ": its memory was cut off", e);
        }
        claim.commit();
    }

    /**
     * Sends a request or a reply; by the one caller that does.
     *
     * @return false if there was no room until the deadline
     */
    boolean send(int kind, long correlation, @Nullable Address replyTo, T message, Deadline deadline)
            throws IOException, InterruptedException {
        envelopes.begin(kind, correlation, replyTo);
        return send(message, deadline);
    }

    /** A batch, as {@link RingSender#batch()}. */
    @Override
    public Batch<T> batch() {
        return new InboxBatch<>(this, ring.batch(), codec);
    }

    // ---- the other side

    /**
     * Looks whether the owner is there, and sends nothing.
     *
     * @throws PeerGoneException if it is not: {@code CLOSED} or {@code DIED}
     */
    public void requireOwner() throws IOException {
        ring.requireReceiver();
    }

    // ---- the endpoint

    @Override
    public Address address() {
        return ring.address();
    }

    @Override
    public Set<Capability> capabilities() {
        return Inbox.CAPABILITIES;
    }

    @Override
    public boolean isOpen() {
        return ring.isOpen();
    }

    /** Closes it; threads that wait in it leave. */
    @Override
    public void close() {
        ring.close();
    }

    @Override
    public String toString() {
        return "InboxSender[" + address() + (isOpen() ? "]" : ", closed]");
    }
}
