package org.jvmipc;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jvmipc.internal.Deadline;
import org.jvmipc.spi.Pollable;

/**
 * Waits for several receivers at once, of any transports: {@code poll(2)} and {@code select(2)}, or a small
 * {@link java.nio.channels.Selector}.
 *
 * <pre>{@code
 * try (ReceiverSet<String> set = new ReceiverSet<>()) {
 *     set.add(orders);
 *     set.add(answers);
 *     for (Receiver<? extends String> ready : set.await()) {     // waits while all are empty
 *         String message = ready.tryReceive();                    // null: another thread was faster
 *     }
 *     set.forEach((from, message) -> System.out.println(from.address() + ": " + message));
 * }
 * }</pre>
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><th></th><th>none is ready</th><th>the set is closed</th></tr>
 * <tr><td>{@link #await()}</td><td>waits</td><td>{@code ClosedChannelException}</td></tr>
 * <tr><td>{@link #tryAwait()}</td><td>an empty list, at once</td><td>the same</td></tr>
 * <tr><td>{@link #tryAwait(Duration)}</td><td>an empty list, after the time</td><td>the same</td></tr>
 * </table>
 *
 * <p><b>Ready</b> is a receiver with a message, an end or an error to tell, whether in the operating system or read ahead. It
 * is a hint: {@code tryReceive()} may still find nothing, as when only a part of a message has come. What is not taken is
 * told again by the next call.
 *
 * <p><b>What waits in shared memory</b> is a member as well: the {@code openReceiver()} of a {@code SharedEvent}, {@code SharedLatch} or
 * {@code SharedSemaphore} is a receiver whose message is that object, and whose receive takes what a waiter takes. So one call waits for
 * one of each kind:
 *
 * <pre>{@code
 * ReceiverSet<Object> set = new ReceiverSet<>();
 * set.add(stop.openReceiver());      // an event
 * set.add(orders);                   // a ring, a pipe, a queue, a socket, signals
 * }</pre>
 *
 * <p><b>Fairness.</b> All that are ready are in the list, and the one that was first in the last list comes last in the next:
 * who takes only the first of each list serves all in turn, however busy one of them is.
 *
 * <p><b>A member that is closed,</b> by any thread, ends a wait, is in the list once, so that its
 * {@code ClosedChannelException} can be met, and is out of the set. <b>Other side gone:</b> the receiver is ready, its receive
 * tells it, and it stays a member until it is removed, since of some transports another sender may come.
 *
 * <p><b>A connection with a time limit</b> whose other side has been silent for so long is ready too: its receive tells it,
 * and closes it. The set's own wait ends at that time, so neither a thread nor a timer is needed for it.
 *
 * <p><b>Interruption</b> is as in {@code java.util.concurrent}: {@link InterruptedException}, and the set stays usable.
 * {@link #close()} closes no member; a thread that waits leaves with
 * {@link java.nio.channels.AsynchronousCloseException}.
 *
 * <p><b>Thread safety.</b> Any thread may call any method, {@code add}, {@code remove} and {@code close} while another waits
 * too. Waits of several threads serialise. A receiver may be in several sets.
 *
 * <p><b>Memory consistency effects.</b> None but those of the receives that follow; see {@link Sender}.
 *
 * <p><b>Platform notes.</b> One {@code poll(2)} over all members and an eventfd, one descriptor for each set. A wait of a
 * virtual thread occupies a platform thread instead of its carrier. An idle wait uses no processor time.
 *
 * @param <T> what all messages are; {@code Object} where they have nothing in common
 */
public final class ReceiverSet<T> implements Closeable {
    /** How many messages {@link #forEach} takes of one receiver before it looks at the others. */
    private static final int TURN_MESSAGES = 64;

    private final SetMembers<T> members;

    /** Held by the thread that waits. */
    private final ReentrantLock turn = new ReentrantLock();

    /**
     * An empty set.
     *
     * @throws IOException if there is no descriptor left to wake it with
     */
    public ReceiverSet() throws IOException {
        members = new SetMembers<>();
    }

    /**
     * Adds a receiver. A wait that is under way waits for it too.
     *
     * @return false if it was there already
     * @throws UnsupportedMechanismException if receivers of its transport cannot be waited on together with others
     * @throws ClosedChannelException if the receiver, or the set, is closed
     */
    public boolean add(Receiver<? extends T> receiver) throws IOException {
        if (!(receiver instanceof Pollable pollable)) {
            throw new UnsupportedMechanismException(
                    receiver.address() + ": a " + receiver.getClass().getName()
                            + " has nothing that poll(2) could wait for, so it cannot be in a ReceiverSet; give it a thread of its"
                            + " own");
        }
        return members.add(new SetMember<>(receiver, pollable, members));
    }

    /**
     * Takes a receiver out; it stays open. Once this has returned no wait that is under way is for it, though one that has
     * just ended may still report it.
     *
     * @return false if it was not there
     */
    public boolean remove(Receiver<?> receiver) {
        return members.remove(receiver);
    }

    /** How many receivers there are. */
    public int size() {
        return members.size();
    }

