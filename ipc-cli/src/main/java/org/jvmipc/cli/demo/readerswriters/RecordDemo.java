package org.jvmipc.cli.demo.readerswriters;

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

/** The demo of readers and writers: many read a record at once, or one writes it. */
public final class RecordDemo implements Demo {
    /** Its name. */
    public static final String MECHANISM = "readers-writers";

    static final String WRITER = "writer";
    static final String READER = "reader";

    @Override
    public String mechanism() {
        return MECHANISM;
    }

    @Override
    public List<String> processes() {
        return List.of("readers", "writers");
    }

    @Override
    public String shows() {
        return "many read or one writes";
    }

    @Override
    public Set<DemoOption> options() {
        return EnumSet.of(
                DemoOption.PAYLOAD,
                DemoOption.CHILDREN,
                DemoOption.KILL_AFTER,
                DemoOption.VICTIM,
                DemoOption.SLOW,
                DemoOption.SEED);
    }

    @Override
    public List<String> victims() {
        return List.of(WRITER, READER);
    }

    @Override
    public List<Class<?>> sources() {
        return List.of(RecordParent.class, SharedRecord.class, RecordReader.class, RecordWriter.class);
    }

    @Override
    public DemoReport run(DemoOptions options, Consumer<String> progress) throws IOException, InterruptedException {
        return InSegment.play(
                options,
                progress,
                (run, segment) -> {
                    try (RecordParent parent = new RecordParent(options, run, segment)) {
                        return RecordReport.of(options, parent.play());
                    }
                },
                "size=" + RecordParent.segmentBytes(options));
    }
}
