package org.jvmipc.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Codec;
import org.jvmipc.CorruptDataException;
import org.jvmipc.Receiver;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.Watchers;
import org.jvmipc.spi.Pollable;

/** The receiving end of {@code loop:}. */
final class LoopbackReceiver<T> extends LoopbackEndpoint<T> implements Receiver<T>, Pollable {
    private final Watchers watchers = new Watchers();
    private final AtomicReference<@Nullable LoopbackBell> bell = new AtomicReference<>();

    LoopbackReceiver(LoopbackChannel channel, Codec<T> codec) {
        super(channel, codec);
        channel.attachReceiver();
    }

    @Override
    void closing() {
        watchers.closing();
    }

    @Override
    void detach() {
        LoopbackBell present = bell.getAndSet(null);
        if (present != null) {
            channel.removeBell(present);
            present.close();
        }
        channel.detachReceiver();
    }

    /** Made when it is asked for first; its watcher asks, for whom a close waits. */
    @Override
    public synchronized int fd() throws IOException {
        LoopbackBell present = bell.get();
        if (present == null) {
            present = new LoopbackBell();
            bell.set(present);
            channel.addBell(present); // rings
        }
        return present.fd();
    }

    @Override
    public void arm() {
        channel.isReadyOr(() -> {
            LoopbackBell present = bell.get();
            if (present != null) {
                present.silence();
            }
        });
    }

    @Override
    public boolean ready() throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        return channel.isReadyOr(() -> {});
    }

    @Override
    public void watch(Watcher watcher) throws IOException {
        watchers.add(watcher);
    }

    @Override
    public void unwatch(Watcher watcher) {
        watchers.remove(watcher);
    }

    @Override
    public T receive() throws IOException, InterruptedException {
        T message = inTurn(Deadline.NEVER, this::take);
        if (message == null) {
            throw new IllegalStateException("a wait without end has ended");
        }
        return message;
    }

    @Override
    public @Nullable T tryReceive() throws IOException {
        return now(this::take);
    }

    @Override
    public @Nullable T tryReceive(Duration timeout) throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        return deadline.isNow() ? tryReceive() : inTurn(deadline, this::take);
    }

    private @Nullable T take(Deadline deadline) throws IOException, InterruptedException {
        byte[] encoded = channel.take(deadline, this::isClosed);
        if (encoded == null) {
            return null;
        }
        try {
            return codec.decode(ByteBuffer.wrap(encoded).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN));
        } catch (RuntimeException e) {
            throw new CorruptDataException(
                    address() + ": a message of " + encoded.length + " bytes could not be decoded: " + e.getMessage(),
                    e);
        }
    }
}
