package org.jvmipc;

import java.io.IOException;
import java.nio.channels.Channel;
import java.util.Set;

/**
 * Something open on an object of the operating system: one end of a pipe, a socket, a ring in shared memory.
 *
 * <p>{@link #close()} gives back this process's hold on the object; it never deletes a name. It may be called from any
 * thread and more than once; a thread blocked in the endpoint leaves with
 * {@link java.nio.channels.AsynchronousCloseException} within 100 ms, a later call gets
 * {@link java.nio.channels.ClosedChannelException}.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread, unless a subtype says otherwise.
 */
public interface Endpoint extends Channel {
    /** The object this endpoint is open on, in the form that can be handed to another process, a log or the command. */
    Address address();

    /** What the transport behind this endpoint can do; the same for every endpoint of one scheme and its options. */
    Set<Capability> capabilities();

    /**
     * Closes this end. A sender says goodbye first, so that the other side can tell an end from a death; it waits at
     * most {@code 500 ms} for room to say so.
     *
     * @throws IOException when the operating system refused to close; the endpoint counts as closed all the same
     */
    @Override
    void close() throws IOException;
}
