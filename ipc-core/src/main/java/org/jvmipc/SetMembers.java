package org.jvmipc;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.PolledFds;

/**
 * The members of a {@link ReceiverSet}, in the order in which they are reported, and the poll over their descriptors. While one polls
 * no number of a member is given back: who closes or takes out a member ends the poll first.
 *
 * <p><b>Thread safety.</b> Any thread may call any method, but {@link #poll} and {@link #release}, which are of the one that has the
 * set's turn.
 */
final class SetMembers<T> {
    private final PolledFds poll;

    /** Guards what follows; never held in a call that waits, or in one of a member. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition left = lock.newCondition();
    private final List<SetMember<T>> members = new ArrayList<>();
    private boolean polling;

    /** Which poll it is, counted. */
    private long round;

    private volatile boolean closed;

    /**
     * None.
     *
     * @throws IOException if there is no descriptor left to end a poll with
     */
    SetMembers() throws IOException {
        poll = new PolledFds();
    }

    /** Adds one, for which a poll that is under way is begun anew; false if its receiver is there already. */
    boolean add(SetMember<T> member) throws IOException {
        lock.lock();
        try {
            ensureOpen();
            if (find(member.receiver) != null) {
                return false;
            }
            member.watch();
            members.add(member);
            poll.wakeup();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes one out, once no poll is for it; false if it is not there. */
    boolean remove(Receiver<?> receiver) {
        lock.lock();
        try {
            SetMember<T> member = find(receiver);
            if (member == null) {
                return false;
            }
            members.remove(member);
            endPoll();
            member.unwatch(); // after the poll: from here on a close does not wait for us
            return true;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable SetMember<T> find(Receiver<?> receiver) {
        for (SetMember<T> member : members) {
            if (member.receiver == receiver) {
                return member;
            }
        }
        return null;
    }

    int size() {
        lock.lock();
        try {
            return members.size();
        } finally {
            lock.unlock();
        }
    }

    // ---- by the thread that has the turn

    /** Who is a member now. */
    List<SetMember<T>> present() throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new AsynchronousCloseException();
            }
            return List.copyOf(members);
        } finally {
            lock.unlock();
        }
    }

    /** Those of them that were not taken out while they were asked. */
    List<SetMember<T>> stillMembers(List<SetMember<T>> ready) {
        lock.lock();
        try {
            if (members.containsAll(ready)) {
                return ready;
            }
            return ready.stream().filter(members::contains).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the descriptors: the members that are ready by then. None if there is a reason to ask all members again. */
    List<SetMember<T>> poll(List<SetMember<T>> asked, Deadline deadline) throws IOException, InterruptedException {
        if (!startPoll(asked)) {
            return List.of();
        }
        List<SetMember<T>> ready = new ArrayList<>();
        try {
            if (poll.await(deadline)) {
                for (int i = 0; i < asked.size(); i++) {
                    // Some descriptors tell of what another thread has taken meanwhile.
                    if (poll.isReady(i) && asked.get(i).isReady(false)) {
                        ready.add(asked.get(i));
                    }
                }
            }
        } finally {
            pollHasEnded();
        }
        return ready;
    }

    /**
     * Fills in the descriptors. From here until the poll has ended, none of these numbers is given back: a member that
     * closes waits in {@link #endPoll}, and one that has closed is noticed here.
     */
    private boolean startPoll(List<SetMember<T>> asked) throws IOException {
        lock.lock();
        try {
            if (closed || !members.equals(asked)) {
                return false;
            }
            poll.clear();
            for (SetMember<T> member : asked) {
                if (member.closing) {
                    return false;
                }
                poll.add(member.fd());
            }
            polling = true;
            round++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void pollHasEnded() {
        lock.lock();
        try {
            polling = false;
            left.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The receivers of these; the first is the last from now on, and who has closed is out. */
    List<Receiver<? extends T>> report(List<SetMember<T>> ready) {
        lock.lock();
        try {
            SetMember<T> first = ready.get(0);
            if (members.remove(first)) {
                members.add(first);
            }
            List<Receiver<? extends T>> receivers = new ArrayList<>(ready.size());
            for (SetMember<T> member : ready) {
                receivers.add(member.receiver);
                if (member.closing) {
                    members.remove(member);
                }
            }
            return List.copyOf(receivers);
        } finally {
            lock.unlock();
        }
    }

    // ---- what other threads do to it

    /** Ends a poll that its thread may look around. */
    void wakeup() {
        poll.wakeup();
    }

    /** The member's receiver is about to close its descriptor; when this returns the number is not polled. */
    void closes(SetMember<T> member) {
        lock.lock();
        try {
            member.closing = true;
            endPoll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the poll that is under way, if there is one, has ended; it is woken, so that is at once. */
    private void endPoll() {
        poll.wakeup();
        long present = round;
        while (polling && round == present) {
            left.awaitUninterruptibly();
        }
    }

    // ---- the end

    boolean isOpen() {
        return !closed;
    }

    void ensureOpen() throws ClosedChannelException {
        if (closed) {
            throw new ClosedChannelException();
        }
    }

    /** Ends a poll, and takes all out; false if that was done before. */
    boolean close() {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            closed = true;
            endPoll();
            members.forEach(SetMember::unwatch);
            members.clear();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Gives back what a poll is ended with; after {@link #close}. */
    void release() throws IOException {
        poll.close();
    }
}
