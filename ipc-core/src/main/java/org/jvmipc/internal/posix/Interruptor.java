package org.jvmipc.internal.posix;

import java.nio.channels.Selector;
import org.jvmipc.IpcException;

/**
 * Wakes a thread out of {@code poll(2)} when it is interrupted: an eventfd that is polled beside the descriptor waited
 * for.
 */
final class Interruptor extends NativeThreadHook {
    private final Fd eventfd;
    private final NativeBuffer word = new NativeBuffer(Long.BYTES);

    private final Runnable also;

    /**
     * A new one.
     *
     * @param also what a wake-up does besides
     */
    Interruptor(Runnable also) throws IpcException {
        this.also = also;
        this.eventfd = OsCalls.eventfd();
        word.bytes().putLong(0, 1);
    }

    /** What to poll for reading. */
    int fd() {
        return eventfd.number();
    }

    /** Makes {@link #fd} readable until {@link #clear}. Called by interrupting and closing threads. */
    @Override
    public Selector wakeup() {
        OsCalls.raiseEvent(eventfd.number(), word);
        also.run();
        return this;
    }

    /** Takes the wake-up; called by the waiting thread only. {@code scratch}: 8 bytes to read into. */
    void clear(long scratch) {
        OsCalls.takeEvent(eventfd.number(), scratch);
    }

    @Override
    protected void implCloseSelector() {
        eventfd.close();
    }
}
