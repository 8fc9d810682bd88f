package org.jvmipc.cli.demo.shared;

import java.io.IOException;
import java.util.function.Consumer;
import org.jvmipc.Address;
import org.jvmipc.cli.demo.DemoObject;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoReport;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.cli.demo.Findings;

/** A run with a segment of its own. */
public final class InSegment {
    private InSegment() {}

    /** What is played in it. */
    @FunctionalInterface
    public interface Script {
        /** Plays it, and judges what it saw. */
        Findings play(DemoRun run, Address segment) throws IOException, InterruptedException;
    }

    /**
     * Makes the segment, plays the script, and looks at what is left of all.
     *
     * @param parameters of the segment's making, as {@code size=1m}
     * @throws IOException as {@link DemoRun#play}
     * @throws InterruptedException if interrupted
     */
    public static DemoReport play(DemoOptions options, Consumer<String> progress, Script script, String... parameters)
            throws IOException, InterruptedException {
        return DemoRun.play(options, progress, run -> {
            DemoObject segment = DemoObject.create(run, "segment", parameters);
            Findings findings;
            try (segment) {
                findings = script.play(run, segment.address());
            }
            findings.leftBehind(DemoObject.leftovers(segment));
            return findings;
        });
    }
}
