package org.jvmipc.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import org.jvmipc.Address;
import org.jvmipc.Batch;
import org.jvmipc.Codec;
import org.jvmipc.internal.Deadline;

/** A datagram socket that the kernel has connected. */
final class ConnectedSocket<T> extends DatagramSide<T> implements DatagramConnection<T> {
    private final InetSocketAddress remote;
    private volatile boolean sendingEnded;

    ConnectedSocket(UdpSocket socket, InetSocketAddress remote, Address address, Codec<T> codec) throws IOException {
        super(socket, address, codec);
        this.remote = remote;
    }

    @Override
    public void send(T message) throws IOException, InterruptedException {
        ensureSending();
        sending.send(null, message, Deadline.NEVER);
    }

    @Override
    public boolean trySend(T message) throws IOException {
        ensureSending();
        return sending.trySend(null, message);
    }

    @Override
    public boolean trySend(T message, Duration timeout) throws IOException, InterruptedException {
        ensureSending();
        return sending.send(null, message, Deadline.after(timeout));
    }

    private void ensureSending() throws ClosedChannelException {
        ensureOpen();
        if (sendingEnded) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public Batch<T> batch() {
        return new DatagramBatch<>(this);
    }

    @Override
    public void endSending() throws IOException {
        ensureOpen();
        sendingEnded = true; // nothing is told to the other side: UDP has no words for it
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remote;
    }
}
