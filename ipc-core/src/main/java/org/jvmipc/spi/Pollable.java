package org.jvmipc.spi;

import java.io.IOException;

/**
 * A receiver that can be waited on together with others by {@code poll(2)}, in a {@link org.jvmipc.ReceiverSet}.
 *
 * <p>{@link #ready()} is asked before polling, because what was read ahead does not show on the descriptor, and again
 * after {@link #arm()}. It is a hint: a try may still find nothing.
 *
 * <p><b>The number stays the endpoint's.</b> Who polls a number that was closed in the meantime waits for whatever file has got
 * it next. So an endpoint calls {@link Watcher#closing()} of all its watchers before it closes the descriptor, holding no
 * lock that {@link #arm()} or {@link #ready()} would wait for; {@code org.jvmipc.internal.Watchers} keeps them.
 */
public interface Pollable {
    /** Who waits for several receivers, and is to be told what the descriptor does not show. */
    interface Watcher {
        /** Something may have come that does not show on the descriptor. Returns at once. */
        void wakeup();

        /** The descriptor is about to be closed. Returns when its number is in no system call any more, which is soon. */
        void closing();
    }

    /** The descriptor that becomes readable; it belongs to the endpoint and is neither read nor closed by the caller. */
    int fd() throws IOException;

    /**
     * Prepares {@link #fd()} to become readable at the next arrival. Does nothing where it always does. It takes back the
     * sign of an earlier arrival only if nothing is left to receive, as another may wait for the same sign.
     */
    void arm() throws IOException;

    /** Whether a receive now would probably find a message, an end or an error. */
    boolean ready() throws IOException;

    /**
     * In how many nanoseconds it is {@link #ready()} even if nothing comes, as one is whose other side may be silent for so long
     * only; asked anew before each wait. {@link Long#MAX_VALUE}: never.
     */
    default long readyInNanos() {
        return Long.MAX_VALUE;
    }

    /**
     * Calls this watcher from now on. An endpoint may have several.
     *
     * @throws java.nio.channels.ClosedChannelException if the endpoint is closed
     */
    void watch(Watcher watcher) throws IOException;

    /** Calls this watcher no more. It may still be in a call. */
    void unwatch(Watcher watcher);
}
