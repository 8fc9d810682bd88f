package org.jvmipc.cli.demo.shared;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.cli.demo.Tally;
import org.jvmipc.cli.demo.Words;

/** Judges what was counted on a {@link Board}, and puts it into numbers and words. */
public final class CountReport {
    private final DemoOptions options;
    private final Counted seen;
    private final Findings findings;

    private CountReport(DemoOptions options, Counted seen, Findings findings) {
        this.options = options;
        this.seen = seen;
        this.findings = findings;
    }

    /** Adds to the findings whether all was counted, once, by one at a time, and who was told a death. */
    public static void add(Findings findings, DemoOptions options, Counted seen) {
        new CountReport(options, seen, findings).add();
    }

    private void add() {
        BoardState board = seen.board();
        findings.messages(Tally.counted(board.sum(), board.counter()));
        findings.faultIf(board.intruders() != 0, "two were inside at once, " + board.intruders() + " times");
        findings.faultIf(board.badFences() != 0, board.badFences() + " fencing numbers did not rise");
        findings.faultIf(board.torn() != 0, "a reader saw a turn half done, " + board.torn() + " times");
        findings.faultIf(board.unfinished() != 0, "a turn was left half done");
        seen.workers().forEach(this::ownTally);
        HolderDeath death = seen.death();
        if (death == null) {
            findings.faultIf(seen.told() != 0, "a death was told, and nobody has died");
            findings.faultIf(board.takings() != 0, "the lock was left held, and nobody has died");
            findings.headline(nanos -> Words.count(board.counter()) + " counted by "
                    + children(seen.workers().size())
                    + ", none lost, in " + Words.duration(nanos));
        } else {
            add(death);
        }
        seen.processes().forEach(findings::ended);
        addFacts(board);
        show(board, death);
    }

    private void ownTally(int number, WorkReport worker) {
        long onBoard = seen.board().done().getOrDefault(number, 0L);
        findings.faultIf(
                worker.done() != onBoard,
                "child " + number + " counted " + worker.done() + ", and its tally is " + onBoard);
        findings.faultIf(
                seen.death() == null && worker.done() != options.messages(),
                "child " + number + " counted " + worker.done());
    }

    private void add(HolderDeath death) {
        BoardState board = seen.board();
        long handOverNanos = board.takenAtNanos() - death.killNanos();
        long ofVictim = board.done().getOrDefault(death.number(), 0L);
        findings.killed(death.victim());
        findings.faultIf(board.takings() != 1, "what the dead one held was taken over " + board.takings() + " times");
        findings.faultIf(seen.told() != 1, "the death was told " + seen.told() + " times, not once");
        findings.faultIf(handOverNanos < 0, "the lock was had by another before its holder was killed");
        findings.faultIf(
                ofVictim != death.done() + 1,
                "the killed one had counted " + death.done() + " and one half, and its tally is " + ofVictim);
        findings.told("next holder", handOverNanos);
        findings.headline(nanos -> "holder killed, the next one had the lock in " + Words.duration(handOverNanos)
                + ", the death was told once; " + Words.count(board.counter()) + " counted, none lost");
        findings.fact("killed_after_nanos", death.killedAfterNanos());
        findings.fact("hand_over_nanos", handOverNanos);
        findings.fact("next_holder", board.taker());
        findings.fact("previous_owner_died_told", seen.told());
    }

    private void addFacts(BoardState board) {
        findings.fact("children", board.done().size() - 1);
        findings.fact("counter", board.counter());
        findings.fact("holds", board.holds());
        findings.fact("holds_per_second", Math.round(board.holds() * 1e9 / Math.max(1, seen.nanos())));
        findings.fact("two_holders", board.intruders());
        findings.waits("children", seen.waits(), seen.waitNanos());
        findings.fact("counting_nanos", seen.nanos());
        findings.fact("per_child", perChild(board));
    }

    private List<Map<String, Object>> perChild(BoardState board) {
        List<Map<String, Object>> all = new ArrayList<>();
        board.done().forEach((number, done) -> {
            WorkReport worker = seen.workers().get(number);
            if (worker == null && done == 0) {
                return; // the parent, who has looked only
            }
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("child", number);
            one.put("counted", done);
            if (worker != null) { // else its own numbers died with it
                one.put("waits", worker.waits());
                one.put("wait_nanos", worker.waitNanos());
            }
            all.add(one);
        });
        return all;
    }

    private static String children(int count) {
        return Words.count(count) + (count == 1 ? " child" : " children");
    }

    /** Members behind the children: the parent, who looks in the end. */
    private static String taker(BoardState board) {
        return board.taker() == board.done().size() ? "the parent" : "child " + board.taker();
    }

    private void show(BoardState board, @Nullable HolderDeath death) {
        findings.show(
                "counter",
                Words.count(board.counter()) + ", counted by a load and a store; the tallies of all add up to "
                        + Words.count(board.sum()));
        findings.show(
                "rate",
                Words.count(Math.round(board.holds() * 1e9 / Math.max(1, seen.nanos()))) + " holds/s, one at a time");
        findings.show("contention", Words.waited("the children", seen.waits(), seen.waitNanos()));
        if (death != null) {
            findings.show(
                    "kill",
                    death.victim() + ", " + Words.duration(death.killedAfterNanos())
                            + " after the first turns, with the lock held and a turn half done");
            findings.show(
                    "next",
                    taker(board) + " had the lock "
                            + Words.duration(board.takenAtNanos() - death.killNanos())
                            + " after the kill, and finished the tally of the dead one; the death was told "
                            + (seen.told() == 1 ? "once" : Words.count(seen.told(), "time")));
        }
        if (!seen.processes().isEmpty()) {
            findings.show("end", Words.list(seen.processes()));
        }
    }
}
