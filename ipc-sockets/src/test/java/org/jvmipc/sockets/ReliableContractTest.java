package org.jvmipc.sockets;

import java.io.IOException;
import java.util.Set;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.testkit.Ends;
import org.jvmipc.testkit.TransportContract;

/** The contract over reliable datagrams, both ends in this JVM. */
class ReliableContractTest extends TransportContract {
    static final ReliableOptions OPTIONS = ReliableOptions.defaults().withBuffers(Connected.BUFFER, Connected.BUFFER);

    @Override
    public <T> Ends<T> open(Codec<T> codec) throws IOException, InterruptedException {
        ReliableListener<T> listener = ReliableDatagrams.listen(
                Connected.anyPort(), codec, ReliableListenOptions.defaults().withReliable(OPTIONS));
        try {
            ReliableConnection<T> client = ReliableDatagrams.connect(listener.localAddress(), codec, OPTIONS);
            return new Ends<>(client, listener.accept(), listener);
        } catch (IOException e) {
            listener.close();
            throw e;
        }
    }

    @Override
    public Set<Capability> capabilities() {
        return ReliableSession.CAPABILITIES;
    }

    /** What the sender keeps; in the window are packets, which may be full or not. */
    @Override
    public int leastCapacityBytes() {
        return Connected.BUFFER / 2;
    }

    @Override
    public int largestMessageBytes() {
        return ReliableOptions.DEFAULT_MAX_MESSAGE_BYTES;
    }
}
