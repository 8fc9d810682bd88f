package org.jvmipc.cli.demo.mutex;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jvmipc.cli.demo.Demo;
import org.jvmipc.cli.demo.DemoOption;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoReport;
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.cli.demo.shared.CountReport;
import org.jvmipc.cli.demo.shared.Counted;
import org.jvmipc.cli.demo.shared.InSegment;

/** The demo of the mutex: children that count in shared memory, one at a time. */
public final class MutexDemo implements Demo {
    /** Its name. */
    public static final String MECHANISM = "mutex";

    private static final String LAW =
            "the counter, which is no atomic one, is the sum of what all have counted; never two"
                    + " inside; fencing numbers rise; nobody was told a death; the children ended as expected; nothing left behind";
    private static final String LAW_OF_DEATH =
            "the holder was killed in the middle of a turn, and the next one had the mutex"
                    + " within 500 ms; previousOwnerDied was told once; the counter is the sum of all tallies, that of the dead one"
                    + " included, which the next one finished; never two inside; fencing numbers rise; nothing left behind";

    @Override
    public String mechanism() {
        return MECHANISM;
    }

    @Override
    public List<String> processes() {
        return List.of("children");
    }

    @Override
    public String shows() {
        return "a contended counter";
    }

    @Override
    public Set<DemoOption> options() {
        return EnumSet.of(DemoOption.CHILDREN, DemoOption.KILL_AFTER, DemoOption.SLOW);
    }

    @Override
    public List<Class<?>> sources() {
        return List.of(MutexParent.class, MutexChild.class);
    }

    @Override
    public DemoReport run(DemoOptions options, Consumer<String> progress) throws IOException, InterruptedException {
        return InSegment.play(options, progress, (run, segment) -> {
            try (MutexParent parent = new MutexParent(options, run, segment)) {
                return report(options, parent.count());
            }
        });
    }

    /** Judges what was seen. */
    static Findings report(DemoOptions options, Counted seen) {
        Findings findings = new Findings(MECHANISM, seen.death() == null ? LAW : LAW_OF_DEATH, options);
        CountReport.add(findings, options, seen);
        findings.fact("fence_did_not_rise", seen.board().badFences());
        return findings;
    }
}
