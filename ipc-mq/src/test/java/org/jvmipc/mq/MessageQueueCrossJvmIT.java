package org.jvmipc.mq;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.testkit.CrossJvmContract;

/** The promises of a transport, kept by a queue between two JVMs. */
class MessageQueueCrossJvmIT extends CrossJvmContract {
    @TempDir
    Path directory;

    @Override
    public <T> Receiver<T> receiverFromChild(JvmLauncher launcher, String name, Codec<T> codec) throws IOException {
        MessageQueue<T> queue = Queues.create(directory, codec);
        launcher.handOver(name, queue.address());
        return queue.openGroupReceiver(Queues.GROUP, ConsumerOptions.defaults());
    }

    @Override
    public <T> Sender<T> senderToChild(JvmLauncher launcher, String name, Codec<T> codec) throws IOException {
        MessageQueue<T> queue = Queues.create(directory, codec);
        launcher.handOver(name, queue.address().with("group", Queues.GROUP));
        return queue.openSender();
    }

    @Override
    public Set<Capability> capabilities() {
        return new MessageQueueTransport().capabilities();
    }

    @Override
    public int largestMessageBytes() {
        return Queues.SMALL.maxMessageBytes();
    }
}
