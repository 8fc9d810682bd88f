package org.jvmipc.mq;

import java.io.IOException;
import java.util.Set;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Ends;
import org.jvmipc.testkit.TransportContract;

/** Every promise of a transport, kept by a message queue of the kernel. */
class PosixMessageQueueContractTest extends TransportContract {
    @Override
    public <T> Ends<T> open(Codec<T> codec) throws IOException {
        return PosixNames.ends(codec);
    }

    @Override
    public Set<Capability> capabilities() {
        return new PosixMessageQueueTransport().capabilities();
    }

    @Override
    public int largestMessageBytes() {
        return PosixNames.OPTIONS.maxMessageBytes();
    }

    @Override
    public <T> Sender<T> anotherSender(Ends<T> ends, Codec<T> codec) throws IOException {
        return PosixMessageQueue.open(ends.sender().address(), codec).openSender();
    }

    @Override
    public <T> Receiver<T> anotherReceiver(Ends<T> ends, Codec<T> codec) throws IOException {
        return PosixMessageQueue.open(ends.receiver().address(), codec).openReceiver();
    }
}
