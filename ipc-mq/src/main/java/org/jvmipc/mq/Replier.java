package org.jvmipc.mq;

import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;

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
    public synchronized boolean reply(QueuedMessage<?> request, T answer) throws IOException, InterruptedException {
        Address to = request.header().replyTo();
        QueueSender<T> sender = to == null ? null : sender(to);
        if (to == null || sender == null) {
            return false;
        }
        if (!MessageQueue.exists(to)) {
            senders.remove(to);
            sender.close();
            return false;
        }
        sender.send(MessageHeader.NONE.withCorrelation(request.header().correlation()), answer);
        return true;
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
    public synchronized void close() throws IOException {
        for (QueueSender<T> each : senders.values()) {
            each.close();
        }
        senders.clear();
    }
}
