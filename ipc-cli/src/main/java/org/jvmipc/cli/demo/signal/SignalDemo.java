package org.jvmipc.cli.demo.signal;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jvmipc.UnsupportedMechanismException;
import org.jvmipc.cli.demo.Demo;
import org.jvmipc.cli.demo.DemoOption;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoReport;
import org.jvmipc.cli.demo.DemoRun;

/** The demo of signals: standard ones are merged, real-time ones queue. */
public final class SignalDemo implements Demo {
    /** Its name. */
    public static final String MECHANISM = "signal";

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
        return "merged, or queued";
    }

    @Override
    public Set<DemoOption> options() {
        return EnumSet.of(DemoOption.SLOW);
    }

    @Override
    public List<Class<?>> sources() {
        return List.of(SignalParent.class, SignalChild.class);
    }

    @Override
    public DemoReport run(DemoOptions options, Consumer<String> progress) throws IOException, InterruptedException {
        return DemoRun.play(options, progress, run -> {
            try {
                return SignalFindings.of(options, new SignalParent(options, run).send());
            } catch (UnsupportedMechanismException e) {
                return SignalFindings.skipped(options, String.valueOf(e.getMessage()));
            }
        });
    }
}
