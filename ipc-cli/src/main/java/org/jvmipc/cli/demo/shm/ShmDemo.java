package org.jvmipc.cli.demo.shm;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jvmipc.cli.demo.Demo;
import org.jvmipc.cli.demo.DemoOption;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoReport;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.cli.demo.shared.LockedMemory;

/** The demo of shared memory: an area of bytes, then of variables, guarded by nothing but a file lock. */
public final class ShmDemo implements Demo {
    /** Its name. */
    public static final String MECHANISM = "shm";

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
        return "bytes and variables";
    }

    @Override
    public Set<DemoOption> options() {
        return DemoOption.allBut(DemoOption.KIND, DemoOption.BROKEN);
    }

    @Override
    public List<Class<?>> sources() {
        return List.of(ShmParent.class, ShmArea.class, ShmWriter.class, ShmReader.class);
    }

    @Override
    public DemoReport run(DemoOptions options, Consumer<String> progress) throws IOException, InterruptedException {
        return DemoRun.play(
                options,
                progress,
                run -> LockedMemory.play(run, ShmParent.memoryBytes(options), (lock, memory) -> {
                    try (ShmParent parent = new ShmParent(options, run, lock, memory)) {
                        return ShmReport.of(options, parent.transfer());
                    }
                }));
    }
}
