package org.jvmipc.cli.demo.sem;

import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.cli.demo.Tally;
import org.jvmipc.cli.demo.Words;
import org.jvmipc.cli.demo.shared.HolderDeath;

/** Judges what the demo {@code sem} saw when the holder of all permits was killed. */
final class PoolReport {
    private static final String LAW =
            "the killed one's permits of the robust semaphore came back, exactly these, and another"
                    + " had one within 500 ms; never more in use than there are; the others went on and ended as expected; nothing"
                    + " left behind";

    private PoolReport() {}

    /** Judges the death. */
    static Findings of(DemoOptions options, PoolDeath seen) {
        Findings findings = new Findings(SemDemo.MECHANISM, LAW, options);
        PoolState pool = seen.pool();
        HolderDeath death = seen.death();
        findings.messages(new Tally(seen.uses(), seen.uses(), 0, 0, 0, 0));
        findings.headline(nanos -> "holder of all " + Pool.PERMITS + " permits killed, another had one in "
                + Words.duration(seen.handOverNanos()) + "; all came back, and no more");
        findings.faultIf(
                pool.permitsBack() != Pool.PERMITS,
                "there are " + pool.permitsBack() + " permits in the end, not " + Pool.PERMITS);
        findings.faultIf(pool.tooMany() != 0, "more were used than there are, " + Words.count(pool.tooMany(), "time"));
        findings.faultIf(pool.takings() != 1, "what the dead one had was taken over " + pool.takings() + " times");
        findings.faultIf(seen.handOverNanos() < 0, "a permit was had by another before its holder was killed");
        findings.told("next holder", seen.handOverNanos());
        findings.killed(death.victim());
        seen.processes().forEach(findings::ended);
        findings.fact("broken", false);
        findings.fact("robust", true);
        findings.fact("permits", Pool.PERMITS);
        findings.fact("permits_held", Pool.PERMITS);
        findings.fact("permits_back", pool.permitsBack());
        findings.fact("killed_after_nanos", death.killedAfterNanos());
        findings.fact("hand_over_nanos", seen.handOverNanos());
        findings.fact("next_holder", pool.taker());
        findings.fact("uses", seen.uses());
        findings.waits("users", seen.waits(), seen.waitNanos());
        findings.fact("using_nanos", seen.nanos());
        show(findings, seen);
        return findings;
    }

    private static void show(Findings findings, PoolDeath seen) {
        findings.show(
                "pool",
                Pool.PERMITS + " permits of a robust semaphore; " + Words.count(seen.uses())
                        + " uses of one or two, never of more than there are");
        findings.show("contention", Words.waited("the users", seen.waits(), seen.waitNanos()));
        findings.show(
                "kill",
                seen.death().victim() + ", " + Words.duration(seen.death().killedAfterNanos())
                        + " after the first turns, with all permits");
        boolean parent = !seen.users().containsKey(seen.pool().taker());
        findings.show(
                "next",
                (parent ? "the parent" : "user " + seen.pool().taker()) + " had one "
                        + Words.duration(seen.handOverNanos()) + " after the kill; in the end all "
                        + seen.pool().permitsBack() + " were there");
        if (!seen.processes().isEmpty()) {
            findings.show("end", Words.list(seen.processes()));
        }
    }
}
