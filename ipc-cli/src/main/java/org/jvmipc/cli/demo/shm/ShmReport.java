package org.jvmipc.cli.demo.shm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.cli.demo.Words;
import org.jvmipc.cli.demo.shared.BoardState;
import org.jvmipc.cli.demo.shared.HolderDeath;
import org.jvmipc.cli.demo.shared.TakenReport;

/** Judges what the demo {@code shm} saw. */
final class ShmReport {
    private static final String LAW =
            "sent = received for every writer, in its order; nothing lost, doubled or corrupt; the"
                    + " variables have what all writers counted; never two inside, by FileLock or FileMutex; the children ended as"
                    + " expected; nothing left behind";
    private static final String LAW_OF_DEATH = "of the writer that was killed with the lock held all came that it had"
            + " written whole, and nothing of the half one; of every other writer all came, in its order; another had the"
            + " lock within 500 ms; the variables have what the others counted; never two inside; nothing left behind";

    private ShmReport() {}

    /** Judges a transfer. */
    static Findings of(DemoOptions options, ShmTransfer seen) {
        HolderDeath death = seen.death();
        Findings findings = new Findings(ShmDemo.MECHANISM, death == null ? LAW : LAW_OF_DEATH, options);
        findings.messages(seen.tally());
        seen.received().values().forEach(each -> ofWriter(findings, options, seen, each));
        BoardState board = seen.board();
        findings.faultIf(board.intruders() != 0, "two were inside at once, " + board.intruders() + " times");
        variables(findings, seen);
        if (death == null) {
            findings.headline(nanos -> Words.count(seen.tally().received())
                    + " sent = received, every byte verified, and all counts right, in " + Words.duration(nanos));
            findings.faultIf(board.takings() != 0, "the lock was left held, and nobody has died");
        } else {
            death(findings, seen, death);
        }
        seen.processes().forEach(findings::ended);
        addFacts(findings, options, seen);
        new ShmWords(options, findings).transfer(seen);
        return findings;
    }

    private static void ofWriter(Findings findings, DemoOptions options, ShmTransfer seen, TakenReport received) {
        int writer = received.sender();
        long sent = seen.sent(writer);
        findings.faultIf(
                received.received() != sent,
                "writer " + writer + " sent " + sent + ", and " + received.received() + " came");
        findings.faultIf(
                received.gaps() != 0, "of writer " + writer + " " + received.gaps() + " are missing in between");
        findings.faultIf(
                seen.board().done().getOrDefault(writer, 0L) != sent,
                "the tally of writer " + writer + " is " + seen.board().done().get(writer) + ", not " + sent);
        var report = seen.writers().get(writer);
        findings.faultIf(
                report != null && report.digest() != received.digest(),
                "the reader's digest of writer " + writer + " is not its own");
        findings.faultIf(
                seen.death() == null && sent != options.messages(), "writer " + writer + " sent " + sent + " messages");
    }

    private static void variables(Findings findings, ShmTransfer seen) {
        ShmTransfer.Variables variables = seen.variables();
        long all = seen.times() * seen.writers().size();
        findings.faultIf(variables.total() != all, "the total is " + variables.total() + ", not " + all);
        findings.faultIf(variables.atomic() != all, "the atomic total is " + variables.atomic() + ", not " + all);
        findings.faultIf(variables.counter() != all, "the counter is " + variables.counter() + ", not " + all);
        variables.perWriter().forEach((writer, counted) -> {
            long right = seen.writers().containsKey(writer) ? seen.times() : 0;
            findings.faultIf(counted != right, "writer " + writer + " counted " + counted + ", not " + right);
        });
    }

    private static void death(Findings findings, ShmTransfer seen, HolderDeath death) {
        BoardState board = seen.board();
        findings.headline(nanos -> "lock holder killed, another had the lock in " + Words.duration(seen.recoveryNanos())
                + "; its whole messages and all of the others verified, "
                + Words.count(seen.tally().received()));
        findings.faultIf(board.takings() != 1, "what the dead one held was taken over " + board.takings() + " times");
        findings.faultIf(seen.recoveryNanos() < 0, "the lock was had by another before its holder was killed");
        findings.told("next holder", seen.recoveryNanos());
        findings.killed(death.victim());
        findings.fact("killed_after_nanos", death.killedAfterNanos());
        findings.fact("recovery_nanos", seen.recoveryNanos());
        findings.fact("next_holder", board.taker() == board.done().size() ? "reader" : "writer-" + board.taker());
        findings.fact("half_written_seen", seen.tally().corrupt());
    }

    private static void addFacts(Findings findings, DemoOptions options, ShmTransfer seen) {
        findings.fact("writers", seen.received().size());
        findings.fact("area_bytes", seen.areaBytes());
        findings.fact("two_holders", seen.board().intruders());
        findings.fact("file_lock_holds", seen.board().holds() - seen.holdsOfReader());
        findings.fact("file_mutex_holds", seen.holdsOfReader());
        findings.waits("writers", seen.waits(), seen.waitNanos());
        findings.waits("reader", seen.reader().waits(), seen.reader().waitNanos());
        findings.fact("per_writer", perWriter(seen));
        findings.rate(seen.tally().received(), options.payloadBytes(), seen.nanos());
        findings.fact("counted_with_lock", seen.variables().total());
        findings.fact("counted_atomically", seen.variables().atomic());
        findings.fact("counted_in_stripes", seen.variables().counter());
        findings.fact("counting_nanos", seen.countingNanos());
    }

    private static List<Map<String, Object>> perWriter(ShmTransfer seen) {
        List<Map<String, Object>> all = new ArrayList<>();
        seen.received().forEach((number, received) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("writer", number);
            one.put("sent", seen.sent(number));
            one.put("received", received.received());
            one.put("counted", seen.variables().perWriter().get(number));
            all.add(one);
        });
        return all;
    }
}
