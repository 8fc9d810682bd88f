package org.jvmipc.cli.demo.posixmq;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.UnsupportedMechanismException;
import org.jvmipc.cli.demo.Demo;
import org.jvmipc.cli.demo.DemoObject;
import org.jvmipc.cli.demo.DemoOption;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoReport;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.mq.PosixMessageQueue;
import org.jvmipc.mq.PosixMessageQueueOptions;

/** The demo of the kernel's message queue: priorities, and a queue that is full. */
public final class PosixmqDemo implements Demo {
    /** Its name. */
    public static final String MECHANISM = "posixmq";

    static final String KILL_PRODUCER = "producer";
    static final String KILL_CONSUMER = "consumer";

    @Override
    public String mechanism() {
        return MECHANISM;
    }

    @Override
    public List<String> processes() {
        return List.of("producers", "consumer");
    }

    @Override
    public String shows() {
        return "priorities, full queue";
    }

    @Override
    public Set<DemoOption> options() {
        return EnumSet.of(
                DemoOption.PAYLOAD, DemoOption.CHILDREN, DemoOption.KILL_AFTER, DemoOption.VICTIM, DemoOption.SLOW);
    }

    @Override
    public List<String> victims() {
        return List.of(KILL_PRODUCER, KILL_CONSUMER);
    }

    /** The kernel's largest, unless somebody has raised it. */
    @Override
    public int largestPayloadBytes() {
        return PosixMessageQueueOptions.defaults().maxMessageBytes() - DemoOptions.messageBytes(0);
    }

    @Override
    public List<Class<?>> sources() {
        return List.of(PosixmqParent.class, PosixmqProducer.class, PosixmqConsumer.class);
    }

    @Override
    public DemoReport run(DemoOptions options, Consumer<String> progress) throws IOException, InterruptedException {
        return DemoRun.play(options, progress, run -> {
            DemoObject queue;
            try {
                queue = DemoObject.create(run, MECHANISM, name -> create(name, options));
            } catch (UnsupportedMechanismException e) {
                return PosixmqFindings.skipped(options, String.valueOf(e.getMessage()));
            }
            Findings findings;
            try (queue;
                    PosixmqParent parent = new PosixmqParent(options, run, queue.address())) {
                findings = new PosixmqFindings(options, parent.transfer()).judge();
            }
            findings.leftBehind(DemoObject.leftovers(queue));
            return findings;
        });
    }

    private static Address create(String name, DemoOptions options) throws IOException {
        Address owned = Address.of(MECHANISM, "/" + name).with("owned", "");
        PosixMessageQueueOptions settings = PosixMessageQueueOptions.defaults().withMaxMessage(options.messageBytes());
        return PosixMessageQueue.create(owned, Codecs.buffers(), settings).address();
    }
}
