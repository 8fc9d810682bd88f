package org.jvmipc.mq;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.security.SecureRandom;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Batch;
import org.jvmipc.Codec;
import org.jvmipc.LimitException;
import org.jvmipc.Sender;
import org.jvmipc.internal.Deadline;
import org.jvmipc.mq.internal.Envelope;
import org.jvmipc.mq.internal.LogAppender;
import org.jvmipc.mq.internal.QueueLink;
import org.jvmipc.mq.internal.RecordBuffer;

/**
 * A producer of a durable queue; {@link MessageQueue#openSender} opens it.
 *
 * <pre>{@code
 * try (QueueSender<String> out = queue.openSender()) {
 *     out.send("one espresso");
 *     out.send(MessageHeader.ofType("order"), "two teas");
 * }
 * }</pre>
 *
 * <p>When a send has returned, the message survives this process; with {@link MessageQueueOptions#sync()} a power failure, too. It
 * has an index, which no other message has, and the number that this sender gave it.
 *
 * <p><b>Full:</b> a sender waits until every group has taken the oldest cycle, or is refused, as the queue was made. <b>Disk full:</b>
 * {@link LimitException} with the sizes, before anything is written; sending goes on when there is room again. <b>Closed here:</b>
 * nobody notices; a queue has no end. <b>Another producer killed</b> in the middle of an append: this one goes on within a second, and what
 * the dead one had not finished is never seen. <b>Another producer stopped</b> there: {@link StalledProcessException} within a
 * second.
 *
 * <p><b>Thread safety.</b> Any thread may call any method; calls serialise. Senders of any number of processes may send into one queue.
 *
 * <p><b>Memory consistency effects.</b> As {@link Sender}.
 *
 * <p><b>Platform notes.</b> The JVM needs the options of {@link MessageQueue#jvmArguments()}.
 *
 * @param <T> what a message is in Java
 */
public final class QueueSender<T> extends QueueEndpoint implements Sender<T> {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Codec<T> codec;
    private final MessageHeader usual;
    private final RecordBuffer records;
    private final LogAppender appender;
    private final boolean refuses;
    private final long producer = RANDOM.nextLong();
    private long sequence;

    QueueSender(QueueLink link, Address address, Codec<T> codec, MessageHeader usual) {
        super(link, address, MessageQueueTransport.CAPABILITIES);
        this.codec = codec;
        this.usual = usual;
        this.records = newRecords();
        this.appender = link.appender();
        this.refuses = link.options().whenFull() == FullPolicy.REFUSE;
    }

    /** The number by which receivers know this sender: {@link QueuedMessage#producer()}. */
    public long producer() {
        return producer;
    }

    Codec<T> codec() {
        return codec;
    }

    RecordBuffer newRecords() {
        return new RecordBuffer(address().toString(), link.options().maxMessageBytes());
    }

    @Override
    public void send(T message) throws IOException, InterruptedException {
        send(usual, message);
    }

    /**
     * Sends one message with what is to be said of it, and waits while the queue is full.
     *
     * @throws StalledProcessException if another process stands still in the middle of an append; nothing was sent
     * @throws LimitException if the message is too large, the disk is full, or the queue is and refuses
     * @throws InterruptedException as {@link #send(Object)}
     */
    public void send(MessageHeader header, T message) throws IOException, InterruptedException {
        inTurn(Deadline.NEVER, deadline -> put(header, message, deadline, true));
    }

    @Override
    public boolean trySend(T message) throws IOException {
        return trySend(usual, message);
    }

    /** Sends one message with what is to be said of it, if that needs no waiting; as {@link #trySend(Object)}. */
    public boolean trySend(MessageHeader header, T message) throws IOException {
        return Boolean.TRUE.equals(now(deadline -> put(header, message, deadline, false)));
    }

    @Override
    public boolean trySend(T message, Duration timeout) throws IOException, InterruptedException {
        return trySend(usual, message, timeout);
    }

