package org.jvmipc.cli.demo.pipe;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jvmipc.cli.demo.Demo;
import org.jvmipc.cli.demo.DemoOption;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoReport;
import org.jvmipc.cli.demo.DemoRun;

/** The demo of the anonymous pipe: a parent, a child, and a pipe each way. */
public final class PipeDemo implements Demo {
    /** Its name. */
    public static final String MECHANISM = "pipe";

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
        return "full, empty, the end";
    }

    @Override
    public Set<DemoOption> options() {
        return EnumSet.of(DemoOption.PAYLOAD, DemoOption.CAPACITY, DemoOption.KILL_AFTER, DemoOption.SLOW);
    }

    @Override
    public List<Class<?>> sources() {
        return List.of(PipeParent.class, PipeChild.class, PipeSurvivor.class);
    }

    @Override
    public DemoReport run(DemoOptions options, Consumer<String> progress) throws IOException, InterruptedException {
        Duration killAfter = options.killAfter();
        return DemoRun.play(
                options,
                progress,
                run -> killAfter == null
                        ? PipeReport.of(options, new PipeParent(options, run).exchange())
                        : PipeReport.of(options, new PipeSurvivor(options, run).streamAndKill(killAfter)));
    }
}
