package org.jvmipc.mq;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.Codecs;
import org.jvmipc.PeerGoneException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.mq.internal.AnswerNames;
import org.jvmipc.mq.internal.InboxEnvelope;

/**
 * The asking side of request and reply between inboxes: a request is put into the target's inbox with the address of an inbox of the
 * requester's own and a number; the answer comes there with the same number.
 *
 * <pre>{@code
 * try (InboxRequester<String> requester = InboxRequester.open(Address.of("inbox:sums"), Codecs.utf8())) {
 *     String answer = requester.tryRequest("how much is 6 times 7?", Duration.ofSeconds(5));   // null: nobody has answered
 * }
 *
 * // whoever answers
 * try (Inbox<InboxMessage<String>> inbox = Inbox.openMessages(address, Codecs.utf8(), InboxOptions.defaults());
 *         InboxReplier<String> replier = new InboxReplier<>(Codecs.utf8())) {
 *     inbox.forEach(request -> replier.reply(request, "42"));
 * }
 * }</pre>
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><th></th><th>waits</th><th>never waits</th><th>waits at most so long</th></tr>
 * <tr><td>request</td><td>{@link #request(Object)}</td><td>none: an answer takes its time</td>
 * <td>{@link #tryRequest(Object, Duration)}: null</td></tr>
 * </table>
 *
 * <p><b>Target full:</b> it waits, as a sender. <b>Target stopped, or does not answer:</b> it waits as long as it may; an answer that comes
 * after its time is dropped. <b>Target closed or killed:</b> {@link PeerGoneException}, also while it waits, within 500 ms. <b>Closed
 * here:</b> who answers is told that nobody waits.
 *
 * <p><b>Thread safety.</b> Any thread may call any method; requests serialise. An answer is the caller's own, with {@link
 * Codecs#buffers()} too. A codec of one's own must not keep the buffer that it decodes.
 *
 * @param <T> what a message is in Java
 */
public final class InboxRequester<T> implements Closeable {
    /** Who answers: the target, and another one to which it may have handed the request. */
    private static final int ANSWERERS = 4;

    /** How often it is looked whether the target is still there: its end wakes nobody who waits for something in another inbox. */
    private static final Duration LOOK = Duration.ofMillis(50);

    /** How long an answer is looked for among what others have sent once the target has gone: they may go on for ever. */
    private static final Duration LAST = Duration.ofMillis(200);

    private final ReentrantLock turn = new ReentrantLock();
    private final InboxSender<T> sender;
    private final Inbox<InboxMessage<T>> answers;
    private final boolean copies;
    private long number = AnswerNames.number();

    private InboxRequester(InboxSender<T> sender, Inbox<InboxMessage<T>> answers, Codec<T> codec) {
        this.sender = sender;
        this.answers = answers;
        this.copies = (Object) codec == Codecs.buffers();
    }

    /**
     * Opens one, with an inbox for answers of the default capacity.
     *
     * @param target {@code inbox:NAME} or {@code inbox:PID}
     * @throws IOException as {@link Inbox#openSender(Address, Codec)} and {@link Inbox#open(Address, Codec, InboxOptions)}
     */
    public static <T> InboxRequester<T> open(Address target, Codec<T> codec) throws IOException {
        return open(target, codec, InboxOptions.defaults().withSenders(ANSWERERS));
    }

    /**
     * Opens one.
     *
     * @param target {@code inbox:NAME} or {@code inbox:PID}
     * @param answers of the inbox for answers
     * @throws IOException as {@link #open(Address, Codec)}
     */
    public static <T> InboxRequester<T> open(Address target, Codec<T> codec, InboxOptions answers) throws IOException {
        return of(InboxSender.openEnvelopes(target, codec), codec, answers);
    }

    /**
     * Opens one, and waits at most the given time until somebody has the target.
     *
     * @param answers of the inbox for answers
     * @param timeout how long to wait; zero or less: not at all
     * @return null if nobody had it in that time
     * @throws InterruptedException if interrupted while waiting
     * @throws IOException as {@link Inbox#tryAwaitSender} and {@link #open(Address, Codec)}
     */
    public static <T> @Nullable InboxRequester<T> tryAwait(
            Address target, Codec<T> codec, InboxOptions answers, Duration timeout)
            throws IOException, InterruptedException {
        InboxSender<T> sender = InboxSender.awaitEnvelopes(target, codec, Deadline.after(timeout));
        return sender == null ? null : of(sender, codec, answers);
    }

