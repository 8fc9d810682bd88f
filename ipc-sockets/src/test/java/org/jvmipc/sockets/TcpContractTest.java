package org.jvmipc.sockets;

import java.io.IOException;
import java.util.Set;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.testkit.Ends;
import org.jvmipc.testkit.TransportContract;

/** The contract over TCP, both ends in this JVM. */
class TcpContractTest extends TransportContract {
    @Override
    public <T> Ends<T> open(Codec<T> codec) throws IOException, InterruptedException {
        return Connected.tcp(codec, SocketOptions.defaults().withBuffers(Connected.BUFFER, Connected.BUFFER))
                .ends();
    }

    @Override
    public Set<Capability> capabilities() {
        return TcpConnection.CAPABILITIES;
    }

    /** The kernel offers less of the receiver's buffer when what came was dear to keep, and more again later. */
    @Override
    public int leastCapacityBytes() {
        return Connected.BUFFER / 4;
    }

    @Override
    public int largestMessageBytes() {
        return SocketOptions.DEFAULT_MAX_MESSAGE_BYTES;
    }
}
