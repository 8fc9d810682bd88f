package org.jvmipc.mq;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Codecs;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.CrossJvmContract;

/** The promises of a transport, kept by a queue between two JVMs. */
class MessageQueueCrossJvmIT extends CrossJvmContract {
    private static final MessageQueueOptions LARGE =
            Queues.SMALL.withCapacity(16 << 20).withCycle(2 << 20);

    @TempDir(factory = InMemory.class)
    Path directory;

    /** Loads as well what the first death of one who has a queue open takes. */
    @Override
    public void warmUp() throws Exception {
        super.warmUp();
        JvmLauncher launcher = ChildMain.launcher("send-nothing");
        try (Receiver<byte[]> in = receiverFromChild(launcher, ChildMain.OUT, Codecs.bytes());
                ChildJvm child = Children.start(launcher)) {
            child.kill();
            child.tryAwaitExit(Await.LONG);
            in.tryReceive(Duration.ofMillis(200));
        }
    }

    @Override
    public <T> Receiver<T> receiverFromChild(JvmLauncher launcher, String name, Codec<T> codec) throws IOException {
        MessageQueue<T> queue = MessageQueue.create(Queues.address(directory), codec, LARGE);
        launcher.handOver(name, queue.address());
        return queue.openGroupReceiver(Queues.GROUP, ConsumerOptions.defaults());
    }

    @Override
    public <T> Sender<T> senderToChild(JvmLauncher launcher, String name, Codec<T> codec) throws IOException {
        MessageQueue<T> queue = MessageQueue.create(Queues.address(directory), codec, LARGE);
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
