package org.jvmipc.cli.demo.lock;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jvmipc.cli.demo.Demo;
import org.jvmipc.cli.demo.DemoOption;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoReport;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.cli.demo.shared.LockedMemory;

/** The demo of the file lock: writers one at a time, readers together, and a program that knows nothing of the toolkit. */
public final class LockDemo implements Demo {
    /** Its name. */
    public static final String MECHANISM = "lock";

    @Override
    public String mechanism() {
        return MECHANISM;
    }

    @Override
    public List<String> processes() {
        return List.of("writers", "readers");
    }

    @Override
    public String shows() {
        return "alone, shared, FileLock";
    }

    @Override
    public Set<DemoOption> options() {
        return EnumSet.of(DemoOption.CHILDREN, DemoOption.KILL_AFTER, DemoOption.SLOW);
    }

    @Override
    public List<Class<?>> sources() {
        return List.of(LockParent.class, LockWriter.class, FileLockWriter.class, LockReader.class);
    }

    @Override
    public DemoReport run(DemoOptions options, Consumer<String> progress) throws IOException, InterruptedException {
        return DemoRun.play(
                options,
                progress,
                run -> LockedMemory.play(run, LockParent.memoryBytes(options), (lock, memory) -> {
                    try (LockParent parent = new LockParent(options, run, lock, memory)) {
                        return LockReport.of(options, parent.count());
                    }
                }));
    }
}
