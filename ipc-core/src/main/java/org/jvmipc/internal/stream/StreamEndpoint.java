package org.jvmipc.internal.stream;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Endpoint;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.PolledFd;

/** What senders and receivers over a descriptor share: who they are, one call at a time, and whether they are open. */
abstract class StreamEndpoint implements Endpoint {
    final PolledFd fd;
    private final Address address;
    private final Set<Capability> capabilities;
    final ReentrantLock lock = new ReentrantLock();
    final AtomicBoolean closed = new AtomicBoolean();

    StreamEndpoint(PolledFd fd, Address address, Set<Capability> capabilities) {
        this.fd = fd;
        this.address = address;
        this.capabilities = capabilities;
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public boolean isOpen() {
        return !closed.get();
    }

    final void ensureOpen() throws ClosedChannelException {
        if (closed.get()) {
            throw new ClosedChannelException();
        }
    }

    /**
     * Asked before it is told that the other side has gone: who is closed here is told that, as the other side may have gone
     * because of it.
     */
    final void ensureNotClosing() throws AsynchronousCloseException {
        if (fd.isClosing()) {
            throw new AsynchronousCloseException();
        }
    }

    /** Waits, and answers whether what was waited for came before the deadline. */
    interface Wait {
        boolean await() throws IOException, InterruptedException;
    }

    /** Makes the wait while no other call is under way; false also if another was until the deadline. */
    final boolean whileLocked(Deadline deadline, Wait wait) throws IOException, InterruptedException {
        ensureOpen();
        if (!lock.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        try {
            ensureOpen();
            return wait.await();
        } finally {
            leave();
        }
    }

    /** Gives the lock back. */
    void leave() {
        lock.unlock();
    }
}
