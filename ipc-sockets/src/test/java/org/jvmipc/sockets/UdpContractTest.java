package org.jvmipc.sockets;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Ends;
import org.jvmipc.testkit.TransportContract;

/** The contract, as far as it is about what datagrams promise. */
class UdpContractTest extends TransportContract {
    static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    @Override
    public <T> Ends<T> open(Codec<T> codec) throws IOException {
        DatagramEndpoint<T> receiver = Datagrams.bind(anyPort(), codec);
        try {
            return new Ends<>(Datagrams.connect(receiver.localAddress(), codec), receiver);
        } catch (IOException e) {
            receiver.close();
            throw e;
        }
    }

    @Override
    public <T> Sender<T> anotherSender(Ends<T> ends, Codec<T> codec) throws IOException {
        return Datagrams.connect(((DatagramEndpoint<T>) ends.receiver()).localAddress(), codec);
    }

    @Override
    public Set<Capability> capabilities() {
        return UdpSocket.CAPABILITIES;
    }

    @Override
    public int largestMessageBytes() {
        return DatagramOptions.DEFAULT_MAX_MESSAGE_BYTES;
    }
}
