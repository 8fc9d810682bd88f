package org.jvmipc.sockets;

import java.io.IOException;
import java.util.Set;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.testkit.Ends;
import org.jvmipc.testkit.TransportContract;

/** The contract over a Unix domain socket, both ends in this JVM. */
class UnixContractTest extends TransportContract {
    @Override
    public <T> Ends<T> open(Codec<T> codec) throws IOException, InterruptedException {
        return Connected.unix(codec, SocketOptions.defaults()).ends();
    }

    @Override
    public Set<Capability> capabilities() {
        return StreamConnection.CAPABILITIES;
    }

    @Override
    public int largestMessageBytes() {
        return SocketOptions.DEFAULT_MAX_MESSAGE_BYTES;
    }
}
