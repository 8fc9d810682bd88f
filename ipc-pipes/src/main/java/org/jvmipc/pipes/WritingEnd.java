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

/** What the writing ends of anonymous and named pipes have in common. */
abstract class WritingEnd<T> implements Sender<T> {
    final StreamSender<T> stream;
    private final PolledFd fd;

    WritingEnd(StreamSender<T> stream, PolledFd fd) {
        this.stream = stream;
        this.fd = fd;
    }

    @Override
    public final void send(T message) throws IOException, InterruptedException {
        stream.send(message);
    }

    /**
     * Sends one message if that needs no waiting: if there is room for the whole of it. So a message larger than the room
     * that is free now is not sent, and one larger than {@link #capacityBytes()}, frame headers included, never is,
     * however empty the pipe: {@link #send(Object)} and {@link #trySend(Object, Duration)} send it piece by piece.
     *
     * @return false if the pipe has no room for it now, or another thread is sending
     * @throws IOException as {@link #send(Object)}; and without frames, if only a part of a message of more than
     *     4096 bytes found room: such a stream cannot go on
     */
    @Override
    public final boolean trySend(T message) throws IOException {
        return stream.trySend(message);
    }

    @Override
    public final boolean trySend(T message, Duration timeout) throws IOException, InterruptedException {
        return stream.trySend(message, timeout);
    }

    @Override
    public final Batch<T> batch() {
        return stream.batch();
    }

    /**
     * How many bytes the pipe holds when it is full; {@code F_GETPIPE_SZ}.
     *
     * @throws IOException if this end is closed
     */
    public final int capacityBytes() throws IOException {
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
    public final int setCapacity(int bytes) throws IOException {
        return PipeEnd.setCapacity(fd, bytes);
    }

    /**
     * How many bytes, frame headers included, lie in the pipe now; {@code FIONREAD}.
     *
     * @throws IOException if this end is closed
     */
    public final int bytesWaiting() throws IOException {
        return PipeEnd.bytesWaiting(fd);
    }

    /** How often and how long this end has waited because the pipe was full. */
    public final WaitStatistics waits() {
        return PipeEnd.waits(fd);
    }

    @Override
    public final Address address() {
        return stream.address();
    }

    @Override
    public final Set<Capability> capabilities() {
        return stream.capabilities();
    }

    @Override
    public final boolean isOpen() {
        return stream.isOpen();
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName() + "[" + address() + (isOpen() ? "]" : ", closed]");
    }
}
