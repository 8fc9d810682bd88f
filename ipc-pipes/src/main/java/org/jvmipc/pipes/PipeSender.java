package org.jvmipc.pipes;

import org.jvmipc.Sender;
import org.jvmipc.internal.posix.PolledFd;
import org.jvmipc.internal.stream.StreamSender;

/**
 * The writing end of an anonymous pipe: a buffer of fixed size in the kernel, one way, first in, first out.
 *
 * <pre>{@code
 * JvmLauncher launcher = JvmLauncher.of(Worker.class);
 * try (PipeSender<String> orders = Pipes.toStdin(launcher, Codecs.utf8());
 *         ChildJvm worker = launcher.start()) {
 *     orders.send("hello");
 * }
 * }</pre>
 *
 * <p><b>Full:</b> a sender waits, until the reader takes something. <b>Closed here:</b> the reader gets all that was sent,
 * then {@code CLOSED}. <b>Reader gone:</b> {@link org.jvmipc.PeerGoneException}, {@code DIED} with frames, since a reader
 * cannot say goodbye on a pipe that goes the other way; no signal ends this JVM. <b>This process killed:</b> what was sent
 * whole arrives, a part of a message never does.
 *
 * <p><b>Thread safety.</b> Any thread may call any method; sends serialise.
 *
 * <p><b>Memory consistency effects.</b> As {@link Sender}.
 *
 * <p><b>Platform notes.</b> {@code pipe(7)}. Writes of at most 4096 bytes are all or nothing, so {@link #trySend(Object)}
 * of such a message leaves nothing behind; of a larger frame it looks first whether there is room for all of it.
 *
 * <p>One process sends into a pipe, by one sender. A second sender, opened by the address {@code pipe:PID.FD}, would write
 * between the pieces of frames of more than 4096 bytes, and its {@code close()} would be the end of the stream for the
 * reader.
 *
 * @param <T> what a message is in Java
 */
public final class PipeSender<T> extends WritingEnd<T> {
    PipeSender(StreamSender<T> stream, PolledFd fd) {
        super(stream, fd);
    }
}
