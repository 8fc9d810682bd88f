package org.jvmipc.pipes;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.jvmipc.Address;
import org.jvmipc.Batch;
import org.jvmipc.Capability;
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
public final class PipeSender<T> implements Sender<T> {
    private final StreamSender<T> stream;
    private final PolledFd fd;

    PipeSender(StreamSender<T> stream, PolledFd fd) {
        this.stream = stream;
        this.fd = fd;
    }

    @Override
    public void send(T message) throws IOException, InterruptedException {
        stream.send(message);
    }

    /**
     * Sends one message if that needs no waiting: if there is room for the whole of it. So a message larger than the room
     * that is free now is not sent, and one larger than {@link #capacityBytes()}, frame headers included, never is,
     * however empty the pipe: {@link #send(Object)} and {@link #trySend(Object, Duration)} send it piece by piece.
     *
     * @return false if the pipe has no room for it now, or another thread is sending
     * @throws IOException as {@link #send(Object)}; and with lines or raw bytes, if only a part of a message of more than
     *     4096 bytes found room: such a stream cannot go on
     */
    @Override
    public boolean trySend(T message) throws IOException {
        return stream.trySend(message);
    }

    @Override
    public boolean trySend(T message, Duration timeout) throws IOException, InterruptedException {
        return stream.trySend(message, timeout);
    }

    @Override
    public Batch<T> batch() {
        return stream.batch();
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

    /** How often and how long this end has waited because the pipe was full. */
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
        return "PipeSender[" + address() + (isOpen() ? "]" : ", closed]");
    }
}
