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
import org.jvmipc.CorruptDataException;
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
 * <p><b>Requester gone:</b> {@code false}; nobody is waiting. <b>Its inbox is full:</b> it waits, as a sender, and other answers
 * behind it: who answers several gives {@link #tryReply} a time. <b>Closed here:</b> an answer that waits is not sent. Where a request
 * wants its answer is what its sender has written: it is sent into no other than an inbox of this user that somebody has. That inbox
 * may be small, or have no place, or be damaged: the error is of this one answer, and names the inbox; the next one can be sent.
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
    private volatile boolean closed;

    /** What an answer is just being sent by: a close looks here without the turn. */
    private volatile @Nullable InboxSender<T> sending;

    /** One that has answered nobody yet. */
    public InboxReplier(Codec<T> codec) {
        this.codec = codec;
    }

    /**
     * Answers a request.
     *
     * @return false if it wants no answer, or the requester is gone
     * @throws InterruptedException if interrupted while waiting for room; nothing was sent
     * @throws org.jvmipc.LimitException if the requester's inbox takes no answer of that size, or no further sender, or is full and
     *     refuses then: the limit is of the inbox that the error names
     * @throws org.jvmipc.CorruptDataException if the requester's inbox is damaged
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
     * @throws IOException as {@link #reply}
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
        sending = sender;
        try {
            if (closed) { // after the line before: else a close that comes just now would close nothing
                throw new ClosedChannelException();
            }
            return sender.send(InboxEnvelope.REPLY, request.number(), null, answer, deadline);
        } catch (PeerGoneException e) {
            drop(to, sender);
            return false;
        } catch (CorruptDataException | ClosedChannelException e) {
            drop(to, sender);
            throw e;
        } finally {
            sending = null;
        }
    }

    private void drop(Address to, InboxSender<T> sender) {
        senders.remove(to);
        sender.close();
    }

    /** Null if nobody has the inbox. */
    private @Nullable InboxSender<T> sender(Address to) throws IOException {
        InboxSender<T> present = senders.get(to);
        if (present != null && isThere(present)) {
            return present;
        }
        if (present != null) {
            drop(to, present);
        }
        try {
            InboxSender<T> opened = InboxSender.openEnvelopes(to, codec);
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

    /** The name may have had another owner since; and what was cut off, or closed, does not come right again. */
    private static boolean isThere(InboxSender<?> sender) throws IOException {
        try {
            sender.requireOwner();
            return true;
        } catch (PeerGoneException | CorruptDataException | ClosedChannelException e) {
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

    /** Closes it. An answer that waits for room leaves with an {@link java.nio.channels.AsynchronousCloseException}, unsent. */
    @Override
    public void close() {
        closed = true;
        InboxSender<T> busy = sending;
        if (busy != null) {
            busy.close(); // without the turn: who has it may wait for room for ever
        }
        turn.lock();
        try {
            senders.values().forEach(InboxSender::close);
            senders.clear();
        } finally {
            turn.unlock();
        }
    }
}
