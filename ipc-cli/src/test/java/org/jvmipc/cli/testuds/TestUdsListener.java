package org.jvmipc.cli.testuds;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Connection;
import org.jvmipc.Listener;

/** The welcoming socket. */
final class TestUdsListener<T> implements Listener<T> {
    private final Address address;
    private final Codec<T> codec;
    private final ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    private final Readiness readiness;

    TestUdsListener(Address address, Codec<T> codec) throws IOException {
        this.address = address;
        this.codec = codec;
        channel.bind(UnixDomainSocketAddress.of(TestUdsTransport.path(address)));
        readiness = new Readiness(channel, SelectionKey.OP_ACCEPT);
    }

    @Override
    public Connection<T> accept() throws IOException, InterruptedException {
        Connection<T> connection = tryAccept(Readiness.FOREVER);
        if (connection == null) {
            throw new IOException("nobody came");
        }
        return connection;
    }

    @Override
    public @Nullable Connection<T> tryAccept() throws IOException {
        SocketChannel accepted = channel.accept();
        return accepted == null ? null : new TestUdsConnection<>(accepted, address, codec);
    }

    @Override
    public @Nullable Connection<T> tryAccept(Duration timeout) throws IOException, InterruptedException {
        long end = Readiness.end(timeout);
        Connection<T> connection = tryAccept();
        while (connection == null && readiness.await(end)) {
            connection = tryAccept();
        }
        return connection;
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        readiness.close();
        channel.close();
        Files.deleteIfExists(TestUdsTransport.path(address));
    }
}
