package org.jvmipc.pipes;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Receiver;
import org.jvmipc.internal.posix.PolledFd;
import org.jvmipc.internal.stream.StreamReceiver;
import org.jvmipc.spi.Pollable;

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
 * <p><b>Memory consistency effects.</b> As {@link Receiver}.
 *
 * <p><b>Platform notes.</b> {@code pipe(7)}. Bytes are read ahead in blocks of 64 KiB and more, so the pipe empties before
 * the messages are taken. One process reads a pipe; a second reader would tear its frames.
 *
 * @param <T> what a message is in Java
 */
public final class PipeReceiver<T> implements Receiver<T>, Pollable {
    private final StreamReceiver<T> stream;
    private final PolledFd fd;

    PipeReceiver(StreamReceiver<T> stream, PolledFd fd) {
        this.stream = stream;
        this.fd = fd;
    }

    @Override
    public T receive() throws IOException, InterruptedException {
        return stream.receive();
    }

    @Override
    public @Nullable T tryReceive() throws IOException {
        return stream.tryReceive();
    }

    @Override
    public @Nullable T tryReceive(Duration timeout) throws IOException, InterruptedException {
        return stream.tryReceive(timeout);
    }

    @Override
    public int drain(Consumer<? super T> handler, int limit) throws IOException {
        return stream.drain(handler, limit);
    }

    @Override
    public void forEach(Consumer<? super T> handler) throws IOException, InterruptedException {
        stream.forEach(handler);
    }

    @Override
    public int fd() throws IOException {
        return stream.fd();
    }

    @Override
    public void arm() {
        stream.arm();
    }

    @Override
    public boolean ready() throws IOException {
        return stream.ready();
    }

    /**
     * How many bytes the pipe holds when it is full; {@code F_GETPIPE_SZ}.
     *
     * @throws IOException if this end is closed
     */
    public int capacityBytes() throws IOException {
        return PipeEnd.capacity(fd);
    }

    /**
     * Changes how many bytes the pipe can hold; {@code F_SETPIPE_SZ}.
     *
     * @param bytes at least 1; the kernel rounds up to a power of two of pages
     * @return the capacity it has now, in bytes
     * @throws org.jvmipc.LimitException if it is over {@code /proc/sys/fs/pipe-max-size} and this process is not
     *     privileged, or more lies in the pipe than would fit
     * @throws IOException if this end is closed
     */
    public int setCapacity(int bytes) throws IOException {
        return PipeEnd.setCapacity(fd, bytes);
    }

    /**
     * How many bytes, frame headers included, lie in the pipe now; {@code FIONREAD}.
     *
     * @throws IOException if this end is closed
     */
    public int bytesWaiting() throws IOException {
        return PipeEnd.bytesWaiting(fd);
    }

    /** How often and how long this end has waited because the pipe was empty. */
    public WaitStatistics waits() {
        return PipeEnd.waits(fd);
    }

    @Override
    public Address address() {
        return stream.address();
    }

    @Override
    public Set<Capability> capabilities() {
        return stream.capabilities();
    }

    @Override
    public boolean isOpen() {
        return stream.isOpen();
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }

    @Override
    public String toString() {
        return "PipeReceiver[" + address() + (isOpen() ? "]" : ", closed]");
    }
}
