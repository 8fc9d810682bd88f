package org.jvmipc.mq;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
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
import org.jvmipc.PeerGoneException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.mq.internal.InboxEnvelope;

/**
 * Sends answers to the inboxes where requests want them. It keeps those open that it has answered to last.
 *
 * <pre>{@code
 * try (InboxReplier<String> replier = new InboxReplier<>(Codecs.utf8())) {
 *     boolean heard = replier.reply(request, "42");
 * }
 * }</pre>
 *
 * <p><b>Requester gone:</b> {@code false}; nobody is waiting. <b>Its inbox is full:</b> it waits, as a sender. Where a request wants its
 * answer is what its sender has written: it is sent into no other than an inbox of this user that somebody has.
 *
 * <p><b>Thread safety.</b> Any thread may call any method; calls serialise.
 *
 * @param <T> what an answer is in Java
 */
public final class InboxReplier<T> implements Closeable {
    private static final int MOST_OPEN = 16;

    private final ReentrantLock turn = new ReentrantLock();
    private final Codec<T> codec;
    private final Map<Address, InboxSender<T>> senders = new LinkedHashMap<>(MOST_OPEN, 0.75f, true);
    private boolean closed;

    /** One that has answered nobody yet. */
    public InboxReplier(Codec<T> codec) {
        this.codec = codec;
    }

    /**
     * Answers a request.
     *
     * @return false if it wants no answer, or the requester is gone
     * @throws InterruptedException if interrupted while waiting for room; nothing was sent
     * @throws IOException as {@link InboxSender#send}
     */
    public boolean reply(InboxMessage<?> request, T answer) throws IOException, InterruptedException {
        return reply(request, answer, Deadline.NEVER);
    }

    /**
     * The same, and waits at most the given time for other threads' answers and for room.
     *
     * @return false also if the time passed first; nothing was sent
     * @throws InterruptedException if interrupted while waiting; nothing was sent
     * @throws IOException as {@link InboxSender#send}
     */
    public boolean tryReply(InboxMessage<?> request, T answer, Duration timeout)
            throws IOException, InterruptedException {
        return reply(request, answer, Deadline.after(timeout));
    }

    private boolean reply(InboxMessage<?> request, T answer, Deadline deadline)
            throws IOException, InterruptedException {
        if (!turn.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        try {
            if (closed) {
                throw new ClosedChannelException();
            }
            return replyInTurn(request, answer, deadline);
        } finally {
            turn.unlock();
        }
    }

    private boolean replyInTurn(InboxMessage<?> request, T answer, Deadline deadline)
            throws IOException, InterruptedException {
        Address replyTo = request.replyTo();
        if (replyTo == null) {
            return false;
        }
        Address to = replyTo.withoutParameters(); // one inbox has one sender, however it is written
        InboxSender<T> sender = sender(to);
        if (sender == null) {
            return false;
        }
        try {
            return sender.send(InboxEnvelope.REPLY, request.number(), null, answer, deadline);
        } catch (PeerGoneException e) {
            senders.remove(to);
            sender.close();
            return false;
        }
    }

    /** Null if nobody has the inbox. */
    private @Nullable InboxSender<T> sender(Address to) throws IOException {
        InboxSender<T> present = senders.get(to);
        if (present != null && isThere(present)) {
            return present;
        }
        if (present != null) {
            senders.remove(to);
            present.close();
        }
        try {
            InboxSender<T> opened = Inbox.openSender(to, codec);
            senders.put(to, opened);
            closeOldest();
            return opened;
        } catch (PeerGoneException e) {
            return null;
        } catch (OsException e) {
            if (e.errno() == Errno.ENOENT) {
                return null;
            }
            throw e;
        }
    }

    /** The name may have had another owner since. */
    private static boolean isThere(InboxSender<?> sender) throws IOException {
        try {
            sender.requireOwner();
            return true;
        } catch (PeerGoneException e) {
            return false;
        }
    }

    private void closeOldest() {
        Iterator<InboxSender<T>> oldest = senders.values().iterator();
        if (senders.size() > MOST_OPEN) {
            InboxSender<T> sender = oldest.next();
            oldest.remove();
            sender.close();
        }
    }

    /** Closes it, once the answer is sent that is just being sent. */
    @Override
    public void close() {
        turn.lock();
        try {
            closed = true;
            senders.values().forEach(InboxSender::close);
            senders.clear();
        } finally {
            turn.unlock();
        }
    }
}
