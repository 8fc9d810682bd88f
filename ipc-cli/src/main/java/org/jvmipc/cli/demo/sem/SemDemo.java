package org.jvmipc.cli.demo.sem;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jvmipc.Address;
import org.jvmipc.cli.demo.Demo;
import org.jvmipc.cli.demo.DemoOption;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoReport;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.cli.demo.shared.InSegment;

/** The demo of the semaphore: producers and consumers, with P and V and without; and a robust one whose holder is killed. */
public final class SemDemo implements Demo {
    /** Its name. */
    public static final String MECHANISM = "sem";

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
        return "a buffer with P and V";
    }

    @Override
    public Set<DemoOption> options() {
        return DemoOption.allBut(DemoOption.KIND);
    }

    @Override
    public List<Class<?>> sources() {
        return List.of(
                SemParent.class,
                BoundedBuffer.class,
                SemProducer.class,
                SemConsumer.class,
                PoolParent.class,
                SemUser.class);
    }

    @Override
    public DemoReport run(DemoOptions options, Consumer<String> progress) throws IOException, InterruptedException {
        String size = "size=" + SemParent.segmentBytes(options);
        return InSegment.play(options, progress, (run, segment) -> play(options, run, segment), size);
    }

    private static Findings play(DemoOptions options, DemoRun run, Address segment)
            throws IOException, InterruptedException {
        Duration killAfter = options.killAfter();
        if (killAfter != null) {
            try (PoolParent parent = new PoolParent(options, run, segment)) {
                return PoolReport.of(options, parent.kill(killAfter));
            }
        }
        try (SemParent parent = new SemParent(options, run, segment)) {
            return SemReport.of(options, parent.transfer());
        }
    }
}
