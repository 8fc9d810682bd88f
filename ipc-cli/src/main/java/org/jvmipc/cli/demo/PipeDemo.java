package org.jvmipc.cli.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The demo of the anonymous pipe: a parent, a child, and a pipe each way. */
final class PipeDemo implements Demo {
    static final String MECHANISM = "pipe";

    @Override
    public String mechanism() {
        return MECHANISM;
    }

    @Override
    public List<String> processes() {
        return List.of("parent", "child");
    }

    @Override
    public String shows() {
        return "blocks when full or empty, half duplex, EOF";
    }

    @Override
    public Set<DemoOption> options() {
        return EnumSet.of(DemoOption.CAPACITY, DemoOption.KILL_AFTER, DemoOption.SLOW);
    }

    @Override
    public List<Class<?>> sources() {
        return List.of(PipeParent.class, PipeChild.class, PipeSurvivor.class);
    }

    @Override
    public DemoReport run(DemoOptions options, Consumer<String> progress) throws IOException, InterruptedException {
        PipeReport report = new PipeReport(options);
        long startNanos = System.nanoTime();
        Leftovers leftovers = Leftovers.since();
        try (DemoRun run = new DemoRun(options.timeout(), progress)) {
            play(options, run, report);
        }
        return report.finished(leftovers.list(), System.nanoTime() - startNanos);
    }

    private static void play(DemoOptions options, DemoRun run, PipeReport report)
            throws IOException, InterruptedException {
        Duration killAfter = options.killAfter();
        try {
            if (killAfter == null) {
                report.add(new PipeParent(options, run).exchange());
            } else {
                report.add(new PipeSurvivor(options, run).streamAndKill(killAfter));
            }
        } catch (IOException e) {
            throw run.explained(e);
        } catch (InterruptedException e) {
            throw run.explained(e);
        }
    }
}
