package org.jvmipc.mq.bench;

import java.nio.ByteBuffer;
import java.util.Locale;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.mq.Inbox;
import org.jvmipc.mq.InboxOptions;
import org.jvmipc.mq.InboxSender;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.shm.RingWaiting;
import org.jvmipc.testkit.bench.Measurement;

/**
 * How fast messages pass between the inboxes of two JVMs; see {@link Measurement}.
 *
 * <pre>PIN=cross|same|none CPUS=0,1 config/bench org.jvmipc.mq.bench.InboxBench rtt|tput|batch SIZE N [WAITING]</pre>
 *
 * <p>WAITING is {@code spin} (default), {@code adaptive} or {@code sleep}. Both inboxes hold what the rings of {@code RingBench} do, 1 MiB
 * of each sender, or what 64 of the messages need; to be compared with its kind {@code lanes}.
 */
public final class InboxBench {
    private static final int LEAST_CAPACITY = 1 << 20;
    private static final int MESSAGES = 64;

    private InboxBench() {}

    /** Runs one measurement. */
    public static void main(String[] words) throws Exception {
        if (words.length < 3 || words.length > 4) {
            System.err.println("usage: InboxBench rtt|tput|batch SIZE N [spin|adaptive|sleep]");
            System.exit(2);
        }
        String waiting = words.length > 3 ? words[3] : "spin";
        Measurement measurement = new Measurement("ours.inbox-" + waiting, words[0], words[1], words[2]);
        InboxOptions options = options(waiting, Integer.parseInt(words[1]));
        if (ParentJvm.isPresent()) {
            child(measurement, options, waiting);
        } else {
            parent(measurement, options, waiting, words);
        }
    }

    private static InboxOptions options(String waiting, int size) {
        int capacity = Math.max(LEAST_CAPACITY, Integer.highestOneBit(Math.max(1, size) * MESSAGES) * 2);
        return InboxOptions.defaults()
                .withWaiting(RingWaiting.valueOf(waiting.toUpperCase(Locale.ROOT)))
                .withCapacity(capacity);
    }

    @SuppressWarnings("try") // closes early on purpose
    private static void parent(Measurement measurement, InboxOptions options, String waiting, String[] words)
            throws Exception {
        String base = "bench-" + ProcessIdentity.self().pid();
        Address there = Address.of("inbox", base + "-there");
        Address back = Address.of("inbox", base + "-back");
        JvmLauncher launcher = JvmLauncher.of(InboxBench.class)
                .jvmArguments("-XX:+UseSerialGC", "-Xms256m", "-Xmx256m")
                .handOver("orders", there)
                .handOver("results", back)
                .arguments(words);
        try (Inbox<ByteBuffer> in = Inbox.open(back, Codecs.buffers(), options.withTellsEnd(true));
                ChildJvm child = launcher.start()) {
            child.awaitReady();
            try (InboxSender<ByteBuffer> out = Inbox.openSender(there.with("waiting", waiting), Codecs.buffers())) {
                measurement.parent(out, in, child);
            }
            child.awaitExit();
        }
    }

    private static void child(Measurement measurement, InboxOptions options, String waiting) throws Exception {
        ParentJvm parent = ParentJvm.get();
        try (Inbox<ByteBuffer> in = Inbox.open(parent.address("orders"), Codecs.buffers(), options.withTellsEnd(true));
                InboxSender<ByteBuffer> out =
                        Inbox.openSender(parent.address("results").with("waiting", waiting), Codecs.buffers())) {
            parent.ready();
            measurement.child(in, out);
        }
    }
}
