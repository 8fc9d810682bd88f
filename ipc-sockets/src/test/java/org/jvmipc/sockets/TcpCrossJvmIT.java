package org.jvmipc.sockets;

import java.io.IOException;
import java.util.Set;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Connection;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.testkit.CrossJvmContract;

/** The contract between two JVMs over TCP: the child connects. */
class TcpCrossJvmIT extends CrossJvmContract {
    @Override
    public <T> Receiver<T> receiverFromChild(JvmLauncher launcher, String name, Codec<T> codec) throws IOException {
        return accepting(launcher, name, codec);
    }

    @Override
    public <T> Sender<T> senderToChild(JvmLauncher launcher, String name, Codec<T> codec) throws IOException {
        return accepting(launcher, name, codec);
    }

    private static <T> Connection<T> accepting(JvmLauncher launcher, String name, Codec<T> codec) throws IOException {
        SocketOptions options = SocketOptions.defaults().withBuffers(Connected.BUFFER, Connected.BUFFER);
        TcpListener<T> listener =
                Tcp.listen(Connected.anyPort(), codec, ListenOptions.defaults().withSocket(options));
        Address address = listener.address();
        launcher.handOver(name, address);
        return new LateConnection<>(listener);
    }

    @Override
    public Set<Capability> capabilities() {
        return TcpConnection.CAPABILITIES;
    }

    @Override
    public int largestMessageBytes() {
        return SocketOptions.DEFAULT_MAX_MESSAGE_BYTES;
    }
}
