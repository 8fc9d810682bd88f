package org.jvmipc.shm;

import java.io.IOException;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Receiver;
import org.jvmipc.internal.Deadline;
import org.jvmipc.shm.internal.SafetyNet;
import org.jvmipc.shm.internal.ring.ReceivingEnd;
import org.jvmipc.spi.Pollable;

/**
 * A receiver of a {@link SharedRing}: the consumer of a bounded buffer.
 *
 * <pre>{@code
 * try (RingReceiver<ByteBuffer> in = ring.openReceiver(Codecs.buffers())) {
 *     ByteBuffer first = in.receive();                        // a private copy, valid until the next receive
 *     in.drainInPlace(message -> sum += message.getLong(), 256);   // no copy
 * }
 * }</pre>
 *
 * <p><b>Empty:</b> it waits, as {@link RingWaiting} says. <b>All senders gone</b> and all taken: {@link org.jvmipc.PeerGoneException}, once;
 * the next receive waits for the next sender. {@code DIED} if one of them was killed; what it had sent comes first, and
 * what it had not committed never. <b>Closed here:</b> senders are told; what was not taken is the next receiver's, but of a
 * broadcast. <b>Killed:</b> the same within 500 ms. <b>Stopped:</b> it keeps its place, and the ring fills.
 *
 * <p><b>Taken</b>, so that it does not come again to anybody, is a message that is received, or drained, when it has been copied: before
 * its codec decodes it, and before the handler sees it. One that cannot be decoded, whose handler throws, or whose receiver is
 * killed after that, is gone. A message of {@link #drainInPlace} is taken when its handler has returned or thrown; if the receiver is
 * killed before that, it comes again, to the next one. Where the handler sees a copy it is taken before, as by {@link #drain}. Each
 * receiver of a broadcast takes for itself; there the next one begins with what is sent then, and nothing comes again.
 *
 * <p><b>Thread safety.</b> Any thread may call any method; calls serialise. It is fastest while it is always the same thread.
 *
 * <p><b>Memory consistency effects.</b> As {@link RingSender}.
 *
 * @param <T> what a message is in Java
 */
public final class RingReceiver<T> implements Receiver<T>, Pollable {
    private final ReceivingEnd<T> end;
    private final Set<Capability> capabilities;

    RingReceiver(ReceivingEnd<T> end, Set<Capability> capabilities) {
        this.end = end;
        this.capabilities = capabilities;
        SafetyNet.register(this, end.forgotten());
    }

    @Override
    public T receive() throws IOException, InterruptedException {
        try {
            T message = end.receive(Deadline.NEVER);
            if (message == null) {
                throw new IllegalStateException(address() + ": a wait without end has ended");
            }
            return message;
        } finally {
            Reference.reachabilityFence(this); // else the safety net might close it meanwhile
        }
    }

    @Override
    public @Nullable T tryReceive() throws IOException {
        try {
            return end.tryReceive();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public @Nullable T tryReceive(Duration timeout) throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        try {
            return deadline.isNow() ? end.tryReceive() : end.receive(deadline);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public int drain(Consumer<? super T> handler, int limit) throws IOException {
        try {
            return end.drain(handler, limit);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Hands the messages that are here already to the handler where they lie, at most {@code limit} of them, and never waits.
     * Nothing is copied or allocated. As {@link #drain}, the handler must not call this receiver, but for {@code close()}. Of a
     * broadcast that drops its slowest receiver it sees a copy, since the ring may be overwritten meanwhile.
     *
     * @param limit at most so many messages, at least 1
     * @return how many there were; 0 if there is none yet
     * @throws IOException as {@link #receive()}; messages handed over before stay handed over
     */
    public int drainInPlace(RingHandler handler, int limit) throws IOException {
        try {
            return end.drainInPlace(handler, limit);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    // ---- in a set

    @Override
    public int fd() throws IOException {
        try {
            return end.fd();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public void arm() throws IOException {
        try {
            end.arm();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public boolean ready() throws IOException {
        try {
            return end.ready();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public void watch(Watcher watcher) throws IOException {
        end.watchers().add(watcher);
    }

    @Override
    public void unwatch(Watcher watcher) {
        end.watchers().remove(watcher);
    }

    // ---- the endpoint

    @Override
    public Address address() {
        return end.address();
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public boolean isOpen() {
        return end.isOpen();
    }

    /** Closes it; threads that wait in it leave. Called by a handler of its own it ends when that returns. */
    @Override
    public void close() {
        end.close();
    }

    @Override
    public String toString() {
        return "RingReceiver[" + address() + (isOpen() ? "]" : ", closed]");
    }
}
