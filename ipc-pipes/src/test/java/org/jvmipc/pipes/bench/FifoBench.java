package org.jvmipc.pipes.bench;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jvmipc.Codecs;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.pipes.Fifo;
import org.jvmipc.pipes.FifoOptions;
import org.jvmipc.pipes.FifoReceiver;
import org.jvmipc.pipes.FifoSender;
import org.jvmipc.pipes.FifoSharing;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.bench.Measurement;

/**
 * How fast framed messages pass between two JVMs over two FIFOs; see {@link Measurement}.
 *
 * <pre>PIN=same|cross|none CPUS=0,1 config/bench org.jvmipc.pipes.bench.FifoBench rtt|tput|batch SIZE N [SHARING]</pre>
 *
 * <p>SHARING is {@code many-senders} (default), {@code one-sender} or {@code packets}.
 */
public final class FifoBench {
    private FifoBench() {}

    /** Runs one measurement. */
    public static void main(String[] words) throws Exception {
        if (words.length < 3 || words.length > 4) {
            System.err.println("usage: FifoBench rtt|tput|batch SIZE N [many-senders|one-sender|packets]");
            System.exit(2);
        }
        Measurement measurement = new Measurement("ours.fifo", words[0], words[1], words[2]);
        if (ParentJvm.isPresent()) {
            child(measurement);
            return;
        }
        FifoSharing sharing = words.length == 3
                ? FifoSharing.MANY_SENDERS
                : FifoSharing.valueOf(words[3].toUpperCase(Locale.ROOT).replace('-', '_'));
        Path directory = Files.createTempDirectory("fifo-bench");
        Fifo orders =
                Fifo.create(directory.resolve("orders"), FifoOptions.defaults().withSharing(sharing));
        Fifo results =
                Fifo.create(directory.resolve("results"), FifoOptions.defaults().withSharing(sharing));
        try {
            parent(measurement, orders, results, words);
        } finally {
            Fifo.remove(orders.path());
            Fifo.remove(results.path());
            Files.delete(directory);
        }
    }

    @SuppressWarnings("try") // closes early on purpose
    private static void parent(Measurement measurement, Fifo orders, Fifo results, String[] words) throws Exception {
        JvmLauncher launcher = JvmLauncher.of(FifoBench.class)
                .jvmArguments("-XX:+UseSerialGC", "-Xms256m", "-Xmx256m")
                .handOver("orders", orders.address())
                .handOver("results", results.address())
                .arguments(words);
        try (FifoReceiver<ByteBuffer> in = results.openReceiver(Codecs.buffers());
                ChildJvm child = launcher.start()) {
            child.awaitReady();
            try (FifoSender<ByteBuffer> out = orders.openSender(Codecs.buffers())) {
                measurement.parent(out, in, child);
            }
            child.awaitExit();
        }
    }

    private static void child(Measurement measurement) throws Exception {
        ParentJvm parent = ParentJvm.get();
        try (Receiver<ByteBuffer> in = parent.receiver("orders", Codecs.buffers());
                Sender<ByteBuffer> out = parent.sender("results", Codecs.buffers())) {
            parent.ready();
            measurement.child(in, out);
        }
    }
}
