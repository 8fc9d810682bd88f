package org.jvmipc.sockets;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.Poll;
import org.jvmipc.internal.posix.PolledFd;
import org.jvmipc.internal.posix.SocketCalls;
import org.jvmipc.internal.posix.SocketPath;
import org.jvmipc.sockets.internal.Party;

/**
 * A listening socket whose accepting threads make their own calls. One accepts at a time, the others wait for their turn.
 *
 * <p>Without a descriptor for a caller ({@code EMFILE}) it pauses and looks again: he waits in the backlog meanwhile. An accept
 * with a time limit tells of it when the time has passed.
 */
class Welcoming<C> {
    /** Makes a connection for a caller who is accepted. */
    interface Maker<C> {
        /** Takes over the descriptor, in blocking mode; closes it if that fails. */
        C connection(Fd accepted, Party party, Runnable onClose) throws IOException;
    }

    /** How long to leave a caller in the backlog whom there is no descriptor for. */
    private static final Duration NO_DESCRIPTOR_PAUSE = Duration.ofMillis(50);

    private final PolledFd listening;
    private final Door door;
    private final Maker<C> maker;
    private final ListenOptions options;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong refused = new AtomicLong();

    /** What kept the present call from serving somebody; used under the lock. */
    private @Nullable LimitException shortage;

    /** Takes over the door. */
    Welcoming(Door door, ListenOptions options, Maker<C> maker) {
        this.listening = new PolledFd(door.socket(), SocketPath.BYTES, true);
        this.door = door;
        this.maker = maker;
        this.options = options;
    }

    public Address address() {
        return door.address();
    }

    public Set<Capability> capabilities() {
        return door.capabilities();
    }

    public boolean isOpen() {
        return !closed.get();
    }

    public int connections() {
        return open.get();
    }

    public long refused() {
        return refused.get();
    }

    private void ensureOpen() throws ClosedChannelException {
        if (closed.get()) {
            throw new ClosedChannelException();
        }
    }

    // ---- accepting

    /** The connection of the next caller who is accepted; null if the deadline passed first. */
    final @Nullable C accept(Deadline deadline) throws IOException, InterruptedException {
        ensureOpen();
        boolean locked =
                deadline.isNow() ? lock.tryLock() : lock.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        if (!locked) {
            return null;
        }
        try {
            ensureOpen();
            return next(deadline);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable C next(Deadline deadline) throws IOException, InterruptedException {
        shortage = null;
        C connection = nextOrNone(deadline);
        LimitException told = shortage;
        if (connection == null && told != null) {
            throw told;
        }
        return connection;
    }

    private @Nullable C nextOrNone(Deadline deadline) throws IOException, InterruptedException {
        while (true) {
            if (!mayAccept(deadline)) {
                return null;
            }
            int result = SocketCalls.accept(listening.number());
            if (result >= 0) {
                C connection = welcome(result, deadline);
                if (connection != null) {
                    return connection;
                }
            } else if (result == -Errno.EAGAIN) {
                if (deadline.isNow() || listening.await(Poll.POLLIN, deadline) < 0) {
                    return null;
                }
            } else if (isShortage(-result)) {
                awaitDescriptor(
                        SocketCalls.shortage("accept4", -result, address().toString()), deadline);
            } else if (!isOfTheCaller(-result)) {
                throw new OsException("accept4", -result, "address=" + address());
            }
        }
    }

    /** Waits until one more connection is allowed; false if the deadline passed first. */
    private boolean mayAccept(Deadline deadline) throws IOException, InterruptedException {
        while (open.get() >= options.maxConnections()) {
            if (deadline.passed()) {
                return false;
            }
            listening.pause(deadline); // a close nudges
            listening.takeNudge();
        }
        listening.takeNudge();
        return true;
    }

    private static boolean isShortage(int errno) {
        return switch (errno) {
            case Errno.EMFILE, Errno.ENFILE, Errno.ENOBUFS, Errno.ENOMEM -> true;
            default -> false;
        };
    }

    /** Errors of the one who called, and was cut off; accept(2) says to go on with the next. */
    private static boolean isOfTheCaller(int errno) {
        return switch (errno) {
            case Errno.ECONNABORTED,
                    Errno.EPERM,
                    Errno.EPROTO,
                    Errno.ENETDOWN,
                    Errno.EHOSTUNREACH,
                    Errno.ENETUNREACH,
                    Errno.ETIMEDOUT -> true;
            default -> false;
        };
    }

    /** Leaves the caller in the backlog for a moment. */
    private void awaitDescriptor(LimitException why, Deadline deadline) throws IOException, InterruptedException {
        shortage = why;
        if (deadline.passed()) {
            throw why;
        }
        Duration left = Duration.ofNanos(deadline.remainingNanos());
        listening.pause(Deadline.after(left.compareTo(NO_DESCRIPTOR_PAUSE) < 0 ? left : NO_DESCRIPTOR_PAUSE));
    }

    /** The caller's connection; null if he was refused, or there are no descriptors to serve him. */
    private @Nullable C welcome(int number, Deadline deadline) throws IOException, InterruptedException {
        boolean counted = false;
        boolean taken = false;
        Fd accepted = null;
        try {
            accepted = SocketCalls.accepted(number);
            Caller caller = door.caller(accepted, open.get());
            if (!options.policy().accepts(caller)) {
                refused.incrementAndGet();
                return null;
            }
            open.incrementAndGet();
            counted = true;
            C connection = maker.connection(accepted, door.welcome(accepted, caller), this::connectionClosed);
            taken = true;
            return connection;
        } catch (LimitException e) {
            if (accepted != null) {
                accepted.close(); // he is cut off: half of a connection cannot be put back
            }
            awaitDescriptor(e, deadline);
            return null;
        } catch (OsException e) {
            if (e.errno() == Errno.ENOTCONN || e.errno() == Errno.ECONNABORTED || e.errno() == Errno.ECONNRESET) {
                return null; // he has left already
            }
            throw e;
        } finally {
            if (!taken) {
                if (counted) {
                    open.decrementAndGet();
                }
                if (accepted != null) {
                    accepted.close();
                }
            }
        }
    }

    private void connectionClosed() {
        open.decrementAndGet();
        listening.nudge();
    }

    // ---- the end

    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        listening.startClosing();
        lock.lock();
        try {
            door.unbind();
        } finally {
            listening.close();
            lock.unlock();
        }
    }
}
