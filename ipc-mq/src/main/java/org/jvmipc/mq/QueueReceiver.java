package org.jvmipc.mq;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.CorruptDataException;
import org.jvmipc.Receiver;
import org.jvmipc.internal.Deadline;
import org.jvmipc.mq.internal.LogReader;
import org.jvmipc.mq.internal.QueueLink;

/**
 * Reads a queue by itself, as part of no group: every such receiver gets every message, moves no group's position, and keeps
 * nothing from going. {@link MessageQueue#openReceiver} opens it.
 *
 * <pre>{@code
 * try (QueueReceiver<String> in = queue.openReceiver(ReceiveFrom.last(10))) {
 *     in.forEach(System.out::println);
 * }
 * }</pre>
 *
 * <p><b>Empty:</b> a receiver waits, asleep in the kernel. <b>Slow:</b> what has gone meanwhile, because every group has taken it or it is
 * too old, it does not get; {@link QueuedMessage#index()} tells. <b>Damaged log:</b> {@link CorruptDataException}, once for each piece,
 * with the indices that are lost; the next receive goes on behind it. <b>Senders:</b> are not seen; a queue has no end. <b>Queue
 * removed:</b> {@link org.jvmipc.IpcException}.
 *
 * <p><b>Thread safety.</b> Any thread may call any method; receives serialise, and each message goes to one caller.
 *
 * <p><b>Memory consistency effects.</b> As {@link Receiver}.
 *
 * @param <R> what is received: messages, or {@link QueuedMessage}s
 */
public final class QueueReceiver<R> extends WaitingEndpoint<R> {
    private final Mapping<R> mapping;
    private final LogReader reader;
    private final byte @Nullable [] type;
    private final AtomicReference<@Nullable R> peeked = new AtomicReference<>();

    /** Makes what is received. */
    interface Mapping<R> {
        R map(LogReader at);
    }

    QueueReceiver(QueueLink link, Address address, Mapping<R> mapping, @Nullable String type) {
        super(link, address, MessageQueueTransport.BROADCAST);
        this.mapping = mapping;
        this.type = type == null ? null : type.getBytes(StandardCharsets.UTF_8);
        this.reader = link.reader();
    }

    /** Makes messages by their codec. */
    static <T> Mapping<T> bodies(Codec<T> codec) {
        return at -> codec.decode(at.body());
    }

    /** Makes messages with what is known of them. */
    static <T> Mapping<QueuedMessage<T>> messages(Codec<T> codec) {
        return at -> QueuedMessage.of(at.envelope(), codec.decode(at.body()));
    }

    /**
     * Goes to another place.
     *
     * @throws InterruptedException if interrupted while another thread is receiving
     */
    public void seek(ReceiveFrom from) throws IOException, InterruptedException {
        inTurn(Deadline.NEVER, deadline -> {
            peeked.set(null);
            move(from);
            return true;
        });
    }

    /** Goes to its first place, before anybody else has it. */
    void begin(ReceiveFrom from) throws IOException {
        move(from);
    }

    private void move(ReceiveFrom from) throws IOException {
        switch (from.kind()) {
            case START -> reader.seekStart();
            case END -> reader.seekEnd();
            case INDEX -> reader.seek(from.number());
            case TIME -> reader.seekTime(from.number());
            default -> reader.seek(Math.max(0, link.state().nextIndex() - from.number()));
        }
    }

    /**
     * Looks at the next message and leaves it.
     *
     * @return null if there is none yet, or another thread is receiving
     */
    public @Nullable R peek() throws IOException {
        return now(deadline -> {
            R next = take(deadline);
            peeked.set(next);
            return next;
        });
    }

    @Override
    @Nullable
    R take(Deadline deadline) throws IOException {
        R next = peeked.getAndSet(null);
        while (next == null && reader.next()) {
            if (type == null || reader.isOfType(type)) {
                next = decode();
            }
        }
        return next;
    }

    private R decode() throws CorruptDataException {
        try {
            return mapping.map(reader);
        } catch (RuntimeException e) {
            throw new CorruptDataException(
                    address() + ": message " + (reader.expected() - 1) + " of "
                            + reader.body().remaining() + " bytes could not be decoded: " + e.getMessage(),
                    e);
        }
    }

    @Override
    long nanosToNextLook() {
        return Long.MAX_VALUE;
    }

    @Override
    public boolean ready() throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        return peeked.get() != null || reader.expected() < link.state().nextIndex();
    }

    @Override
    void release() throws IOException {
        super.release();
        reader.close();
    }
}
