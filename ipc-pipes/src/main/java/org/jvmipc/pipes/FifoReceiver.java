package org.jvmipc.pipes;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.PolledFd;
import org.jvmipc.internal.stream.StreamReceiver;

/**
 * The reading end of a named pipe; {@link Fifo#openReceiver} opens it.
 *
 * <pre>{@code
 * try (FifoReceiver<String> in = Fifo.open(path).openReceiver(Codecs.utf8())) {
 *     while (true) {
 *         in.forEach(System.out::println);   // until the last sender has closed; then for the next ones
 *     }
 * }
 * }</pre>
 *
 * <p><b>Empty:</b> a receiver waits; also while there is no sender. <b>Closed here:</b> the senders' next send fails.
 * <b>All senders have closed:</b> what they sent is received first, then {@link org.jvmipc.PeerGoneException} with
 * {@code CLOSED}, once; the receive after that waits for the next sender. <b>A sender killed:</b> what it sent whole is
 * received first, then {@code DIED}, once, with its process's number; what it left incomplete is dropped; the receive after
 * that goes on with the others. Without frames there is no goodbye: {@code CLOSED} it is in all cases, once the last sender
 * has gone, but for a length (LEN32) whose message has not come whole, which is {@code DIED}.
 *
 * <p><b>Exact</b> ({@link FifoOptions#exact()}, {@code ?exact}): by default bytes are read ahead, and go with the receiver that
 * closes. An exact one takes nothing beyond the message that it returns, and neither does waiting for a sender or for a
 * message, so that several processes can take a message each, one after the other, while a sender keeps the FIFO open. Lines,
 * zero-ended and counted messages are looked at first, by {@code tee(2)}, and taken in one piece; with raw bytes a message is
 * what is there, up to the largest. While a part of a message lies there it is looked at every 10 ms, and a {@link
 * org.jvmipc.ReceiverSet} that holds the receiver keeps a processor busy; and to learn whether its writer has left, the FIFO may
 * be opened for writing for a moment, once. Lost with its close is what an exact receiver, giving
 * up, had taken of a message that has not come whole: of one longer than {@code PIPE_BUF} (4096 bytes), or in frames; of a batch,
 * the messages behind the one that was received; with frames, parts of other senders' larger messages that lay between; in a
 * FIFO of packets, what else was in the same write.
 *
 * <p><b>Thread safety.</b> Any thread may call any method; receives serialise and each message goes to one caller.
 *
 * <p><b>Memory consistency effects.</b> As {@link org.jvmipc.Receiver}.
 *
 * <p><b>Platform notes.</b> {@code fifo(7)}, {@code pipe(7)}. Bytes are read ahead in blocks of 64 KiB and more, unless it is exact. The deaths
 * of senders in another pid namespace are told when all senders have gone, and not before. A receiver keeps its lock, of
 * {@code flock(2)}, on the FIFO (not with {@link FifoSharing#PACKETS}), so that a second one of this toolkit is refused;
 * other programs may read as well, and take away what they read.
 *
 * @param <T> what a message is in Java
 */
public final class FifoReceiver<T> extends ReadingEnd<T> {
    /** Holds the lock that refuses a second receiver; null where there may be several. */
    private final @Nullable Fd exclusion;

    FifoReceiver(StreamReceiver<T> stream, PolledFd fd, @Nullable Fd exclusion) {
        super(stream, fd);
        this.exclusion = exclusion;
    }

    /**
     * Whether some process has the FIFO open for sending now.
     *
     * @throws IOException if this end is closed
     */
    public boolean hasSender() throws IOException {
        return stream.hasSender();
    }

    /**
     * Waits until some process has the FIFO open for sending.
     *
     * @throws InterruptedException if interrupted while waiting; this end stays usable
     * @throws IOException if this end is closed
     */
    public void awaitSender() throws IOException, InterruptedException {
        stream.awaitSender(Deadline.NEVER);
    }

    /**
     * Waits at most the given time until some process has the FIFO open for sending.
     *
     * @return false if the time passed first
     * @throws InterruptedException as {@link #awaitSender()}
     * @throws IOException as {@link #awaitSender()}
     */
    public boolean tryAwaitSender(Duration timeout) throws IOException, InterruptedException {
        return stream.awaitSender(Deadline.after(timeout));
    }

    /**
     * Waits until no process has the FIFO open for sending any more; there may still be messages to receive. Costs nothing
     * meanwhile. No other thread can receive through this end while one waits here.
     *
     * @throws InterruptedException if interrupted while waiting; this end stays usable
     * @throws IOException if this end is closed
     */
    public void awaitDeparture() throws IOException, InterruptedException {
        stream.awaitDeparture(Deadline.NEVER);
    }

    /**
     * Waits at most the given time until no process has the FIFO open for sending any more.
     *
     * @return false if the time passed first
     * @throws InterruptedException as {@link #awaitDeparture()}
     * @throws IOException as {@link #awaitDeparture()}
     */
    public boolean tryAwaitDeparture(Duration timeout) throws IOException, InterruptedException {
        return stream.awaitDeparture(Deadline.after(timeout));
    }

    @Override
    public void close() throws IOException {
        try {
            super.close();
        } finally {
            if (exclusion != null) {
                exclusion.close(); // last: until here nobody else could take what this end still read
            }
        }
    }
}
