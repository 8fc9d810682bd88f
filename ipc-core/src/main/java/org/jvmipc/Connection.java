package org.jvmipc;

import java.io.IOException;

/**
 * Both directions of a channel between two processes, full duplex or two half-duplex channels side by side.
 *
 * <p>{@link #close()} closes both directions; {@link #endSending()} says goodbye in one of them and goes on receiving,
 * as {@code shutdown(2)} does with a socket.
 *
 * <p><b>Thread safety.</b> One thread may send while another receives; see {@link Sender} and {@link Receiver}.
 *
 * @param <T> what a message is in Java
 */
public interface Connection<T> extends Sender<T>, Receiver<T> {
    /**
     * Says goodbye in the sending direction. Later sends fail with {@link java.nio.channels.ClosedChannelException},
     * receiving goes on. Calling it again does nothing.
     *
     * @throws IOException if the operating system failed the call
     */
    void endSending() throws IOException;
}
