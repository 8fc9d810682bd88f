package org.jvmipc.pipes;

import java.io.IOException;
import java.util.Set;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.testkit.Ends;
import org.jvmipc.testkit.TransportContract;

/** The contract over a FIFO of one sender: larger writes, which are revoked when cut off. */
class OneSenderFifoContractTest extends TransportContract {
    private static final FifoOptions OPTIONS = FifoOptions.defaults().withSharing(FifoSharing.ONE_SENDER);

    @Override
    public <T> Ends<T> open(Codec<T> codec) throws IOException, InterruptedException {
        return TemporaryFifos.open(OPTIONS, codec);
    }

    @Override
    public Set<Capability> capabilities() {
        return FifoOpening.capabilities(FifoSharing.ONE_SENDER);
    }

    @Override
    public int largestMessageBytes() {
        return PipeOptions.DEFAULT_MAX_MESSAGE_BYTES;
    }

    @Override
    public boolean endsForGood() {
        return false; // the receiver waits for the next sender
    }
}
