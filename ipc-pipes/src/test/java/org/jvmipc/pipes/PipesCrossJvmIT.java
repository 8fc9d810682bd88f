package org.jvmipc.pipes;

import java.io.IOException;
import java.util.Set;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.testkit.CrossJvmContract;

/** The contract between two JVMs, over further pipes handed over by name. */
class PipesCrossJvmIT extends CrossJvmContract {
    @Override
    public <T> Receiver<T> receiverFromChild(JvmLauncher launcher, String name, Codec<T> codec) throws IOException {
        return Pipes.fromChild(launcher, name, codec);
    }

    @Override
    public <T> Sender<T> senderToChild(JvmLauncher launcher, String name, Codec<T> codec) throws IOException {
        return Pipes.toChild(launcher, name, codec);
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
