package org.jvmipc.cli.testuds;

import java.io.IOException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Connection;
import org.jvmipc.Listener;
import org.jvmipc.OsException;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.UnsupportedMechanismException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.spi.Transport;

/**
 * A transport with connections, for tests of what the command does with one: the JDK's UNIX domain sockets, 4 bytes of length
 * before each message. It is there only for a command whose {@code IPC_CLASS_PATH} has it.
 */
public final class TestUdsTransport implements Transport {
    /** For {@link java.util.ServiceLoader}. */
    public TestUdsTransport() {}

    @Override
    public String name() {
        return "testuds";
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.DUPLEX, Capability.RELIABLE, Capability.ORDERED);
    }

    @Override
    public Map<String, String> parameters() {
        return Map.of();
    }

    @Override
    public boolean makesConnections() {
        return true;
    }

    @Override
    public Address create(Address address) throws IOException {
        throw new UnsupportedMechanismException(address + ": a listener makes it");
    }

    static Path path(Address address) {
        return Path.of(address.location());
    }

    @Override
    public boolean exists(Address address) {
        return Files.exists(path(address));
    }

    @Override
    public Map<String, Object> inspect(Address address) {
        return Map.of();
    }

    @Override
    public List<Address> list() {
        return List.of();
    }

    @Override
    public boolean remove(Address address) throws IOException {
        return Files.deleteIfExists(path(address));
    }

    @Override
    public <T> Sender<T> openSender(Address address, Codec<T> codec) throws IOException {
        return openConnection(address, codec);
    }

    @Override
    public <T> Receiver<T> openReceiver(Address address, Codec<T> codec) throws IOException {
        return openConnection(address, codec);
    }

    @Override
    public <T> Connection<T> openConnection(Address address, Codec<T> codec) throws IOException {
        try {
            return new TestUdsConnection<>(
                    SocketChannel.open(UnixDomainSocketAddress.of(path(address))), address, codec);
        } catch (SocketException e) {
            throw new OsException("connect", exists(address) ? 111 : Errno.ENOENT, address.location());
        }
    }

    @Override
    public <T> Listener<T> openListener(Address address, Codec<T> codec) throws IOException {
        return new TestUdsListener<>(address, codec);
    }
}
