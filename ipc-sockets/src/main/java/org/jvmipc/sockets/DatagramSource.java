package org.jvmipc.sockets;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.posix.EventFd;

/** One source of a {@link DatagramListener}: what came from it and was not received yet. Guarded by the lock of {@link SourceTable}. */
final class DatagramSource {
    /**
     * A datagram that came.
     *
     * @param bytes what it holds, from 0 to the capacity; nothing if it was too large
     * @param length how long it was
     */
    record Arrival(ByteBuffer bytes, int length) {}

    final InetSocketAddress address;
    final Condition arrived;
    final ArrayDeque<Arrival> queue = new ArrayDeque<>();

    /** Whether an accept has given it out. */
    boolean accepted;

    /** Whether it was silent for too long: what comes from its address now is another source. */
    boolean gone;

    /** Whether its connection was closed here. */
    boolean closed;

    long dropped;

    /** When it has last sent or been sent something. */
    long activeNanos = System.nanoTime();

    DatagramSource(InetSocketAddress address, Condition arrived) {
        this.address = address;
        this.arrived = arrived;
    }

    /** What a set of receivers polls; from the first wait in one on. */
    @Nullable
    EventFd event;

    /** Something came, or the end did: wakes who waits. */
    void wake() {
        arrived.signalAll();
        EventFd polled = event;
        if (polled != null) {
            polled.raise();
        }
    }

    /** Whether a receive would not wait. */
    boolean isReady() {
        return gone || closed || !queue.isEmpty();
    }

    void touch() {
        activeNanos = System.nanoTime();
    }
}
