package org.jvmipc.mq;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.internal.Deadline;
import org.jvmipc.mq.internal.QueueDirectory;
import org.jvmipc.mq.internal.QueueOpening;
import org.jvmipc.mq.internal.ReplyQueues;

/**
 * The asking side of request and reply over queues: a request goes into the queue with an address to reply to and a number, the answer
 * comes with the same number into a queue of the requester's own, which goes when it is closed. {@link MessageQueue#openRequester} opens it.
 *
 * <pre>{@code
 * try (Requester<String> requester = queue.openRequester()) {
 *     String answer = requester.tryRequest("how much is 6 times 7?", Duration.ofSeconds(5));   // null: nobody has answered
 * }
 *
 * // whoever answers
 * try (QueueReceiver<QueuedMessage<String>> in = queue.openMessages(ReceiveFrom.end());
 *         Replier<String> replier = queue.openReplier()) {
 *     in.forEach(request -> replier.reply(request, "42"));
 * }
 * }</pre>
 *
 * <p><b>Nobody answers:</b> the request stays in the queue for who comes. An answer that comes after its time is dropped.
 *
 * <p><b>Thread safety.</b> Any thread may call any method; requests serialise.
 *
 * @param <T> what a message is in Java
 */
public final class Requester<T> implements Closeable {
    private final ReentrantLock turn = new ReentrantLock();
    private final QueueSender<T> sender;
    private final GroupReceiver<T> answers;
    private final QueueDirectory directory;
    private final Address replyTo;
    private long correlation;

    private Requester(QueueSender<T> sender, GroupReceiver<T> answers, QueueDirectory directory, Address replyTo) {
        this.sender = sender;
        this.answers = answers;
        this.directory = directory;
        this.replyTo = replyTo;
    }

    static <T> Requester<T> open(MessageQueue<T> queue, QueueDirectory of, Codec<T> codec) throws IOException {
        QueueDirectory directory = ReplyQueues.create(of);
        Address replyTo = Address.of("mq", directory.path().toString());
        QueueSender<T> sender = null;
        boolean done = false;
        try {
            sender = queue.openSender();
            GroupReceiver<T> answers = MessageQueue.open(replyTo, codec)
                    .openGroupReceiver("requester", ConsumerOptions.defaults().withPrefetch(1));
            done = true;
            return new Requester<>(sender, answers, directory, replyTo);
        } finally {
            if (!done) {
                if (sender != null) {
                    sender.close();
                }
                QueueOpening.remove(directory);
            }
        }
    }

    /**
     * Sends a request and waits for its answer.
     *
     * @throws InterruptedException if interrupted; the request may have been sent
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
        long number = ++correlation;
        MessageHeader header = MessageHeader.NONE.withReplyTo(replyTo, number);
        if (!sender.trySend(header, message, Duration.ofNanos(deadline.remainingNanos()))) {
            return null;
        }
        while (true) {
            T answer = answers.tryReceive(Duration.ofNanos(deadline.remainingNanos()));
            Delivery<T> last = answers.last();
            if (answer == null || (last != null && last.queued().header().correlation() == number)) {
                return answer;
            }
        }
    }

    /** The queue that answers come to. */
    public Address replyTo() {
        return replyTo;
    }

    /** Closes it, and removes its queue. */
    @Override
    public void close() throws IOException {
        try {
            sender.close();
        } finally {
            answers.close();
            QueueOpening.remove(directory);
        }
    }
}
