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

/** What the reading ends of anonymous and named pipes have in common. */
abstract class ReadingEnd<T> implements Receiver<T>, Pollable {
    final StreamReceiver<T> stream;
    private final PolledFd fd;

    ReadingEnd(StreamReceiver<T> stream, PolledFd fd) {
        this.stream = stream;
        this.fd = fd;
    }

    @Override
    public final T receive() throws IOException, InterruptedException {
        return stream.receive();
    }

    @Override
    public final @Nullable T tryReceive() throws IOException {
        return stream.tryReceive();
    }

    @Override
    public final @Nullable T tryReceive(Duration timeout) throws IOException, InterruptedException {
        return stream.tryReceive(timeout);
    }

    @Override
    public final int drain(Consumer<? super T> handler, int limit) throws IOException {
        return stream.drain(handler, limit);
    }

    @Override
    public final void forEach(Consumer<? super T> handler) throws IOException, InterruptedException {
        stream.forEach(handler);
    }

    @Override
    public final int fd() throws IOException {
        return stream.fd();
    }

    @Override
    public final void arm() {
        stream.arm();
    }

    @Override
    public final boolean ready() throws IOException {
        return stream.ready();
    }

    @Override
    public final void watch(Watcher watcher) throws IOException {
        stream.watch(watcher);
    }

    @Override
    public final void unwatch(Watcher watcher) {
        stream.unwatch(watcher);
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

    /** How often and how long this end has waited because the pipe was empty. */
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