    /**
     * Waits until a receiver is ready. In an empty set it waits until another thread adds one.
     *
     * @return those that are ready, at least one
     * @throws InterruptedException if interrupted before or while it waited
     * @throws AsynchronousCloseException if another thread closed the set meanwhile
     * @throws IOException if the set is closed, or the operating system failed the call
     */
    public List<Receiver<? extends T>> await() throws IOException, InterruptedException {
        members.ensureOpen();
        turn.lockInterruptibly();
        try {
            return waitUntil(Deadline.NEVER);
        } finally {
            turn.unlock();
        }
    }

    /**
     * Tells which receivers are ready now.
     *
     * @return empty if none is, or another thread is waiting
     * @throws IOException as {@link #await()}
     */
    public List<Receiver<? extends T>> tryAwait() throws IOException {
        members.ensureOpen();
        if (!turn.tryLock()) {
            return List.of();
        }
        try {
            return waitUntil(Deadline.NOW);
        } catch (InterruptedException e) {
            throw new IllegalStateException("a call that never waits was interrupted", e);
        } finally {
            turn.unlock();
        }
    }

    /**
     * Waits until a receiver is ready, at most the given time.
     *
     * @param timeout how long to wait; zero or less is {@link #tryAwait()}
     * @return empty if the time passed first
     * @throws InterruptedException as {@link #await()}
     * @throws IOException as {@link #await()}
     */
    public List<Receiver<? extends T>> tryAwait(Duration timeout) throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        if (deadline.isNow()) {
            return tryAwait();
        }
        members.ensureOpen();
        if (!turn.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
            return List.of();
        }
        try {
            return waitUntil(deadline);
        } finally {
            turn.unlock();
        }
    }

    /**
     * Hands every message of every member to the handler, together with the receiver that it came from, until all members
     * are gone. One whose other side has said goodbye, or that was closed, is taken out. The handler may add, remove and
     * close members.
     *
     * @throws InterruptedException as {@link #await()}
     * @throws PeerGoneException if the other side of a member died. That one stays in the set: {@link #remove} it, unless its
     *     transport has other senders, and call this again to go on
     * @throws IOException as {@link #await()} and {@link Receiver#receive()}; what was not handed over stays in its receiver
     */
    public void forEach(BiConsumer<? super Receiver<? extends T>, ? super T> handler)
            throws IOException, InterruptedException {
        while (size() > 0) {
            for (Receiver<? extends T> receiver : await()) {
                take(receiver, handler);
            }
        }
        members.ensureOpen(); // a set that was closed is empty too
    }

    private void take(Receiver<? extends T> receiver, BiConsumer<? super Receiver<? extends T>, ? super T> handler)
            throws IOException {
        for (int count = 0; count < TURN_MESSAGES && isOpen(); count++) {
            T message;
            try {
                message = receiver.tryReceive();
            } catch (PeerGoneException e) {
                if (e.reason() != PeerGoneException.Reason.CLOSED) {
                    throw e;
                }
                remove(receiver);
                return;
            } catch (ClosedChannelException e) {
                remove(receiver);
                return;
            }
            if (message == null) {
                return;
            }
            handler.accept(receiver, message);
        }
    }

    // ---- waiting, by the thread that has the turn

    private List<Receiver<? extends T>> waitUntil(Deadline deadline) throws IOException, InterruptedException {
        while (true) {
            List<SetMember<T>> asked = members.present();
            List<SetMember<T>> ready = ready(asked, false);
            if (ready.isEmpty() && !deadline.isNow()) {
                ready = ready(asked, true);
            }
            if (ready.isEmpty() && !deadline.passed()) {
                ready = members.poll(asked, first(asked, deadline));
            } else if (ready.isEmpty()) {
                return List.of();
            }
            ready = members.stillMembers(ready);
            if (!ready.isEmpty()) {
                return members.report(ready);
            }
        }
    }

    private static <T> List<SetMember<T>> ready(List<SetMember<T>> asked, boolean arm) throws IOException {
        List<SetMember<T>> ready = new ArrayList<>();
        for (SetMember<T> member : asked) {
            if (member.isReady(arm)) {
                ready.add(member);
            }
        }
        return ready;
    }

    /** The deadline, or the time at which a member becomes ready that shows nothing on its descriptor. */
    private static <T> Deadline first(List<SetMember<T>> asked, Deadline deadline) {
        long nanos = Long.MAX_VALUE;
        for (SetMember<T> member : asked) {
            nanos = Math.min(nanos, member.readyInNanos());
        }
        return nanos < deadline.remainingNanos() ? Deadline.after(Duration.ofNanos(nanos)) : deadline;
    }

    /** Whether it was not closed yet. */
    public boolean isOpen() {
        return members.isOpen();
    }

    /**
     * Closes the set and none of its members. A thread that waits in it leaves. The second time it does nothing.
     *
     * @throws IOException if the operating system refused to close; the set counts as closed all the same
     */
    @Override
    public void close() throws IOException {
        if (!members.close()) {
            return;
        }
        turn.lock(); // the one inside is leaving
        try {
            members.release();
        } finally {
            turn.unlock();
        }
    }

    @Override
    public String toString() {
        return "ReceiverSet[" + size() + " receivers" + (isOpen() ? "]" : ", closed]");
    }
}
