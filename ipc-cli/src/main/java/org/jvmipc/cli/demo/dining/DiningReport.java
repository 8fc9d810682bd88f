package org.jvmipc.cli.demo.dining;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.cli.demo.Tally;
import org.jvmipc.cli.demo.Words;
import org.jvmipc.cli.demo.dining.TableState.Eater;
import org.jvmipc.cli.demo.dining.TableState.ForkState;
import org.jvmipc.cli.demo.shared.HolderDeath;
import org.jvmipc.cli.demo.shared.WorkReport;

/** Judges what the demo {@code dining} saw, and puts it into numbers and words. */
final class DiningReport {
    private static final String LAW =
            "each fork is picked up in the order of their numbers, so no circle of waiting can close, and all eat all"
                    + " their meals; a fork never has two users; neighbours never eat together; each meal was eaten with the"
                    + " two forks beside it; nobody was told a death; the children ended as expected; nothing left behind";
    private static final String LAW_OF_DEATH =
            "a philosopher was killed with one fork in its hand or two; who had such a fork next was told, once for each"
                    + " fork, within 500 ms of the kill, or of waiting for that fork; the others have eaten after that, and all their meals; a fork never has two users;"
                    + " neighbours never eat together; each meal that was eaten up was so with the two forks beside it; the"
                    + " others ended as expected; nothing left behind";

    private final DemoOptions options;
    private final Dined seen;
    private final TableState table;
    private final Findings findings;

    private DiningReport(DemoOptions options, Dined seen) {
        this.options = options;
        this.seen = seen;
        this.table = seen.table();
        this.findings = new Findings(DiningDemo.MECHANISM, seen.death() == null ? LAW : LAW_OF_DEATH, options);
    }

    /** Judges what was seen. */
    static Findings of(DemoOptions options, Dined seen) {
        return new DiningReport(options, seen).judge();
    }

    private Findings judge() {
        long meals = table.meals();
        findings.messages(Tally.counted(meals, table.uses() / 2));
        findings.faultIf(table.twoUsers() != 0, "a fork had two users, " + Words.count(table.twoUsers(), "time"));
        findings.faultIf(table.together() != 0, "neighbours ate together, " + Words.count(table.together(), "time"));
        seen.philosophers().forEach(this::philosopher);
        for (int fork = 0; fork < table.forks().size(); fork++) {
            fork(fork, table.forks().get(fork));
        }
        HolderDeath death = seen.death();
        if (death == null) {
            findings.faultIf(seen.told() != 0, "a death was told, and nobody has died");
            findings.headline(nanos -> Words.count(meals, "meal") + " eaten by "
                    + Words.count(table.eaters().size(), "philosopher")
                    + ", neighbours never together, in " + Words.duration(nanos));
        } else {
            death(death);
        }
        seen.processes().forEach(findings::ended);
        addFacts();
        show(death);
        return findings;
    }

    private void philosopher(int number, WorkReport told) {
        Eater eater = table.eater(number);
        String who = "philosopher " + number;
        findings.faultIf(
                told.done() != eater.eaten(),
                who + " has eaten " + told.done() + " meals, and " + eater.eaten() + " are on the table's account");
        findings.faultIf(eater.begun() != eater.eaten(), who + " has left a meal half eaten");
        boolean all = seen.death() == null ? told.done() == options.messages() : told.done() >= options.messages();
        findings.faultIf(!all, who + " has eaten " + told.done() + " meals of " + options.messages());
    }

    private void fork(int fork, ForkState state) {
        findings.faultIf(state.user() != 0, "fork " + fork + " is in the hand of philosopher " + state.user());
        findings.faultIf(
                state.uses() != table.mealsWith(fork),
                "with fork " + fork + " " + state.uses() + " meals were eaten, and its two users ate "
                        + table.mealsWith(fork));
    }

    // ---- a death

