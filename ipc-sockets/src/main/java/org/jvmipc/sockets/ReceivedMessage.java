package org.jvmipc.sockets;

import java.util.List;

/**
 * A message and the open files that came with it, which are this process's to close.
 *
 * @param message the message
 * @param files in the order in which they were sent; none as a rule
 * @param <T> what a message is in Java
 */
public record ReceivedMessage<T>(T message, List<PassedFile> files) implements AutoCloseable {
    /** Keeps a copy of the list. */
    public ReceivedMessage {
        files = List.copyOf(files);
    }

    /** Closes the files. */
    @Override
    public void close() {
        files.forEach(PassedFile::close);
    }
}
