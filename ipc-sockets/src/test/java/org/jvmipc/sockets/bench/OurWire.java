package org.jvmipc.sockets.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Codecs;
import org.jvmipc.Receiver;
import org.jvmipc.sockets.Datagram;
import org.jvmipc.sockets.DatagramConnection;
import org.jvmipc.sockets.DatagramEndpoint;
import org.jvmipc.sockets.Datagrams;

/** Our blocking form: bound, answering who was first, or connected. */
final class OurWire implements DatagramBench.DatagramWire {
    private final @Nullable DatagramEndpoint<ByteBuffer> bound;
    private final @Nullable DatagramConnection<ByteBuffer> connected;
    private final Receiver<ByteBuffer> receiver;
    private @Nullable InetSocketAddress peer;

    private OurWire(
            @Nullable DatagramEndpoint<ByteBuffer> bound,
            @Nullable DatagramConnection<ByteBuffer> connected,
            Receiver<ByteBuffer> receiver) {
        this.bound = bound;
        this.connected = connected;
        this.receiver = receiver;
    }

    static OurWire bound() throws IOException {
        DatagramEndpoint<ByteBuffer> endpoint = Datagrams.open(Codecs.buffers());
        return new OurWire(endpoint, null, endpoint);
    }

    static OurWire connected(InetSocketAddress peer) throws IOException {
        DatagramConnection<ByteBuffer> connection = Datagrams.connect(peer, Codecs.buffers());
        return new OurWire(null, connection, connection);
    }

    @Override
    public int port() {
        return bound == null ? 0 : bound.localAddress().getPort();
    }

    @Override
    public void send(ByteBuffer message) throws IOException, InterruptedException {
        if (connected != null) {
            connected.send(message);
        } else if (bound != null && peer != null) {
            bound.sendTo(peer, message);
        }
    }

    @Override
    public ByteBuffer receive() throws IOException, InterruptedException {
        if (bound != null && peer == null) {
            Datagram<ByteBuffer> first = bound.receiveFrom();
            peer = first.source();
            return first.message();
        }
        return receiver.receive();
    }

    @Override
    public @Nullable ByteBuffer tryReceive(Duration timeout) throws IOException, InterruptedException {
        return receiver.tryReceive(timeout);
    }

    @Override
    public void close() throws IOException {
        receiver.close();
    }
}
