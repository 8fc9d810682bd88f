package org.jvmipc.cli.demo.dining;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.demo.Demo;
import org.jvmipc.cli.demo.DemoOption;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoReport;
import org.jvmipc.cli.demo.shared.InSegment;

/** The demo of the dining philosophers: who eats needs the two forks beside him, and so does each of his neighbours. */
public final class DiningDemo implements Demo {
    /** Its name. */
    public static final String MECHANISM = "dining";

    @Override
    public String mechanism() {
        return MECHANISM;
    }

    @Override
    public List<String> processes() {
        return List.of("philosophers");
    }

    @Override
    public String shows() {
        return "forks, no deadlock";
    }

    @Override
    public Set<DemoOption> options() {
        return EnumSet.of(DemoOption.CHILDREN, DemoOption.KILL_AFTER, DemoOption.SLOW, DemoOption.SEED);
    }

    @Override
    public @Nullable String contradiction(DemoOptions options) {
        return options.children() == 1
                ? "dining: one philosopher has one fork at his table, and eats with two; give -c 2 or more"
                : null;
    }

    @Override
    public List<Class<?>> sources() {
        return List.of(DiningParent.class, Philosopher.class, DiningTable.class);
    }

    @Override
    public DemoReport run(DemoOptions options, Consumer<String> progress) throws IOException, InterruptedException {
        return InSegment.play(options, progress, (run, segment) -> {
            try (DiningParent parent = new DiningParent(options, run, segment)) {
                return DiningReport.of(options, parent.dine());
            }
        });
    }
}
