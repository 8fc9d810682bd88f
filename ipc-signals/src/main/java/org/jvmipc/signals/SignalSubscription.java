package org.jvmipc.signals;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.ReceiveLoop;
import org.jvmipc.Receivers;

/**
 * A handler of a signal, as {@link Signals#on} installs it. It runs in a thread of ours like any other code: it may
 * lock, allocate and wait, which a handler of {@code sigaction(2)} may not.
 *
 * <p>What the handler throws goes to its thread's uncaught exception handler, and the next signal is handled all the
 * same; so it is if the handler leaves its thread interrupted. If signals can be received no more, that goes to the uncaught
 * exception handler, too, and they are given back.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread, the handler included.
 */
public final class SignalSubscription implements Closeable {
    private final SignalReceiver receiver;
    private final ReceiveLoop loop;

    SignalSubscription(SignalReceiver receiver, Consumer<? super SignalEvent> handler) {
        this.receiver = receiver;
        this.loop = Receivers.handle(receiver, event -> handle(event, handler), this::ended);
    }

    /** Nobody takes the signals any more, so they are given back; and if that was not asked for, somebody is told. */
    private void ended(@Nullable Throwable failure) {
        if (failure == null || failure instanceof ClosedChannelException) {
            return; // closed, and there is no other end
        }
        try {
            receiver.close();
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
        tell(failure);
    }

    private static void handle(SignalEvent event, Consumer<? super SignalEvent> handler) {
        try {
            handler.accept(event);
        } catch (Throwable e) {
            tell(e);
        } finally {
            Thread.interrupted(); // the handler's own affair, or the next receive would end by it
        }
    }

    private static void tell(Throwable e) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }

    /** Its receiver, for what that can tell. */
    public SignalReceiver receiver() {
        return receiver;
    }

    /** Lets the handler finish, if it runs, and gives the signals back; the second time it does nothing. */
    @Override
    public void close() throws IOException {
        loop.close();
        receiver.close();
    }
}
