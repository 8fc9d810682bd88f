package org.jvmipc.internal.posix;

import org.jvmipc.IpcException;

/**
 * An eventfd of this process: what makes something pollable that has no descriptor of its own. Readable from a {@link #raise()}
 * to the next {@link #clear()}.
 *
 * <p><b>Thread safety.</b> Yes; after {@link #close()} nothing is done any more.
 */
public final class EventFd implements AutoCloseable {
    private final Fd fd = OsCalls.eventfd();
    private final NativeBuffer one = new NativeBuffer(2 * Long.BYTES);

    /** One that is not readable. */
    public EventFd() throws IpcException {
        one.bytes().putLong(0, 1);
    }

    /** Its number. */
    public int number() {
        return fd.number();
    }

    /** Makes it readable. */
    public synchronized void raise() {
        if (fd.isOpen()) {
            OsCalls.raiseEvent(fd.number(), one);
        }
    }

    /** Makes it unreadable. */
    public synchronized void clear() {
        if (fd.isOpen()) {
            OsCalls.takeEvent(fd.number(), one.address() + Long.BYTES);
        }
    }

    @Override
    public synchronized void close() {
        fd.close();
    }
}
