package org.jvmipc;

import java.io.IOException;
import java.time.Duration;

/**
 * The sending direction of a channel between processes: the <em>send</em> primitive of message passing.
 *
 * <pre>{@code
 * try (Sender<String> out = Ipc.sender(address, Codecs.utf8())) {
 *     out.send("hello");                                    // waits while the channel is full
 *     if (!out.trySend("now or never")) { ... }             // never waits
 *     if (!out.trySend("soon", Duration.ofMillis(50))) { }  // waits 50 ms at most
 * }
 * }</pre>
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><th></th><th>full</th><th>this end closed</th><th>other side gone</th></tr>
 * <tr><td>{@link #send(Object)}</td><td>waits</td><td>{@code ClosedChannelException}</td>
 * <td>{@link PeerGoneException}</td></tr>
 * <tr><td>{@link #trySend(Object)}</td><td>{@code false}, at once</td><td>the same</td><td>the same</td></tr>
 * <tr><td>{@link #trySend(Object, Duration)}</td><td>{@code false}, after the time</td><td>the same</td>
 * <td>the same</td></tr>
 * </table>
 *
 * <p><b>When a send returns</b> (or answers {@code true}) the message is in the object of the operating system and
 * survives this process. A send that answers {@code false} or throws has delivered nothing: the other side never sees a
 * part of a message.
 *
 * <p><b>Interruption</b> is as in {@code java.util.concurrent}: {@link InterruptedException}, and the endpoint stays
 * usable.
 *
 * <p><b>Thread safety.</b> Calls from several threads serialise; messages never interleave.
 *
 * <p><b>Memory consistency effects.</b> What a thread did before it sent a message <em>happens-before</em> what the
 * receiver of that message does after it, when both are threads of one JVM; across processes the bytes of the message,
 * and only they, are carried over.
 *
 * @param <T> what a message is in Java; a {@link Codec} turns it into bytes
 */
public interface Sender<T> extends Endpoint {
    /**
     * Sends one message and waits while the channel is full.
     *
     * @throws InterruptedException if the thread was interrupted before the message was sent; nothing was sent then
     * @throws PeerGoneException if nobody will ever receive it
     * @throws LimitException if the message is larger than the channel takes; nothing was sent, the endpoint is usable
     * @throws IOException if the operating system failed the call
     */
    void send(T message) throws IOException, InterruptedException;

    /**
     * Sends one message if that needs no waiting.
     *
     * @return false if the channel has no room for it now, or another thread is sending
     * @throws IOException as {@link #send(Object)}
     */
    boolean trySend(T message) throws IOException;

    /**
     * Sends one message and waits at most the given time.
     *
     * @param timeout how long to wait; zero or less is {@link #trySend(Object)}
     * @return false if the time passed and the message was not sent
     * @throws InterruptedException as {@link #send(Object)}
     * @throws IOException as {@link #send(Object)}
     */
    boolean trySend(T message, Duration timeout) throws IOException, InterruptedException;

    /**
     * Opens a batch: many small messages that share calls of the operating system. Its messages may arrive from the
     * first {@link Batch#add(Object)} on, and are all in the object once {@link Batch#flush()} or {@link Batch#close()}
     * has returned.
     *
     * <p>A batch belongs to one thread. Other senders may send between two of its flushes.
     */
    Batch<T> batch();

    /**
     * Sends all, in order, with as few calls of the operating system as the channel allows.
     *
     * @throws InterruptedException if interrupted; a leading part of the messages was sent
     * @throws IOException as {@link #send(Object)}; a leading part of the messages was sent
     */
    default void sendAll(Iterable<? extends T> messages) throws IOException, InterruptedException {
        try (Batch<T> batch = batch()) {
            for (T message : messages) {
                batch.add(message);
            }
            batch.flush();
        }
    }
}
