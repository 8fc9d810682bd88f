package org.jvmipc.internal.posix;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Set;
import org.jvmipc.IpcException;

/**
 * Wakes a thread out of {@code poll(2)} when it is interrupted: an eventfd that is polled beside the descriptor waited
 * for.
 *
 * <p>Java tells nobody that a thread is interrupted but what nio registered with it, and {@link AbstractSelector} is the
 * one public way to be registered: between {@link #enter} and {@link #leave} an interrupt calls {@link #wakeup()}, at once
 * if the thread was interrupted already. It is no selector otherwise.
 */
final class Interruptor extends AbstractSelector {
    private final Fd eventfd;
    private final NativeBuffer word = new NativeBuffer(Long.BYTES);

    private final Runnable also;

    /**
     * A new one.
     *
     * @param also what a wake-up does besides
     */
    Interruptor(Runnable also) throws IpcException {
        super(null);
        this.also = also;
        this.eventfd = OsCalls.eventfd();
        word.bytes().putLong(0, 1);
    }

    /** What to poll for reading. */
    int fd() {
        return eventfd.number();
    }

    /** From here until {@link #leave} an interrupt of the calling thread makes {@link #fd} readable. */
    void enter() {
        begin();
    }

    void leave() {
        end();
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

    @Override
    protected SelectionKey register(AbstractSelectableChannel channel, int operations, Object attachment) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Set<SelectionKey> keys() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int selectNow() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int select(long timeoutMillis) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int select() {
        throw new UnsupportedOperationException();
    }
}
