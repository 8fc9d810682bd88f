package org.jvmipc.cli.demo.fifo;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jvmipc.Address;
import org.jvmipc.Lifetime;
import org.jvmipc.cli.demo.Demo;
import org.jvmipc.cli.demo.DemoObject;
import org.jvmipc.cli.demo.DemoOption;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoReport;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.pipes.Fifo;
import org.jvmipc.pipes.FifoOptions;
import org.jvmipc.pipes.PipeOptions;

/** The demo of the named pipe: writers and a reader that know nothing of each other but its address. */
public final class FifoDemo implements Demo {
    /** Its name. */
    public static final String MECHANISM = "fifo";

    static final String KILL_WRITER = "writer";
    static final String KILL_READER = "reader";

    @Override
    public String mechanism() {
        return MECHANISM;
    }

    @Override
    public List<String> processes() {
        return List.of("writers", "reader");
    }

    @Override
    public String shows() {
        return "open, atomic writes";
    }

    @Override
    public Set<DemoOption> options() {
        return DemoOption.allBut(DemoOption.BROKEN);
    }

    @Override
    public List<String> kinds() {
        return List.of(KILL_WRITER, KILL_READER);
    }

    @Override
    public List<Class<?>> sources() {
        return List.of(FifoParent.class, FifoWriter.class, FifoReader.class);
    }

    @Override
    public DemoReport run(DemoOptions options, Consumer<String> progress) throws IOException, InterruptedException {
        return DemoRun.play(options, progress, run -> {
            DemoObject fifo = DemoObject.create(run, MECHANISM, name -> create(name, options));
            Findings findings;
            try (fifo) {
                findings = play(options, new FifoParent(options, run, fifo.address()));
            }
            findings.leftBehind(DemoObject.leftovers(fifo));
            return findings;
        });
    }

    private static Address create(String name, DemoOptions options) throws IOException {
        FifoOptions settings = FifoOptions.defaults()
                .withCapacity(options.capacityBytes())
                .withMaxMessage(Math.max(options.messageBytes(), PipeOptions.DEFAULT_MAX_MESSAGE_BYTES))
                .withLifetime(Lifetime.OWNED);
        return Fifo.create(Fifo.path(name), settings).address();
    }

    private static Findings play(DemoOptions options, FifoParent parent) throws IOException, InterruptedException {
        Duration killAfter = options.killAfter();
        try (parent) {
            if (killAfter == null) {
                return FifoReport.of(options, parent.transfer());
            }
            return KILL_READER.equals(options.kind())
                    ? FifoDeathReport.of(options, parent.killReader(killAfter))
                    : FifoDeathReport.of(options, parent.killWriter(killAfter));
        }
    }
}
