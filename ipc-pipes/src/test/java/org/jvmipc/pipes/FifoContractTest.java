package org.jvmipc.pipes;

import java.io.IOException;
import java.util.Set;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Ends;
import org.jvmipc.testkit.TransportContract;

/** The contract over a FIFO that several senders share: fragments of at most 4 KiB. */
class FifoContractTest extends TransportContract {
    private static final FifoOptions OPTIONS = FifoOptions.defaults().withSharing(FifoSharing.MANY_SENDERS);

    @Override
    public <T> Ends<T> open(Codec<T> codec) throws IOException, InterruptedException {
        return TemporaryFifos.open(OPTIONS, codec);
    }

    @Override
    public <T> Sender<T> anotherSender(Ends<T> ends, Codec<T> codec) throws IOException, InterruptedException {
        return TemporaryFifos.of(ends).openSender(codec);
    }

    @Override
    public Set<Capability> capabilities() {
        return FifoOpening.capabilities(FifoSharing.MANY_SENDERS);
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