    private static <T> InboxRequester<T> of(InboxSender<T> sender, Codec<T> codec, InboxOptions answers)
            throws IOException {
        boolean done = false;
        try {
            InboxRequester<T> requester =
                    new InboxRequester<>(sender, openAnswers(codec, answers.withTellsEnd(false)), codec);
            done = true;
            return requester;
        } finally {
            if (!done) {
                sender.close();
            }
        }
    }

    private static <T> Inbox<InboxMessage<T>> openAnswers(Codec<T> codec, InboxOptions options) throws IOException {
        AnswerNames.removeLeft();
        while (true) {
            try {
                return Inbox.openMessages(AnswerNames.next(), codec, options);
            } catch (InboxTakenException e) {
                // Somebody has the name; there are others.
            }
        }
    }

    // ---- asking

    /**
     * Sends a request and waits for its answer.
     *
     * @throws InterruptedException if interrupted; the request may have been sent
     * @throws PeerGoneException if the target is gone, and has not answered before
     * @throws IOException as sending and receiving
     */
    public T request(T message) throws IOException, InterruptedException {
        turn.lockInterruptibly();
        try {
            T answer = ask(message, Deadline.NEVER);
            if (answer == null) {
                throw new IllegalStateException("a wait without end has ended");
            }
            return answer;
        } finally {
            turn.unlock();
        }
    }

    /**
     * Sends a request and waits at most the given time, for other threads' requests and the sending too.
     *
     * @return null if the time passed without an answer
     * @throws InterruptedException as {@link #request}
     * @throws IOException as {@link #request}
     */
    public @Nullable T tryRequest(T message, Duration timeout) throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        if (!turn.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
            return null;
        }
        try {
            return ask(message, deadline);
        } finally {
            turn.unlock();
        }
    }

    private @Nullable T ask(T message, Deadline deadline) throws IOException, InterruptedException {
        number++;
        if (!sender.send(InboxEnvelope.REQUEST, number, answers.address(), message, deadline)) {
            return null;
        }
        try {
            return await(deadline);
        } catch (ClosedChannelException e) {
            throw (IOException) new AsynchronousCloseException().initCause(e);
        }
    }

    /** Whatever else comes, it looks at the time after each message, and after the target twenty times a second. */
    private @Nullable T await(Deadline deadline) throws IOException, InterruptedException {
        Deadline look = Deadline.after(LOOK);
        while (true) {
            InboxMessage<T> next = answers.tryReceive(earlier(deadline, look));
            if (next != null && isAnswer(next)) {
                return body(next);
            }
            if (deadline.passed()) {
                return null;
            }
            if (look.passed()) {
                InboxMessage<T> last = lastOf();
                if (last != null) {
                    return body(last);
                }
                look = Deadline.after(LOOK);
            }
        }
    }

    /** With {@link Codecs#buffers()} a copy: the inbox has its buffer again for the request of another thread. */
    @SuppressWarnings("unchecked") // T is ByteBuffer where it copies
    private T body(InboxMessage<T> answer) {
        return copies ? (T) copy((ByteBuffer) answer.body()) : answer.body();
    }

    private static ByteBuffer copy(ByteBuffer view) {
        ByteBuffer copy = ByteBuffer.allocate(view.remaining());
        return copy.put(view).flip().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    private boolean isAnswer(InboxMessage<T> message) {
        return message.kind() == InboxMessage.Kind.REPLY && message.number() == number;
    }

    /**
     * The answer that has come from a target that has gone since: one before its end counts.
     *
     * @return null if the target is there
     * @throws PeerGoneException if it is not, and has not answered
     */
    private @Nullable InboxMessage<T> lastOf() throws IOException {
        try {
            sender.requireOwner();
            return null;
        } catch (PeerGoneException e) {
            Deadline last = Deadline.after(LAST);
            InboxMessage<T> next = answers.tryReceive();
            while (next != null && !isAnswer(next) && !last.passed()) {
                next = answers.tryReceive();
            }
            if (next == null || !isAnswer(next)) {
                throw e;
            }
            return next;
        }
    }

    private static Duration earlier(Deadline one, Deadline other) {
        return Duration.ofNanos(Math.min(one.remainingNanos(), other.remainingNanos()));
    }

    // ---- what it is

    /** The inbox that it asks. */
    public Address target() {
        return sender.address();
    }

    /** The inbox that answers come to. */
    public Address replyTo() {
        return answers.address();
    }

    /** Closes it, and its inbox. */
    @Override
    public void close() throws IOException {
        try {
            sender.close();
        } finally {
            answers.close();
        }
    }
}
