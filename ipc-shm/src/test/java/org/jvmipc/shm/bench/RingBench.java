package org.jvmipc.shm.bench;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jvmipc.Codecs;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.RingKind;
import org.jvmipc.shm.RingOptions;
import org.jvmipc.shm.RingReceiver;
import org.jvmipc.shm.RingSender;
import org.jvmipc.shm.RingWaiting;
import org.jvmipc.shm.SharedRing;
import org.jvmipc.testkit.bench.Measurement;

/**
 * How fast messages pass between two JVMs over two rings; see {@link Measurement}.
 *
 * <pre>PIN=cross|same|none CPUS=0,1 config/bench org.jvmipc.shm.bench.RingBench rtt|tput|batch SIZE N [KIND [WAITING]]</pre>
 *
 * <p>KIND is {@code one} (default), {@code lanes} or {@code broadcast}; WAITING {@code spin} (default), {@code adaptive} or {@code
 * sleep}. Both rings hold 1 MiB, or what 64 of the messages need.
 */
public final class RingBench {
    private static final int LEAST_CAPACITY = 1 << 20;
    private static final int MESSAGES = 64;

    private RingBench() {}

    /** Runs one measurement. */
    public static void main(String[] words) throws Exception {
        if (words.length < 3 || words.length > 5) {
            System.err.println("usage: RingBench rtt|tput|batch SIZE N [one|lanes|broadcast [spin|adaptive|sleep]]");
            System.exit(2);
        }
        String kind = words.length > 3 ? words[3] : "one";
        String waiting = words.length > 4 ? words[4] : "spin";
        Measurement measurement = new Measurement("ours.ring-" + kind + "-" + waiting, words[0], words[1], words[2]);
        RingOptions options = options(kind, waiting, Integer.parseInt(words[1]));
        if (ParentJvm.isPresent()) {
            child(measurement, options.waiting());
            return;
        }
        Path directory = Files.createTempDirectory(Path.of("/dev/shm"), "ring-bench");
        Path there = directory.resolve("there");
        Path back = directory.resolve("back");
        try (SharedRing orders = SharedRing.create(there, options);
                SharedRing results = SharedRing.create(back, options)) {
            parent(measurement, orders, results, words);
        } finally {
            SharedRing.remove(there);
            SharedRing.remove(back);
            Files.delete(directory);
        }
    }

    private static RingOptions options(String kind, String waiting, int size) {
        int capacity = Math.max(LEAST_CAPACITY, Integer.highestOneBit(Math.max(1, size) * MESSAGES) * 2);
        return RingOptions.defaults()
                .withKind(kind.equals("one") ? RingKind.ONE_TO_ONE : RingKind.valueOf(kind.toUpperCase(Locale.ROOT)))
                .withWaiting(RingWaiting.valueOf(waiting.toUpperCase(Locale.ROOT)))
                .withCapacity(capacity);
    }

    @SuppressWarnings("try") // closes early on purpose
    private static void parent(Measurement measurement, SharedRing orders, SharedRing results, String[] words)
            throws Exception {
        JvmLauncher launcher = JvmLauncher.of(RingBench.class)
                .jvmArguments("-XX:+UseSerialGC", "-Xms256m", "-Xmx256m")
                .handOver("orders", orders.address())
                .handOver("results", results.address())
                .arguments(words);
        try (RingReceiver<ByteBuffer> in = results.openReceiver(Codecs.buffers());
                ChildJvm child = launcher.start()) {
            child.awaitReady();
            try (RingSender<ByteBuffer> out = orders.openSender(Codecs.buffers())) {
                measurement.parent(out, in, child);
            }
            child.awaitExit();
        }
    }

    private static void child(Measurement measurement, RingWaiting waiting) throws Exception {
        ParentJvm parent = ParentJvm.get();
        try (SharedRing orders = waiting(parent, "orders", waiting);
                SharedRing results = waiting(parent, "results", waiting);
                RingReceiver<ByteBuffer> in = orders.openReceiver(Codecs.buffers());
                RingSender<ByteBuffer> out = results.openSender(Codecs.buffers())) {
            parent.ready();
            measurement.child(in, out);
        }
    }

    private static SharedRing waiting(ParentJvm parent, String name, RingWaiting waiting) throws Exception {
        return SharedRing.open(
                parent.address(name).with("waiting", waiting.name().toLowerCase(Locale.ROOT)));
    }
}
