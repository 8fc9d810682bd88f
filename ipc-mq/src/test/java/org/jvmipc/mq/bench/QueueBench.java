package org.jvmipc.mq.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.mq.ConsumerOptions;
import org.jvmipc.mq.MessageQueue;
import org.jvmipc.mq.MessageQueueOptions;
import org.jvmipc.mq.ReceiveFrom;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.bench.Measurement;

/**
 * How fast messages pass between two JVMs over two queues; see {@link Measurement}.
 *
 * <pre>PIN=same|cross|none CPUS=0,1 config/bench org.jvmipc.mq.bench.QueueBench rtt|tput|batch SIZE N alone|group|poll|poll-group|chronicle</pre>
 *
 * <p>{@code alone} is a receiver by itself, {@code group} a consumer that acknowledges each message; both sleep when nothing comes.
 * {@code poll} and {@code poll-group} are the same, but look again and again. {@code chronicle} is Chronicle Queue itself: an
 * appender, and a tailer that polls, since it cannot wait.
 */
public final class QueueBench {
    private static final MessageQueueOptions OPTIONS = MessageQueueOptions.defaults()
            .withMaxMessage(1 << 20)
            .withCapacity(8L << 30)
            .withCycle(256 << 20);

    private QueueBench() {}

    /** Runs one measurement. */
    public static void main(String[] words) throws Exception {
        if (words.length != 4) {
            System.err.println("usage: QueueBench rtt|tput|batch SIZE N alone|group|poll|poll-group|chronicle");
            System.exit(2);
        }
        Measurement measurement = new Measurement("ours.mq." + words[3], words[0], words[1], words[2]);
        if (ParentJvm.isPresent()) {
            ParentJvm parent = ParentJvm.get();
            try (Receiver<ByteBuffer> in = receiver(parent.address("orders"), words[3]);
                    Sender<ByteBuffer> out = sender(parent.address("results"), words[3])) {
                parent.ready();
                measurement.child(in, out);
                in.receive(); // until it is ended
            }
            return;
        }
        Path directory = Files.createTempDirectory("mq-bench");
        Address orders = Address.of("mq", directory.resolve("orders").toString());
        Address results = Address.of("mq", directory.resolve("results").toString());
        boolean raw = words[3].equals("chronicle");
        try {
            if (!raw) {
                MessageQueue.create(orders, Codecs.buffers(), OPTIONS);
                MessageQueue.create(results, Codecs.buffers(), OPTIONS);
            }
            parent(measurement, orders, results, words);
        } finally {
            RawChronicle.removeTree(directory);
        }
    }

    private static void parent(Measurement measurement, Address orders, Address results, String[] words)
            throws Exception {
        JvmLauncher launcher = JvmLauncher.of(QueueBench.class)
                .jvmArguments("-XX:+UseSerialGC", "-Xms256m", "-Xmx256m")
                .handOver("orders", orders)
                .handOver("results", results)
                .arguments(words);
        try (Receiver<ByteBuffer> in = receiver(results, words[3]);
                ChildJvm child = launcher.start()) {
            child.awaitReady();
            try (Sender<ByteBuffer> out = sender(orders, words[3])) {
                measurement.parent(out, in, child);
            }
        }
    }

    private static Sender<ByteBuffer> sender(Address address, String kind) throws IOException {
        return kind.equals("chronicle")
                ? RawChronicle.sender(address)
                : MessageQueue.open(address, Codecs.buffers()).openSender();
    }

    private static Receiver<ByteBuffer> receiver(Address address, String kind) throws IOException {
        return switch (kind) {
            case "chronicle" -> RawChronicle.receiver(address);
            case "alone" -> alone(address);
            case "group" -> group(address);
            case "poll" -> new Polling(alone(address));
            case "poll-group" -> new Polling(group(address));
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static Receiver<ByteBuffer> alone(Address address) throws IOException {
        return MessageQueue.open(address, Codecs.buffers()).openReceiver(ReceiveFrom.start());
    }

    private static Receiver<ByteBuffer> group(Address address) throws IOException {
        return MessageQueue.open(address, Codecs.buffers())
                .openGroupReceiver("g", ConsumerOptions.defaults().withPrefetch(64));
    }
}
