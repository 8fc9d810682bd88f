package org.jvmipc;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The receiving direction of a channel between processes: the <em>receive</em> primitive of message passing.
 *
 * <pre>{@code
 * try (Receiver<String> in = Ipc.receiver(address, Codecs.utf8())) {
 *     String first = in.receive();                          // waits while the channel is empty
 *     String second = in.tryReceive();                      // null: nothing yet
 *     in.forEach(System.out::println);                      // to the end of the stream
 * }
 * }</pre>
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><th></th><th>empty</th><th>this end closed</th><th>other side gone, all taken</th></tr>
 * <tr><td>{@link #receive()}</td><td>waits</td><td>{@code ClosedChannelException}</td>
 * <td>{@link PeerGoneException}</td></tr>
 * <tr><td>{@link #tryReceive()}</td><td>{@code null}, at once</td><td>the same</td><td>the same</td></tr>
 * <tr><td>{@link #tryReceive(Duration)}</td><td>{@code null}, after the time</td><td>the same</td><td>the same</td></tr>
 * </table>
 *
 * <p>Each message is received once, whole, by one caller. What a peer sent before it went is delivered before its
 * departure is told.
 *
 * <p><b>Interruption</b> is as in {@code java.util.concurrent}: {@link InterruptedException}, and the endpoint stays
 * usable.
 *
 * <p><b>Thread safety.</b> Calls from several threads serialise; each message goes to one of them.
 *
 * <p><b>Memory consistency effects.</b> See {@link Sender}.
 *
 * @param <T> what a message is in Java; a {@link Codec} makes it from bytes
 */
public interface Receiver<T> extends Endpoint {
    /**
     * Receives the next message and waits while there is none.
     *
     * @throws InterruptedException if interrupted; no message was taken
     * @throws PeerGoneException if the other side is gone and all it sent was taken
     * @throws CorruptDataException if what came is not a message. Where only its decoding failed it is consumed, and the
     *     next receive goes on; where the stream itself was wrong, every later receive throws this too
     * @throws IOException if the operating system failed the call
     */
    T receive() throws IOException, InterruptedException;

    /**
     * Receives the next message if there is one.
     *
     * @return null if there is none yet, or another thread is receiving
     * @throws IOException as {@link #receive()}
     */
    @Nullable
    T tryReceive() throws IOException;

    /**
     * Receives the next message and waits at most the given time.
     *
     * @param timeout how long to wait; zero or less is {@link #tryReceive()}
     * @return null if the time passed without a message
     * @throws InterruptedException as {@link #receive()}
     * @throws IOException as {@link #receive()}
     */
    @Nullable
    T tryReceive(Duration timeout) throws IOException, InterruptedException;

    /**
     * Hands the messages that are here already to the handler, at most {@code limit} of them, and never waits. The
     * cheapest way to take many small messages. The handler must not call this receiver, but for {@code close()};
     * meanwhile other threads' receives find it busy.
     *
     * @param limit at most so many messages, at least 1
     * @return how many there were; 0 if there is none yet
     * @throws IOException as {@link #receive()}; messages handed over before stay handed over
     */
    default int drain(Consumer<? super T> handler, int limit) throws IOException {
        if (limit < 1) {
            throw new IllegalArgumentException("limit is " + limit + "; it must be at least 1");
        }
        int count = 0;
        while (count < limit) {
            T message;
            try {
                message = tryReceive();
            } catch (PeerGoneException e) {
                if (count > 0) {
                    return count; // told again by the next call
                }
                throw e;
            }
            if (message == null) {
                return count;
            }
            handler.accept(message);
            count++;
        }
        return count;
    }

    /**
     * Hands every message to the handler until the other side has said goodbye.
     *
     * @throws InterruptedException if interrupted while waiting; the receiver stays usable
     * @throws PeerGoneException if the other side died ({@link PeerGoneException.Reason#CLOSED} ends normally instead)
     * @throws IOException as {@link #receive()}
     */
    default void forEach(Consumer<? super T> handler) throws IOException, InterruptedException {
        try {
            while (true) {
                handler.accept(receive());
            }
        } catch (PeerGoneException e) {
            if (e.reason() != PeerGoneException.Reason.CLOSED) {
                throw e;
            }
        }
    }
}