    /** Sends one message with what is to be said of it, and waits at most the given time; as {@link #trySend(Object, Duration)}. */
    public boolean trySend(MessageHeader header, T message, Duration timeout) throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        return deadline.isNow()
                ? trySend(header, message)
                : Boolean.TRUE.equals(inTurn(deadline, rest -> put(header, message, rest, false)));
    }

    private Boolean put(MessageHeader header, T message, Deadline deadline, boolean mayThrow)
            throws IOException, InterruptedException {
        records.clear();
        encode(records, header, message);
        return append(records, deadline, mayThrow);
    }

    /** Encodes a message with this sender's number of it; in turn. */
    void encode(RecordBuffer target, MessageHeader header, T message) throws LimitException {
        String replyTo = header.replyTo() == null ? "" : header.replyTo().toString();
        target.add(
                new Envelope(
                        0,
                        System.currentTimeMillis(),
                        producer,
                        sequence + 1,
                        header.correlation(),
                        header.type(),
                        replyTo),
                codec,
                message);
        sequence++;
    }

    // ---- appending, in turn

    /**
     * Appends all of them, and removes from the buffer what was.
     *
     * @param mayThrow whether a full queue that refuses is an error
     * @return false if there was no room for all until the deadline
     */
    boolean append(RecordBuffer target, Deadline deadline, boolean mayThrow) throws IOException, InterruptedException {
        while (true) {
            int seen = link.space().read();
            Boolean all = appendAndTell(target, deadline, mayThrow);
            if (all == null) {
                return false;
            }
            if (all) {
                return true;
            }
            if (deadline.passed() || refuses) {
                return false;
            }
            awaitRoom(seen, deadline);
        }
    }

    /** Wakes receivers, and waits for the device, without the mutex: others go on appending meanwhile. */
    private @Nullable Boolean appendAndTell(RecordBuffer target, Deadline deadline, boolean mayThrow)
            throws IOException, InterruptedException {
        int before = target.end();
        try {
            return link.appending(deadline, () -> appendSome(target, mayThrow));
        } finally {
            if (target.end() != before) {
                link.tellReceivers(); // though closed meanwhile: it was appended
                if (link.options().sync()) {
                    appender.sync();
                }
            }
        }
    }

    private boolean appendSome(RecordBuffer target, boolean mayThrow) throws IOException {
        int done = 0;
        try {
            while (done < target.end()) {
                if (!appender.append(target, done)) {
                    if (refuses && mayThrow) {
                        throw appender.full();
                    }
                    return false;
                }
                done += target.paddedLength(done);
            }
            return true;
        } finally {
            if (done > 0) {
                target.removeBefore(done);
            }
        }
    }

    private void awaitRoom(int seen, Deadline deadline) throws IOException, InterruptedException {
        long expiry = link.retention().millisToNextExpiry();
        Deadline until = expiry == Long.MAX_VALUE
                ? deadline
                : sooner(deadline, Duration.ofMillis(expiry).toNanos());
        if (until.isNever()) {
            link.space().await(seen);
        } else {
            link.space().tryAwait(seen, Duration.ofNanos(until.remainingNanos()));
        }
        link.requirePresent();
    }

    /** Appends what a batch has gathered. */
    void flush(RecordBuffer target) throws IOException, InterruptedException {
        inTurn(Deadline.NEVER, deadline -> append(target, deadline, true));
    }

    /** Adds to what a batch has gathered. */
    void gather(RecordBuffer target, T message) throws IOException, InterruptedException {
        inTurn(Deadline.NEVER, deadline -> {
            encode(target, usual, message);
            return true;
        });
    }

    @Override
    public Batch<T> batch() {
        return new QueueBatch<>(this);
    }

    void ensureOpen() throws ClosedChannelException {
        link.ensureOpen();
    }

    @Override
    void release() {
        appender.close();
    }
}
