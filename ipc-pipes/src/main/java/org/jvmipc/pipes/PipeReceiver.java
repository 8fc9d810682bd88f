package org.jvmipc.pipes;

import org.jvmipc.internal.posix.PolledFd;
import org.jvmipc.internal.stream.StreamReceiver;

/**
 * The reading end of an anonymous pipe.
 *
 * <pre>{@code
 * JvmLauncher launcher = JvmLauncher.of(Worker.class);
 * try (PipeReceiver<String> answers = Pipes.fromStdout(launcher, Codecs.utf8());
 *         ChildJvm worker = launcher.start()) {
 *     answers.forEach(System.out::println);
 * }
 * }</pre>
 *
 * <p><b>Empty:</b> a receiver waits. <b>Closed here:</b> the writer's next send fails. <b>Writer has closed:</b> all that it
 * sent is received first, then {@link org.jvmipc.PeerGoneException} with {@code CLOSED}. <b>Writer killed:</b> the same
 * with {@code DIED}; a message of which only a part came is dropped.
 *
 * <p><b>Thread safety.</b> Any thread may call any method; receives serialise and each message goes to one caller.
 *
 * <p><b>Memory consistency effects.</b> As {@link org.jvmipc.Receiver}.
 *
 * <p><b>Platform notes.</b> {@code pipe(7)}. Bytes are read ahead in blocks of 64 KiB and more, so the pipe empties before
 * the messages are taken. One process reads a pipe; a second reader would tear its frames.
 *
 * @param <T> what a message is in Java
 */
public final class PipeReceiver<T> extends ReadingEnd<T> {
    PipeReceiver(StreamReceiver<T> stream, PolledFd fd) {
        super(stream, fd);
    }
}
