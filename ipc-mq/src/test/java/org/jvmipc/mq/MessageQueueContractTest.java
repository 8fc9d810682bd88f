package org.jvmipc.mq;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Ends;
import org.jvmipc.testkit.TransportContract;

/** Every promise of a transport, kept by a queue and one consumer group. */
class MessageQueueContractTest extends TransportContract {
    @TempDir(factory = InMemory.class)
    Path directory;

    @Override
    public <T> Ends<T> open(Codec<T> codec) throws IOException {
        return Queues.ends(directory, codec);
    }

    @Override
    public Set<Capability> capabilities() {
        return new MessageQueueTransport().capabilities();
    }

    @Override
    public int largestMessageBytes() {
        return Queues.SMALL.maxMessageBytes();
    }

    private static <T> MessageQueue<T> of(Ends<T> ends, Codec<T> codec) throws IOException {
        return MessageQueue.open(Address.of(ends.sender().address().toString()), codec);
    }

    @Override
    public <T> Sender<T> anotherSender(Ends<T> ends, Codec<T> codec) throws IOException {
        return of(ends, codec).openSender();
    }

    @Override
    public <T> Receiver<T> anotherReceiver(Ends<T> ends, Codec<T> codec) throws IOException {
        return of(ends, codec).openGroupReceiver(Queues.GROUP, ConsumerOptions.defaults());
    }

    @Override
    public void done(Receiver<?> receiver) throws IOException {
        ((GroupReceiver<?>) receiver).acknowledge();
    }
}
