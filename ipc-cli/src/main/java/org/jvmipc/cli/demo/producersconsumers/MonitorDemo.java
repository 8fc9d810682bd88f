package org.jvmipc.cli.demo.producersconsumers;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jvmipc.cli.demo.Demo;
import org.jvmipc.cli.demo.DemoOption;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoReport;
import org.jvmipc.cli.demo.shared.InSegment;

/** The demo of producers and consumers with a monitor between them; that of the semaphore has them with P and V. */
public final class MonitorDemo implements Demo {
    /** Its name. */
    public static final String MECHANISM = "producers-consumers";

    static final String PRODUCER = "producer";
    static final String CONSUMER = "consumer";

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
        return "a buffer as a monitor";
    }

    @Override
    public Set<DemoOption> options() {
        return EnumSet.of(
                DemoOption.PAYLOAD,
                DemoOption.CHILDREN,
                DemoOption.CAPACITY,
                DemoOption.KILL_AFTER,
                DemoOption.VICTIM,
                DemoOption.SLOW,
                DemoOption.SEED);
    }

    @Override
    public List<String> victims() {
        return List.of(PRODUCER, CONSUMER);
    }

    @Override
    public List<Class<?>> sources() {
        return List.of(MonitorParent.class, MonitorBuffer.class, MonitorProducer.class, MonitorConsumer.class);
    }

    @Override
    public DemoReport run(DemoOptions options, Consumer<String> progress) throws IOException, InterruptedException {
        return InSegment.play(
                options,
                progress,
                (run, segment) -> {
                    try (MonitorParent parent = new MonitorParent(options, run, segment)) {
                        return MonitorReport.of(options, parent.transfer());
                    }
                },
                "size=" + MonitorParent.segmentBytes(options));
    }
}