    private void death(HolderDeath death) {
        int held = seen.forksOfDead();
        Eater dead = table.eater(death.number());
        death.addTo(findings, "with " + forks(held) + (held == 2 ? " and a meal half eaten" : ""));
        findings.faultIf(table.takings() != held, table.takings() + " forks were taken over, and it had " + held);
        findings.faultIf(seen.told() != held, "its death was told " + seen.told() + " times for " + held + " forks");
        findings.faultIf(
                dead.eaten() != death.done(),
                "the killed one had eaten " + death.done() + " meals, and " + dead.eaten()
                        + " are on the table's account");
        findings.faultIf(dead.begun() != dead.eaten() + held - 1, "the killed one's last meal is not as it left it");
        for (ForkState fork : taken()) {
            findings.faultIf(
                    death.after(fork.takenAtNanos()) < 0, "a fork was had by another before its holder was killed");
            findings.told("next user of a fork", handOverNanos(death, fork));
        }
        findings.headline(nanos -> "philosopher killed with " + forks(held) + ", told in "
                + Words.duration(handOverNanos(death)) + "; the others ate on: "
                + Words.count(table.meals(), "meal") + ", neighbours never together");
        findings.fact("forks_held", held);
        findings.fact("hand_over_nanos", handOverNanos(death));
        findings.fact("next_holders", nextHolders());
        findings.fact("previous_owner_died_told", seen.told());
    }

    private static String forks(int held) {
        return held == 1 ? "a fork" : "two forks";
    }

    /** The forks that the dead one had. */
    private List<ForkState> taken() {
        return table.forks().stream().filter(fork -> fork.takings() != 0).toList();
    }

    /** From the kill until it was had; who waits for another fork then, and for this one later, has it no sooner. */
    private static long handOverNanos(HolderDeath death, ForkState fork) {
        return death.afterWanted(fork.takenAtNanos(), fork.wantedAtNanos());
    }

    /** The longest of its forks. */
    private long handOverNanos(HolderDeath death) {
        return taken().stream()
                .mapToLong(fork -> handOverNanos(death, fork))
                .max()
                .orElse(0);
    }

    private List<Integer> nextHolders() {
        return List.copyOf(new TreeSet<>(taken().stream().map(ForkState::taker).toList()));
    }

    // ---- facts

    private void addFacts() {
        findings.fact("seed", seen.seed());
        findings.fact("philosophers", table.eaters().size());
        findings.fact("meals", table.meals());
        findings.fact("meals_per_second", perSecond());
        findings.fact("longest_wait_nanos", table.longestNanos());
        findings.fact("both_forks_contended", table.contended());
        findings.fact("two_users", table.twoUsers());
        findings.fact("neighbours_together", table.together());
        findings.waits("philosophers", seen.waits(), seen.waitNanos());
        findings.fact("eating_nanos", seen.nanos());
        List<Map<String, Object>> all = new ArrayList<>();
        for (int number = 1; number <= table.eaters().size(); number++) {
            Eater eater = table.eater(number);
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("philosopher", number);
            one.put("meals", eater.eaten());
            one.put("longest_wait_nanos", eater.longestNanos());
            one.put("both_forks_contended", eater.contended());
            all.add(one);
        }
        findings.fact("per_philosopher", all);
    }

    private long perSecond() {
        return Math.round(table.meals() * 1e9 / Math.max(1, seen.nanos()));
    }

    private void show(@Nullable HolderDeath death) {
        findings.show(
                "table",
                Words.count(table.eaters().size(), "philosopher") + ", a fork between each two: "
                        + Words.count(table.meals(), "meal") + ", " + Words.count(perSecond()) + " meals/s");
        findings.show(
                "hunger",
                "longest wait " + Words.duration(table.longestNanos()) + "; both forks contended "
                        + Words.count(table.contended(), "time") + "; "
                        + Words.waited("the philosophers", seen.waits(), seen.waitNanos()));
        if (death != null) {
            List<String> who = nextHolders().stream()
                    .map(number -> "philosopher " + number)
                    .toList();
            findings.show(
                    "next",
                    String.join(" and ", who) + " had " + (seen.forksOfDead() == 1 ? "it" : "them") + " within "
                            + Words.duration(handOverNanos(death)) + " of the kill, and "
                            + (who.size() == 1 ? "was" : "were") + " told "
                            + (seen.told() == 1 ? "once" : Words.count(seen.told(), "time"))
                            + " that the last user has died");
        }
        if (!seen.processes().isEmpty()) {
            findings.show("end", Words.list(seen.processes()));
        }
    }
}
