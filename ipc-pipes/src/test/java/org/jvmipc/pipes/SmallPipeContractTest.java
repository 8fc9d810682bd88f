package org.jvmipc.pipes;

import java.io.IOException;
import java.util.Set;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.testkit.Ends;
import org.jvmipc.testkit.TransportContract;

/**
 * The contract over the smallest pipe there is, one page: every message over 4 KiB fills it. The build runs it without direct
 * calls, so that the way through JNA and {@code poll(2)} keeps the contract as well.
 */
class SmallPipeContractTest extends TransportContract {
    private static final int PAGE_BYTES = 4096;
    private static final int LARGEST = 2 * 1024 * 1024;

    @Override
    public <T> Ends<T> open(Codec<T> codec) throws IOException {
        PipeOptions options = PipeOptions.defaults().withCapacity(PAGE_BYTES).withMaxMessage(LARGEST);
        PipePair<T> pipe = Pipes.open(codec, options);
        return new Ends<>(pipe.sender(), pipe.receiver());
    }

    @Override
    public Set<Capability> capabilities() {
        return PipeEnd.CAPABILITIES;
    }

    @Override
    public int largestMessageBytes() {
        return LARGEST;
    }
}
