package org.jvmipc.sockets;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.spi.Transport;

/** A scheme of connections: who opens one direction opens a connection, and uses one direction of it. */
abstract class ConnectionTransport implements Transport {
    @Override
    public boolean makesConnections() {
        return true;
    }

    @Override
    public <T> Sender<T> openSender(Address address, Codec<T> codec) throws IOException, InterruptedException {
        return openConnection(address, codec);
    }

    @Override
    public <T> @Nullable Sender<T> tryOpenSender(Address address, Codec<T> codec, Duration timeout)
            throws IOException, InterruptedException {
        return tryOpenConnection(address, codec, timeout);
    }

    @Override
    public <T> Receiver<T> openReceiver(Address address, Codec<T> codec) throws IOException, InterruptedException {
        return openConnection(address, codec);
    }

    @Override
    public <T> @Nullable Receiver<T> tryOpenReceiver(Address address, Codec<T> codec, Duration timeout)
            throws IOException, InterruptedException {
        return tryOpenConnection(address, codec, timeout);
    }
}
