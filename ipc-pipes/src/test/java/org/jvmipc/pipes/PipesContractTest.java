package org.jvmipc.pipes;

import java.io.IOException;
import java.util.Set;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.testkit.Ends;
import org.jvmipc.testkit.TransportContract;

/** The contract over a real pipe, both ends in this JVM. */
class PipesContractTest extends TransportContract {
    @Override
    public <T> Ends<T> open(Codec<T> codec) throws IOException {
        PipePair<T> pipe = Pipes.open(codec);
        return new Ends<>(pipe.sender(), pipe.receiver());
    }

    @Override
    public Set<Capability> capabilities() {
        return PipeEnd.CAPABILITIES;
    }

    @Override
    public int largestMessageBytes() {
        return PipeOptions.DEFAULT_MAX_MESSAGE_BYTES;
    }
}
