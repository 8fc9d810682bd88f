package org.jvmipc;

import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Other forms of a {@link Receiver}: an iteration, a stream, a handler, a publisher.
 *
 * <pre>{@code
 * for (String line : Receivers.iterate(in)) { ... }
 * long count = Receivers.stream(in).filter(line -> line.isEmpty()).count();
 * ReceiveLoop loop = Receivers.handle(in, line -> print(line), failure -> report(failure));
 * Receivers.publisher(in).subscribe(subscriber);
 * }</pre>
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><th></th><th>whose thread</th><th>the other side said goodbye</th><th>anything else</th></tr>
 * <tr><td>{@link Receiver#forEach}</td><td>the caller's</td><td>returns</td><td>throws it</td></tr>
 * <tr><td>{@link #iterate}, {@link #stream}</td><td>the caller's</td><td>ends</td>
 * <td>{@link java.io.UncheckedIOException}</td></tr>
 * <tr><td>{@link #handle}</td><td>one of ours</td><td>{@code onEnd(null)}</td><td>{@code onEnd(failure)}</td></tr>
 * <tr><td>{@link #publisher}</td><td>one of ours</td><td>{@code onComplete()}</td><td>{@code onError(failure)}</td></tr>
 * </table>
 *
 * <p>None of them closes the receiver, takes a message before it is wanted, or loses one that it has taken. Where several of
 * them, or several threads, use one receiver, each message goes to one. To wait for several receivers see
 * {@link ReceiverSet}.
 *
 * <p>Threads of ours are daemons: they do not keep the JVM from ending.
 */
public final class Receivers {
    private Receivers() {}

    /**
     * The messages in a {@code for} loop, until the other side has said goodbye. {@code hasNext()} waits for a message and takes
     * it, {@code next()} gives it. All iterations share the receiver.
     *
     * <p>An iterator has no checked exceptions: an {@code IOException} is the cause of an
     * {@link java.io.UncheckedIOException}. So is an {@link java.io.InterruptedIOException} if the thread was interrupted, and
     * the thread is so still. After each of them the iteration can go on, if the receiver can. An iterator is for one
     * thread.
     */
    public static <T> Iterable<T> iterate(Receiver<T> receiver) {
        Objects.requireNonNull(receiver, "receiver is null");
        return () -> new ReceiverIterator<>(receiver);
    }

    /**
     * The messages as a sequential stream, until the other side has said goodbye. Errors are as in {@link #iterate}. A stage that
     * ends early, such as {@code limit} or {@code findFirst}, leaves the other messages in the receiver. A parallel stream
     * would wait for a thousand messages before it began.
     */
    public static <T> Stream<T> stream(Receiver<T> receiver) {
        int traits = Spliterator.ORDERED | Spliterator.NONNULL;
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(iterate(receiver).iterator(), traits), false);
    }

    /**
     * Hands every message to the handler, in a thread of ours, one after the other.
     *
     * @param handler what it throws ends the loop
     * @param onEnd called once, last, by the same thread: with null if the other side has said goodbye or the loop was closed,
     *     else with what the receiver or the handler has thrown
     * @return the loop, to be closed
     */
    public static <T> ReceiveLoop handle(
            Receiver<T> receiver, Consumer<? super T> handler, Consumer<? super @Nullable Throwable> onEnd) {
        Objects.requireNonNull(receiver, "receiver is null");
        Objects.requireNonNull(handler, "handler is null");
        Objects.requireNonNull(onEnd, "onEnd is null");
        return ReceiveLoop.start(receiver, handler, onEnd);
    }

    /**
     * The messages as a publisher of Reactive Streams. Only what was requested is received; the rest stays in the operating
     * system, where it holds up the sender when the channel is full.
     *
     * <p>It has <b>one subscriber at a time</b>, since a message goes to one: another one gets {@code onError} with an
     * {@link IllegalStateException}. Once the first has cancelled, the next goes on where it stopped. To hand each message to
     * several, subscribe a {@link java.util.concurrent.SubmissionPublisher} between them.
     *
     * <p>A subscription is a thread of ours, which makes all signals, until it ends or is cancelled: {@code onComplete} when the
     * other side has said goodbye, {@code onError} for anything else, an {@link IllegalArgumentException} if less than one
     * message was requested. The end, also that of a receiver that was closed here, is learned by receiving, so it takes a request: who wants no more
     * messages cancels, or its thread stays. A message that was taken when the
     * subscriber cancelled is still handed to it. What a subscriber throws cancels its subscription and goes to the
     * thread's uncaught exception handler.
     */
    public static <T> Flow.Publisher<T> publisher(Receiver<T> receiver) {
        Objects.requireNonNull(receiver, "receiver is null");
        return new ReceiverPublisher<>(receiver);
    }
}
