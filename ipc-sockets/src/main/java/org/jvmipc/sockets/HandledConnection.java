package org.jvmipc.sockets;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Sender;

/**
 * A connection socket whose messages come to a {@link ConnectionHandler}. What is sent goes to its event loop, which writes it at
 * once; what the socket does not take waits in this process, 256 KiB and one message at most.
 *
 * <p>Full: a send by a thread of one's own waits until the socket has taken most of what waits. A send inside of a handler never waits:
 * it is added to what waits, up to 16 MiB, beyond which it is a {@link org.jvmipc.LimitException}; and as long as more than 256 KiB wait,
 * nothing is received over this connection, so a server that answers what it receives does not run full. The tries answer {@code false}
 * at 256 KiB in either case.
 *
 * <p>{@link #close()} says goodbye behind what waits, and gives it the linger time to go out. Called by a thread of one's own it
 * returns when the socket is closed; inside of a handler at once.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread.
 *
 * @param <T> what a message is in Java
 */
public interface HandledConnection<T> extends Sender<T> {
    /** Ends the sending direction, behind what waits to go out; receiving goes on. */
    void endSending() throws IOException;

    /** The other end. */
    Address peer();

    /** Who has the other end, by the kernel's word; null over TCP, which does not know. */
    @Nullable
    PeerCredentials credentials();

    /** Closes without goodbye and without waiting: what was not sent yet is thrown away. */
    void abort() throws IOException;
}
