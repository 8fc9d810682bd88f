package org.jvmipc.pipes;

import java.io.IOException;
import java.util.Set;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.internal.stream.FragmentLayout;
import org.jvmipc.testkit.Ends;
import org.jvmipc.testkit.TransportContract;

/** The contract over a FIFO of packets, which several senders and several receivers share. */
class PacketFifoContractTest extends TransportContract {
    private static final FifoOptions OPTIONS = FifoOptions.defaults().withSharing(FifoSharing.PACKETS);

    @Override
    public <T> Ends<T> open(Codec<T> codec) throws IOException, InterruptedException {
        return TemporaryFifos.open(OPTIONS, codec);
    }

    @Override
    public <T> Sender<T> anotherSender(Ends<T> ends, Codec<T> codec) throws IOException, InterruptedException {
        return TemporaryFifos.of(ends).openSender(codec);
    }

    @Override
    public <T> Receiver<T> anotherReceiver(Ends<T> ends, Codec<T> codec) throws IOException, InterruptedException {
        return TemporaryFifos.of(ends).openReceiver(codec);
    }

    @Override
    public Set<Capability> capabilities() {
        return FifoOpening.capabilities(FifoSharing.PACKETS);
    }

    @Override
    public int largestMessageBytes() {
        return FragmentLayout.MAX_ATOMIC_PAYLOAD_BYTES;
    }

    @Override
    public boolean endsForGood() {
        return false; // the receiver waits for the next sender
    }
}
