package org.jvmipc.mq.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.mq.PosixMessageQueue;
import org.jvmipc.mq.PosixMessageQueueOptions;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.bench.Measurement;

/**
 * How fast messages pass between two JVMs over two message queues of the kernel, of 10 messages each; see {@link Measurement}.
 *
 * <pre>PIN=same|cross|none CPUS=0,1 config/bench org.jvmipc.mq.bench.PosixMqBench rtt|tput SIZE N</pre>
 *
 * <p>SIZE is at most 8192, or what {@code /proc/sys/fs/mqueue/msgsize_max} says.
 */
public final class PosixMqBench {
    /** What the child of a throughput tells is larger than the smallest messages. */
    private static final int LEAST_BYTES = 64;

    private PosixMqBench() {}

    /** Runs one measurement. */
    public static void main(String[] words) throws Exception {
        if (words.length != 3) {
            System.err.println("usage: PosixMqBench rtt|tput SIZE N");
            System.exit(2);
        }
        Measurement measurement = new Measurement("ours.posixmq", words[0], words[1], words[2]);
        if (ParentJvm.isPresent()) {
            ParentJvm parent = ParentJvm.get();
            try (Receiver<ByteBuffer> in = queue(parent.address("orders")).openReceiver();
                    Sender<ByteBuffer> out = queue(parent.address("results")).openSender()) {
                parent.ready();
                measurement.child(in, out);
                in.receive(); // until it is ended
            }
            return;
        }
        String name = "/ipc-bench-" + ProcessHandle.current().pid();
        Address orders = Address.of("posixmq", name + "-orders");
        Address results = Address.of("posixmq", name + "-results");
        int bytes = Math.max(LEAST_BYTES, Integer.parseInt(words[1]));
        PosixMessageQueueOptions options = PosixMessageQueueOptions.defaults().withMaxMessage(bytes);
        try {
            PosixMessageQueue.create(orders, Codecs.buffers(), options);
            PosixMessageQueue.create(results, Codecs.buffers(), options);
            parent(measurement, orders, results, words);
        } finally {
            PosixMessageQueue.remove(orders);
            PosixMessageQueue.remove(results);
        }
    }

    private static void parent(Measurement measurement, Address orders, Address results, String[] words)
            throws Exception {
        JvmLauncher launcher = JvmLauncher.of(PosixMqBench.class)
                .jvmArguments("-XX:+UseSerialGC", "-Xms256m", "-Xmx256m")
                .handOver("orders", orders)
                .handOver("results", results)
                .arguments(words);
        try (Receiver<ByteBuffer> in = queue(results).openReceiver();
                ChildJvm child = launcher.start()) {
            child.awaitReady();
            try (Sender<ByteBuffer> out = queue(orders).openSender()) {
                measurement.parent(out, in, child);
            }
        }
    }

    private static PosixMessageQueue<ByteBuffer> queue(Address address) throws IOException {
        return PosixMessageQueue.open(address, Codecs.buffers());
    }
}
