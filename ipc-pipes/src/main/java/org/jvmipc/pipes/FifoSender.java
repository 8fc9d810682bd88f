package org.jvmipc.pipes;

import java.io.IOException;
import java.time.Duration;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.PolledFd;
import org.jvmipc.internal.stream.StreamSender;

/**
 * The writing end of a named pipe; {@link Fifo#openSender} opens it.
 *
 * <pre>{@code
 * try (FifoSender<String> out = Fifo.open(path).openSender(Codecs.utf8())) {
 *     out.send("one espresso");
 * }
 * }</pre>
 *
 * <p><b>Full:</b> a sender waits, until the receiver takes something. <b>Closed here:</b> the receiver gets all that was
 * sent; it is told CLOSED when the last sender has closed. <b>Receiver gone:</b> {@link org.jvmipc.PeerGoneException},
 * {@code DIED} with frames, since a receiver cannot say goodbye on a pipe that goes the other way. The sender stays usable:
 * when the next receiver has come ({@link #awaitReceiver()}), it sends to that one. What the one before had not taken is
 * still in the FIFO, as long as somebody has it open. <b>This process killed:</b> what was sent whole arrives, a part of a
 * message never does, and the receiver is told {@code DIED}, with this process's number.
 *
 * <p><b>Thread safety.</b> Any thread may call any method; sends serialise. Several senders, also of several processes, may
 * send into one FIFO unless it was created for one ({@link FifoSharing}); without frames only what is at most 4096 bytes long,
 * delimiter or length included, is not torn by another's.
 *
 * <p><b>Memory consistency effects.</b> As {@link org.jvmipc.Sender}.
 *
 * <p><b>Platform notes.</b> {@code fifo(7)}, {@code pipe(7)}.
 *
 * @param <T> what a message is in Java
 */
public final class FifoSender<T> extends WritingEnd<T> {
    FifoSender(StreamSender<T> stream, PolledFd fd) {
        super(stream, fd);
    }

    /**
     * Whether some process has the FIFO open for receiving now.
     *
     * @throws IOException if this end is closed
     */
    public boolean hasReceiver() throws IOException {
        return stream.hasReceiver();
    }

    /**
     * Waits until some process has the FIFO open for receiving.
     *
     * @throws InterruptedException if interrupted while waiting; this end stays usable
     * @throws IOException if this end is closed
     */
    public void awaitReceiver() throws IOException, InterruptedException {
        stream.awaitReceiver(Deadline.NEVER);
    }

    /**
     * Waits at most the given time until some process has the FIFO open for receiving.
     *
     * @return false if the time passed first
     * @throws InterruptedException as {@link #awaitReceiver()}
     * @throws IOException as {@link #awaitReceiver()}
     */
    public boolean tryAwaitReceiver(Duration timeout) throws IOException, InterruptedException {
        return stream.awaitReceiver(Deadline.after(timeout));
    }

    /**
     * Waits until no process has the FIFO open for receiving any more; costs nothing meanwhile. No other thread can send
     * through this end while one waits here.
     *
     * @throws InterruptedException if interrupted while waiting; this end stays usable
     * @throws IOException if this end is closed
     */
    public void awaitDeparture() throws IOException, InterruptedException {
        stream.awaitDeparture(Deadline.NEVER);
    }

    /**
     * Waits at most the given time until no process has the FIFO open for receiving any more.
     *
     * @return false if the time passed first
     * @throws InterruptedException as {@link #awaitDeparture()}
     * @throws IOException as {@link #awaitDeparture()}
     */
    public boolean tryAwaitDeparture(Duration timeout) throws IOException, InterruptedException {
        return stream.awaitDeparture(Deadline.after(timeout));
    }
}
