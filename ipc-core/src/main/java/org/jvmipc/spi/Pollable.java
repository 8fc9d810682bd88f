package org.jvmipc.spi;

import java.io.IOException;

/**
 * A receiver that can be waited on together with others by {@code poll(2)}.
 *
 * <p>{@link #ready()} is asked before polling, because what was read ahead does not show on the descriptor, and again
 * after {@link #arm()}. It is a hint: a try may still find nothing.
 */
public interface Pollable {
    /** The descriptor that becomes readable; it belongs to the endpoint and is neither read nor closed by the caller. */
    int fd() throws IOException;

    /** Prepares {@link #fd()} to become readable at the next arrival. Does nothing where it always does. */
    void arm() throws IOException;

    /** Whether a receive now would probably find a message, an end or an error. */
    boolean ready() throws IOException;
}
