package org.jvmipc.internal.posix;

import java.lang.ref.Reference;
import org.jvmipc.IpcException;
import org.jvmipc.OsException;
import org.jvmipc.internal.Deadline;

/**
 * Several descriptors that one thread waits for, and a way for others to wake it: {@code poll(2)} with an eventfd.
 *
 * <p>The descriptors stay their owner's, who takes them out with {@link #clear} before closing them.
 *
 * <p><b>Thread safety.</b> One thread owns it; {@link #wakeup()} may be called by any.
 */
public final class PollSet implements AutoCloseable {
    private final Fd eventfd;
    private final int slots;
    /** One struct pollfd per slot, and one for the eventfd. */
    private final NativeBuffer memory;
    /** To read the eventfd into. */
    private final NativeBuffer count = new NativeBuffer(Long.BYTES);
    /** The 1 to write to it. */
    private final NativeBuffer one = new NativeBuffer(Long.BYTES);

    /** A set with so many slots, all empty. */
    public PollSet(int slots) throws IpcException {
        this.eventfd = OsCalls.eventfd();
        this.slots = slots;
        this.memory = new NativeBuffer((slots + 1) * Poll.POLLFD_BYTES);
        one.bytes().putLong(0, 1);
        for (int slot = 0; slot < slots; slot++) {
            clear(slot);
        }
        watch(slots, eventfd.number(), Poll.POLLIN);
    }

    /**
     * Puts a descriptor into the slot.
     *
     * @param events {@link Poll#POLLIN}, {@link Poll#POLLOUT}; errors and hang-ups always count
     */
    public void watch(int slot, int fd, int events) {
        memory.bytes().putInt(slot * Poll.POLLFD_BYTES, fd);
        memory.bytes().putShort(slot * Poll.POLLFD_BYTES + Poll.POLLFD_EVENTS, (short) events);
        memory.bytes().putShort(slot * Poll.POLLFD_BYTES + Poll.POLLFD_REVENTS, (short) 0);
    }

    /** Empties the slot; poll passes over negative descriptors. */
    public void clear(int slot) {
        watch(slot, -1, 0);
    }

    /** Whether the slot had an event when {@link #await} returned. */
    public boolean isReady(int slot) {
        return memory.bytes().getShort(slot * Poll.POLLFD_BYTES + Poll.POLLFD_REVENTS) != 0;
    }

    /**
     * Waits for an event in any slot, a {@link #wakeup()} or the deadline. An interrupt does not end it.
     *
     * @return false if the deadline passed
     */
    public boolean await(Deadline deadline) throws OsException {
        int events = poll(deadline);
        if (events < 0) {
            throw new OsException("poll", -events, "");
        }
        if (isReady(slots)) {
            OsCalls.takeEvent(eventfd.number(), count.address());
        }
        return events > 0;
    }

    private int poll(Deadline deadline) {
        try {
            int events;
            do {
                events = OsCalls.poll(memory.address(), slots + 1, deadline.pollMillis());
            } while (events == -Errno.EINTR);
            return events;
        } finally {
            Reference.reachabilityFence(memory);
        }
    }

    /** Ends the present or the next {@link #await}. After {@link #close()} it does nothing. */
    public synchronized void wakeup() {
        if (eventfd.isOpen()) {
            OsCalls.raiseEvent(eventfd.number(), one);
        }
    }

    @Override
    public synchronized void close() {
        eventfd.close();
    }
}
