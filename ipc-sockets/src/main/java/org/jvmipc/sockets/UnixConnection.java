package org.jvmipc.sockets;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection socket of the Unix domain, which knows who has the other end, and carries open files beside the messages.
 *
 * <p><b>Files.</b> At most {@value #MAX_FILES} go with a message, which then has at most {@value #MAX_BYTES_WITH_FILES} bytes:
 * so it goes out in one piece, with its files, or not at all. Who receives a message with {@link #receive()} does not want its
 * files: they are closed. So are those that nobody has received when the connection is closed, and all of a message that comes
 * with too many. A file that was sent and not received yet stays open, whatever becomes of the sender.
 *
 * <p><b>Thread safety.</b> As {@link SocketConnection}; sends with files serialise.
 *
 * <p><b>Platform notes.</b> {@code unix(7)}, {@code SCM_RIGHTS}, {@code SO_PEERCRED}.
 *
 * @param <T> what a message is in Java
 */
public interface UnixConnection<T> extends SocketConnection<T> {
    /** The most files that go with a message. */
    int MAX_FILES = 16;

    /** The largest message that files go with, in bytes. */
    int MAX_BYTES_WITH_FILES = 16 * 1024;

    @Override
    PeerCredentials credentials();

    /**
     * Sends a message with open files, and waits while the channel is full. They stay open here.
     *
     * @throws org.jvmipc.LimitException if there are more files, or the message is larger, than may go together; nothing was
     *     sent
     * @throws InterruptedException if interrupted before it was sent; nothing was sent then
     * @throws IOException as {@link #send(Object)}
     */
    void send(T message, List<PassedFile> files) throws IOException, InterruptedException;

    /**
     * Receives the next message with the files that came with it, and waits while there is none.
     *
     * @throws org.jvmipc.LimitException if it came with more than {@value #MAX_FILES}; it is consumed, and all are closed
     * @throws InterruptedException if interrupted; no message was taken
     * @throws IOException as {@link #receive()}
     */
    ReceivedMessage<T> receiveWithFiles() throws IOException, InterruptedException;

    /**
     * Receives the next message with the files that came with it, and waits at most the given time.
     *
     * @param timeout how long to wait; zero or less: not at all
     * @return null if the time passed without a message
     * @throws IOException as {@link #receiveWithFiles()}
     * @throws InterruptedException as {@link #receiveWithFiles()}
     */
    @Nullable
    ReceivedMessage<T> tryReceiveWithFiles(Duration timeout) throws IOException, InterruptedException;
}
