package org.jvmipc.cli.demo.mq;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.Ipc;
import org.jvmipc.cli.demo.Demo;
import org.jvmipc.cli.demo.DemoObject;
import org.jvmipc.cli.demo.DemoOption;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoReport;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.mq.MessageQueue;
import org.jvmipc.mq.MessageQueueOptions;

/** The demo of the durable message queue: a mailbox for several, and the same messages for another group that resumes. */
public final class MqDemo implements Demo {
    /** Its name. */
    public static final String MECHANISM = "mq";

    private static final Pattern NAME = Pattern.compile("ipc-demo-([0-9]{1,10})-[0-9a-f]+");
    private static final long CAPACITY_BYTES = 4 << 20;
    private static final long OVERHEAD_BYTES = 256 << 10;
    private static final int MESSAGES_AT_LEAST = 8;

    @Override
    public String mechanism() {
        return MECHANISM;
    }

    @Override
    public List<String> processes() {
        return List.of("producers", "consumers");
    }

    @Override
    public String shows() {
        return "mailbox, groups, ack";
    }

    @Override
    public Set<DemoOption> options() {
        return DemoOption.allBut(DemoOption.CAPACITY, DemoOption.KIND, DemoOption.BROKEN);
    }

    @Override
    public List<Class<?>> sources() {
        return List.of(MqParent.class, MqProducer.class, MqConsumer.class);
    }

    @Override
    public DemoReport run(DemoOptions options, Consumer<String> progress) throws IOException, InterruptedException {
        return DemoRun.play(options, progress, run -> {
            removeThoseOfTheDead();
            DemoObject queue = DemoObject.create(run, MECHANISM, name -> create(name, options));
            Findings findings;
            try (queue;
                    MqParent parent = new MqParent(options, run, queue.address())) {
                findings = MqReport.of(options, parent.transfer());
            }
            findings.leftBehind(DemoObject.leftovers(queue));
            return findings;
        });
    }

    private static Address create(String name, DemoOptions options) throws IOException {
        MessageQueueOptions settings = MessageQueueOptions.defaults()
                .withMaxMessage(options.messageBytes())
                .withCapacity(
                        Math.max(CAPACITY_BYTES, MESSAGES_AT_LEAST * (long) options.messageBytes() + OVERHEAD_BYTES));
        return MessageQueue.create(Address.of(MECHANISM, name), Codecs.buffers(), settings)
                .address();
    }

    /** A queue belongs to nobody, so it is for the demo to know its own: those of a demo that was killed. */
    private static void removeThoseOfTheDead() throws IOException {
        for (Address each : Ipc.scheme(MECHANISM).list()) {
            Matcher name = NAME.matcher(each.location());
            if (name.matches()
                    && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()
                    && Ipc.scheme(MECHANISM).users(each).isEmpty()) {
                Ipc.remove(each);
            }
        }
    }
}
