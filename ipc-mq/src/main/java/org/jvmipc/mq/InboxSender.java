package org.jvmipc.mq;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Batch;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.LimitException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Sender;
import org.jvmipc.internal.Deadline;
import org.jvmipc.mq.internal.EnvelopeCodec;
import org.jvmipc.mq.internal.InboxEnvelope;
import org.jvmipc.mq.internal.InboxNames;
import org.jvmipc.mq.internal.InboxOpening;
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

    /** What stands before requests and replies; null of one for plain messages, before which the ring puts eight bytes. */
    private final @Nullable EnvelopeCodec<T> envelopes;

    private final int largest;

    private InboxSender(InboxOpening.Opened<T> opened, @Nullable EnvelopeCodec<T> envelopes) {
        this.ring = opened.sender();
        this.envelopes = envelopes;
        this.largest = opened.maxMessageBytes();
    }

    static <T> InboxSender<T> open(Address address, Codec<T> codec) throws IOException {
        try {
            return new InboxSender<>(plain(address, codec).open(), null);
        } catch (LimitException e) {
            throw noPlace(address, e);
        }
    }

    static <T> @Nullable InboxSender<T> await(Address address, Codec<T> codec, Deadline deadline)
            throws IOException, InterruptedException {
        return await(address, plain(address, codec), null, deadline);
    }

    private static <T> InboxOpening<T> plain(Address address, Codec<T> codec) {
        long heading = InboxEnvelope.plainHeader();
        return new InboxOpening<>(
                address, ring -> InboxNames.RINGS.openSender(ring, codec, heading), InboxOptions.waiting(address));
    }

    /** One for requests or replies, see {@link #send(int, long, Address, Object, Deadline)}. */
    static <T> InboxSender<T> openEnvelopes(Address address, Codec<T> codec) throws IOException {
        EnvelopeCodec<T> envelopes = new EnvelopeCodec<>(codec);
        try {
            return new InboxSender<>(enveloped(address, envelopes).open(), envelopes);
        } catch (LimitException e) {
            throw noPlace(address, e);
        }
    }

    static <T> @Nullable InboxSender<T> awaitEnvelopes(Address address, Codec<T> codec, Deadline deadline)
            throws IOException, InterruptedException {
        EnvelopeCodec<T> envelopes = new EnvelopeCodec<>(codec);
        return await(address, enveloped(address, envelopes), envelopes, deadline);
    }

    private static <T> InboxOpening<T> enveloped(Address address, EnvelopeCodec<T> envelopes) {
        return new InboxOpening<>(address, ring -> ring.openSender(envelopes), InboxOptions.waiting(address));
    }

    private static <T> @Nullable InboxSender<T> await(
            Address address, InboxOpening<T> opening, @Nullable EnvelopeCodec<T> envelopes, Deadline deadline)
            throws IOException, InterruptedException {
        try {
            InboxOpening.Opened<T> opened = opening.await(deadline);
            return opened == null ? null : new InboxSender<>(opened, envelopes);
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
        ring.send(message);
    }

    @Override
    public boolean trySend(T message) throws IOException {
        return ring.trySend(message);
    }

    @Override
    public boolean trySend(T message, Duration timeout) throws IOException, InterruptedException {
        return ring.trySend(message, timeout);
    }

    /**
     * Sends a request or a reply; by the one caller that does.
     *
     * @return false if there was no room until the deadline
     */
    boolean send(int kind, long correlation, @Nullable Address replyTo, T message, Deadline deadline)
            throws IOException, InterruptedException {
        EnvelopeCodec<T> present = envelopes;
        if (present == null) {
            throw new IllegalStateException("opened for plain messages");
        }
        present.begin(kind, correlation, replyTo);
        try {
            if (deadline.isNever()) {
                send(message);
                return true;
            }
            return trySend(message, Duration.ofNanos(deadline.remainingNanos()));
        } catch (LimitException e) {
            throw withoutEnvelope(e, present.envelopeBytes());
        }
    }

    /** What the ring refuses as too large has an envelope around it, of which who sends it knows nothing. */
    private LimitException withoutEnvelope(LimitException refusal, int envelopeBytes) {
        if (!refusal.limit().equals("maxMessageBytes")) {
            return refusal;
        }
        int most = largest - envelopeBytes;
        return new LimitException(
                address() + ": message of more than " + most + " bytes refused",
                "maxMessageBytes",
                most,
                "whoever makes it can make it for larger ones");
    }

    /** A batch, as {@link RingSender#batch()}. */
    @Override
    public Batch<T> batch() {
        return ring.batch();
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
