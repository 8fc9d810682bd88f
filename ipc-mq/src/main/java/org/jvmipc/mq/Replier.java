package org.jvmipc.mq;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.OsException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.mq.internal.QueuePaths;
import org.jvmipc.mq.internal.ReplyQueues;

/**
 * Sends answers to where requests want them. It keeps the queues open that it has answered to last.
 *
 * <p><b>Requester gone:</b> {@code false}; nobody is waiting. Where a request wants its answer is what somebody has written into the
 * queue: it is sent into no other than a queue of this user that exists.
 *
 * <p><b>Thread safety.</b> Any thread may call any method; calls serialise.
 *
 * @param <T> what an answer is in Java
 */
public final class Replier<T> implements Closeable {
    private static final int MOST_OPEN = 16;

    private final ReentrantLock turn = new ReentrantLock();
    private final Codec<T> codec;
    private final Map<Address, QueueSender<T>> senders = new LinkedHashMap<>(MOST_OPEN, 0.75f, true);

    Replier(Codec<T> codec) {
        this.codec = codec;
    }

    /**
     * Answers a request.
     *
     * @return false if it wants no answer, or the requester is gone
     * @throws InterruptedException if interrupted while waiting for room; nothing was sent
     * @throws IOException as {@link QueueSender#send}
     */
    public boolean reply(QueuedMessage<?> request, T answer) throws IOException, InterruptedException {
        return reply(request, answer, Deadline.NEVER);
    }

    /**
     * The same, and waits at most the given time for other threads' answers and for room.
     *
     * @return false also if the time passed first; nothing was sent
     * @throws InterruptedException if interrupted while waiting; nothing was sent
     * @throws IOException as {@link QueueSender#send}
     */
    public boolean tryReply(QueuedMessage<?> request, T answer, Duration timeout)
            throws IOException, InterruptedException {
        return reply(request, answer, Deadline.after(timeout));
    }

    private boolean reply(QueuedMessage<?> request, T answer, Deadline deadline)
            throws IOException, InterruptedException {
        if (!turn.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        try {
            return replyInTurn(request, answer, deadline);
        } finally {
            turn.unlock();
        }
    }

    private boolean replyInTurn(QueuedMessage<?> request, T answer, Deadline deadline)
            throws IOException, InterruptedException {
        Address to = request.header().replyTo();
        QueueSender<T> sender = to == null ? null : sender(to);
        if (to == null || sender == null) {
            return false;
        }
        if (!MessageQueue.exists(to)
                || ReplyQueues.isLeft(QueuePaths.directory(to).path())) {
            senders.remove(to);
            sender.close();
            return false;
        }
        MessageHeader header =
                MessageHeader.NONE.withCorrelation(request.header().correlation());
        if (deadline.isNever()) {
            sender.send(header, answer);
            return true;
        }
        return sender.trySend(header, answer, Duration.ofNanos(deadline.remainingNanos()));
    }

    private @Nullable QueueSender<T> sender(Address to) throws IOException {
        QueueSender<T> present = senders.get(to);
        if (present != null) {
            return present;
        }
        try {
            QueueSender<T> opened =
                    MessageQueue.open(to.withoutParameters(), codec).openSender();
            senders.put(to, opened);
            closeOldest();
            return opened;
        } catch (OsException e) {
            if (e.errno() == Errno.ENOENT) {
                return null;
            }
            throw e;
        }
    }

    private void closeOldest() throws IOException {
        Iterator<QueueSender<T>> oldest = senders.values().iterator();
        if (senders.size() > MOST_OPEN) {
            QueueSender<T> sender = oldest.next();
            oldest.remove();
            sender.close();
        }
    }

    @Override
    public void close() throws IOException {
        turn.lock();
        try {
            for (QueueSender<T> each : senders.values()) {
                each.close();
            }
            senders.clear();
        } finally {
            turn.unlock();
        }
    }
}
