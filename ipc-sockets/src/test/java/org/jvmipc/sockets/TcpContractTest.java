package org.jvmipc.sockets;

import java.io.IOException;
import java.util.Set;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.testkit.Ends;
import org.jvmipc.testkit.TransportContract;

/** The contract over TCP, both ends in this JVM. */
class TcpContractTest extends TransportContract {
    private static final int BUFFER = 64 * 1024;

    @Override
    public <T> Ends<T> open(Codec<T> codec) throws IOException, InterruptedException {
        // Of a size of its own choice: the kernel's buffers grow, and what was full a moment ago takes one more.
        return Connected.tcp(codec, SocketOptions.defaults().withBuffers(BUFFER, BUFFER))
                .ends();
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
