package org.jvmipc.internal.posix;

import java.io.IOException;
import java.lang.ref.Reference;
import org.jvmipc.OsException;
import org.jvmipc.internal.Deadline;

/**
 * Several descriptors that are waited for together: what {@link PolledFd} is for one. A wait obeys a deadline,
 * {@link Thread#interrupt()} and {@link #wakeup()}.
 *
 * <p>The descriptors stay their owners', who close none that is in a wait.
 *
 * <p><b>Thread safety.</b> One thread at a time may fill it and wait; any may call {@link #wakeup()}.
 */
public final class PolledFds implements AutoCloseable {
    private static final int FIRST_CAPACITY = 16;

    /** 8 bytes to read the eventfd into, then a struct pollfd for it, then those of the descriptors. */
    private static final int INTERRUPTOR = Long.BYTES;

    private static final int FIRST = INTERRUPTOR + Poll.POLLFD_BYTES;

    private final Interruptor interruptor = new Interruptor(() -> {});
    private NativeBuffer memory = new NativeBuffer(FIRST + FIRST_CAPACITY * Poll.POLLFD_BYTES);
    private int count;
    private volatile boolean cancelled;
    private boolean released;

    /** One without descriptors. */
    public PolledFds() throws IOException {
        put(INTERRUPTOR, interruptor.fd());
    }

    /** Forgets the descriptors. */
    public void clear() {
        count = 0;
    }

    /** Adds a descriptor to be waited for until it is readable, at its end, or broken; the first one after a clear is number 0. */
    public void add(int fd) {
        if (offset(count + 1) > memory.capacity()) {
            grow();
        }
        put(offset(count), fd);
        count++;
    }

    private void grow() {
        NativeBuffer larger = new NativeBuffer(2 * memory.capacity());
        larger.bytes().put(0, memory.bytes(), 0, memory.capacity());
        memory = larger;
    }

    private static int offset(int index) {
        return FIRST + index * Poll.POLLFD_BYTES;
    }

    private void put(int offset, int fd) {
        memory.bytes().putInt(offset, fd);
        memory.bytes().putShort(offset + Poll.POLLFD_EVENTS, (short) Poll.POLLIN);
        memory.bytes().putShort(offset + Poll.POLLFD_REVENTS, (short) 0);
    }

    /** Whether this descriptor had an event when {@link #await} returned true. */
    public boolean isReady(int index) {
        return hasEvent(offset(index));
    }

    private boolean hasEvent(int offset) {
        return memory.bytes().getShort(offset + Poll.POLLFD_REVENTS) != 0;
    }

    /**
     * Waits for an event of a descriptor, or a {@link #wakeup()}, which may be one for an earlier wait.
     *
     * @return false if the deadline passed first
     * @throws InterruptedException if the thread was interrupted before or while it waited
     */
    public boolean await(Deadline deadline) throws IOException, InterruptedException {
        try {
            return VirtualThreads.isCurrent()
                    ? VirtualThreads.onPlatformThread(() -> poll(deadline), this::cancel)
                    : poll(deadline);
        } finally {
            cancelled = false;
        }
    }

    private boolean poll(Deadline deadline) throws IOException, InterruptedException {
        interruptor.enter();
        try {
            while (true) {
                throwIfInterrupted();
                int events = OsCalls.poll(memory.address() + INTERRUPTOR, count + 1, deadline.pollMillis());
                if (events < 0 && events != -Errno.EINTR) {
                    throw new OsException("poll", -events, "of " + count + " descriptors");
                }
                if (events > 0) {
                    if (hasEvent(INTERRUPTOR)) {
                        interruptor.clear(memory.address());
                        throwIfInterrupted();
                    }
                    return true;
                }
                if (events == 0 && deadline.passed()) {
                    return false;
                }
            }
        } finally {
            interruptor.leave();
            Reference.reachabilityFence(memory);
        }
    }

    private void throwIfInterrupted() throws InterruptedException {
        if (cancelled || Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private void cancel() {
        cancelled = true;
        wakeup();
    }

    /** Ends the present or the next {@link #await}. After {@link #close()} it does nothing. */
    public synchronized void wakeup() {
        if (!released) {
            interruptor.wakeup();
        }
    }

    /** Closes the eventfd; no wait may be under way. */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            released = true; // the eventfd's number may be another file's from here on
        }
        interruptor.close();
    }
}
