package org.jvmipc.internal.posix;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Set;

/**
 * Is told when a thread is interrupted. Java tells nobody but what nio registered with the thread, and
 * {@link AbstractSelector} is the one public way to be registered: between {@link #enter} and {@link #leave} an interrupt
 * calls {@link #wakeup()}, at once if the thread was interrupted already. It is no selector otherwise.
 */
abstract class NativeThreadHook extends AbstractSelector {
    NativeThreadHook() {
        super(null);
    }

    /** From here until {@link #leave} an interrupt of the calling thread calls {@link #wakeup()}. */
    final void enter() {
        begin();
    }

    final void leave() {
        end();
    }

    /** Gets the thread out of what it waits in. Called by interrupting and closing threads. */
    @Override
    public abstract Selector wakeup();

    @Override
    protected void implCloseSelector() {}

    @Override
    protected final SelectionKey register(AbstractSelectableChannel channel, int operations, Object attachment) {
        throw new UnsupportedOperationException();
    }

    @Override
    public final Set<SelectionKey> keys() {
        throw new UnsupportedOperationException();
    }

    @Override
    public final Set<SelectionKey> selectedKeys() {
        throw new UnsupportedOperationException();
    }

    @Override
    public final int selectNow() {
        throw new UnsupportedOperationException();
    }

    @Override
    public final int select(long timeoutMillis) {
        throw new UnsupportedOperationException();
    }

    @Override
    public final int select() {
        throw new UnsupportedOperationException();
    }
}
