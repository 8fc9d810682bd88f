package org.jvmipc.cli.demo.readerswriters;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.cli.demo.Tally;
import org.jvmipc.cli.demo.Words;
import org.jvmipc.cli.demo.shared.HolderDeath;
import org.jvmipc.cli.demo.shared.WorkReport;

/** Judges what the demo {@code readers-writers} saw, and puts it into numbers and words. */
final class RecordReport {
    private static final String LAW =
            "no reader ever sees a torn record; never a writer beside anyone; all readers read together once; the"
                    + " record's version is the sum of all writes; nobody was told a death; the children ended as expected;"
                    + " nothing left behind";
    private static final String LAW_OF_DEATH =
            "a reader or a writer was killed with the lock held, and a writer had it within 500 ms; of a reader's death"
                    + " nobody is told, of a writer's the next writer, once, who finishes its write, and whoever reads before"
                    + " that; no other reader ever sees a torn record; never a writer beside anyone; the version is the sum"
                    + " of all writes; the others went on and ended as expected; nothing left behind";

    private static final String NOBODY_DIED = "a death was told, and nobody has died";

    private final DemoOptions options;
    private final Recorded seen;
    private final RecordState state;
    private final @Nullable HolderDeath death;
    private final Findings findings;

    private RecordReport(DemoOptions options, Recorded seen) {
        this.options = options;
        this.seen = seen;
        this.state = seen.state();
        this.death = seen.death();
        this.findings = new Findings(RecordDemo.MECHANISM, death == null ? LAW : LAW_OF_DEATH, options);
    }

    /** Judges what was seen. */
    static Findings of(DemoOptions options, Recorded seen) {
        return new RecordReport(options, seen).judge();
    }

    private Findings judge() {
        findings.messages(Tally.counted(state.writes(), state.version()));
        findings.faultIf(
                state.intruders() != 0, "a writer was beside another one, " + Words.count(state.intruders(), "time"));
        findings.faultIf(state.torn() != 0, "a reader saw a torn record, " + Words.count(state.torn(), "time"));
        findings.faultIf(!state.sound(), "the record is torn in the end");
        findings.faultIf(state.unfinished() != 0, "a write was left half done");
        turns("reader", seen.readers());
        turns("writer", seen.writers());
        seen.writers()
                .forEach((number, told) -> findings.faultIf(
                        told.done() != state.done().getOrDefault(number, 0L),
                        "writer " + number + " wrote " + told.done() + " times, and the record says "
                                + state.done().get(number)));
        if (death == null) {
            findings.faultIf(Recorded.told(seen.readers()) + Recorded.told(seen.writers()) != 0, NOBODY_DIED);
            findings.faultIf(state.takings() != 0, "a place was taken over, and nobody has died");
            findings.faultIf(
                    state.most() < seen.readers().size(), "no more than " + state.most() + " readers read together");
            findings.headline(nanos -> Words.count(seen.reads(), "read") + " of a sound record, "
                    + Words.count(state.version(), "write") + ", never both at once, in " + Words.duration(nanos));
        } else {
            death(death);
        }
        seen.processes().forEach(findings::ended);
        addFacts();
        show();
        return findings;
    }

    private void turns(String role, Map<Integer, WorkReport> members) {
        members.forEach((number, told) -> {
            boolean all = death == null ? told.done() == options.messages() : told.done() >= options.messages();
            findings.faultIf(
                    !all, role + " " + number + " has done " + told.done() + " turns of " + options.messages());
        });
    }

    // ---- a death

    private void death(HolderDeath died) {
        long handOverNanos = died.after(state.takenAtNanos());
        int told = Recorded.told(seen.writers());
        long ofDead = state.done().getOrDefault(died.number(), 0L);
        died.addTo(
                findings,
                seen.writerDied() ? "with the lock for itself and half of a write done" : "with the lock shared");
        findings.faultIf(
                state.takings() != 1, "the dead one's place was taken " + state.takings() + " times, not once");
        findings.faultIf(handOverNanos < 0, "a writer had the lock before its holder was killed");
        findings.told("next writer", handOverNanos);
        findings.faultIf(
                told != (seen.writerDied() ? 1 : 0),
                "the death of the " + role() + " was told to writers " + told + " times");
        findings.faultIf(
                Recorded.told(seen.readers()) != state.warned(),
                "readers were told " + Recorded.told(seen.readers()) + " times that a writer has died, and saw it "
                        + state.warned() + " times");
        findings.faultIf(!seen.writerDied() && state.warned() != 0, NOBODY_DIED);
        findings.faultIf(
                seen.writerDied() && ofDead != died.done() + 1,
                "the killed one had written " + died.done() + " times and one half, and the record says " + ofDead);
        findings.headline(nanos -> role() + " killed with the lock, a writer had it in "
                + Words.duration(handOverNanos) + "; " + Words.count(seen.reads(), "read") + ", none torn, "
                + Words.count(state.version(), "write"));
        findings.fact("killed", role());
        findings.fact("hand_over_nanos", handOverNanos);
        findings.fact("next_holder", state.taker());
        findings.fact("previous_owner_died_told", told);
        findings.fact("readers_warned", state.warned());
        findings.show(
                "next",
                "writer " + (state.taker() - readers()) + " had the lock " + Words.duration(handOverNanos)
                        + " after the kill"
                        + (seen.writerDied()
                                ? ", was told, and finished the dead one's write; before that "
                                        + Words.count(state.warned(), "read") + " were told to beware"
                                : "; nobody was told, as a reader leaves nothing half done"));
    }

    private String role() {
        return seen.writerDied() ? RecordDemo.WRITER : RecordDemo.READER;
    }

    private int readers() {
        return seen.readers().size() + (death == null || seen.writerDied() ? 0 : 1);
    }

    // ---- facts

    private void addFacts() {
        findings.fact("seed", seen.seed());
        findings.fact("readers", readers());
        findings.fact("writers", state.done().size() - readers());
        findings.fact("record_bytes", state.words() * (long) Long.BYTES);
        findings.fact("reads", seen.reads());
        findings.fact("writes", state.writes());
        findings.fact("version", state.version());
        findings.fact("most_readers_at_once", state.most());
        findings.fact("writer_beside_another", state.intruders());
        findings.fact("torn_reads", state.torn());
        findings.waits("readers", Recorded.waits(seen.readers()), Recorded.waitNanos(seen.readers()));
        findings.waits("writers", Recorded.waits(seen.writers()), Recorded.waitNanos(seen.writers()));
        findings.fact("using_nanos", seen.nanos());
    }

    private void show() {
        findings.show(
                "record",
                Words.count(state.words(), "word") + ", version " + Words.count(state.version()) + ": "
                        + Words.count(seen.reads(), "read") + " of " + Words.count(readers(), "reader") + ", "
                        + Words.count(state.writes(), "write") + " of "
                        + Words.count(state.done().size() - readers(), "writer"));
        findings.show("together", "at most " + Words.count(state.most(), "reader") + " at once, a writer always alone");
        findings.show(
                "waits",
                Words.waited("readers", Recorded.waits(seen.readers()), Recorded.waitNanos(seen.readers())) + "; "
                        + Words.waited("writers", Recorded.waits(seen.writers()), Recorded.waitNanos(seen.writers())));
        if (!seen.processes().isEmpty()) {
            findings.show("end", Words.list(seen.processes()));
        }
    }
}
