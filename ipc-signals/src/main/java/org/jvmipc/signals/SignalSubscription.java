package org.jvmipc.signals;

import java.io.Closeable;
import java.io.IOException;
import java.util.function.Consumer;
import org.jvmipc.ReceiveLoop;
import org.jvmipc.Receivers;

/**
 * A handler of a signal, as {@link Signals#on} installs it. It runs in a thread of ours like any other code: it may
 * lock, allocate and wait, which a handler of {@code sigaction(2)} may not.
 *
 * <p>What the handler throws goes to its thread's uncaught exception handler, and the next signal is handled all the
 * same.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread, the handler included.
 */
public final class SignalSubscription implements Closeable {
    private final SignalReceiver receiver;
    private final ReceiveLoop loop;

    SignalSubscription(SignalReceiver receiver, Consumer<? super SignalEvent> handler) {
        this.receiver = receiver;
        this.loop = Receivers.handle(receiver, event -> handle(event, handler), failure -> {
            // The receiver was closed; there is no other end.
        });
    }

    private static void handle(SignalEvent event, Consumer<? super SignalEvent> handler) {
        try {
            handler.accept(event);
        } catch (Throwable e) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
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
