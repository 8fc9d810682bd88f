package org.jvmipc.cli.demo.inbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.cli.demo.Words;

/** Judges what the demo {@code inbox} saw. */
final class InboxReport {
    private static final String LAW =
            "each message arrives once, at the one that it was sent to and at no other, in the order of its sender;"
                    + " the children ended as expected; nothing left behind";
    private static final String LAW_OF_DEATH =
            "the one that messages are sent to is killed: each sender is told within 500 ms that it died; who has its"
                    + " inbox next gets what was sent to it and nothing else; between all others each message arrives once, in the"
                    + " order of its sender; of the killed one comes a prefix; nothing left behind";

    private InboxReport() {}

    /** Judges a transfer. */
    static Findings of(DemoOptions options, InboxTransfer seen) {
        InboxTransfer.Death death = seen.death();
        Findings findings = new Findings(InboxDemo.MECHANISM, death == null ? LAW : LAW_OF_DEATH, options);
        findings.messages(seen.tally());
        seen.sentToTheLiving().forEach(sent -> ofPair(findings, sent, seen.takenOf(sent)));
        if (death == null) {
            findings.headline(nanos -> Words.count(seen.total()) + " sent = received by the one they were for, in "
                    + Words.duration(nanos));
            perPeer(seen)
                    .forEach((peer, sent) -> findings.faultIf(
                            sent != options.messages(), "peer " + peer + " sent " + sent + " messages"));
        } else {
            death(findings, seen, death);
        }
        seen.processes().forEach(findings::ended);
        findings.fact("peers", seen.peers());
        findings.fact("per_peer", perPeer(seen).values().stream().toList());
        findings.fact("full", seen.waits());
        findings.rate(seen.total(), options.payloadBytes(), seen.nanos());
        show(findings, options, seen);
        return findings;
    }

    private static void ofPair(Findings findings, InboxSeen sent, @Nullable InboxSeen taken) {
        String who = "of what peer " + sent.from() + " sent to peer " + sent.to();
        findings.faultIf(taken == null, who + " nobody knows");
        if (taken != null) {
            findings.faultIf(
                    taken.count() != sent.count(), who + ", " + taken.count() + " of " + sent.count() + " came");
            findings.faultIf(taken.digest() != sent.digest(), who + " came something else, or in another order");
        }
    }

    private static Map<Integer, Long> perPeer(InboxTransfer seen) {
        Map<Integer, Long> all = new TreeMap<>();
        seen.sent().forEach(each -> all.merge(each.from(), each.count(), Long::sum));
        return all;
    }

    private static void death(Findings findings, InboxTransfer seen, InboxTransfer.Death death) {
        findings.headline(nanos -> "peer killed, " + Words.count(death.told().size(), "sender") + " told in "
                + Words.duration(death.toldNanos()) + ", the next owner has only its own; "
                + Words.count(seen.tally().received()) + " sent = received");
        for (InboxSeen each : death.told()) {
            long nanos = each.atNanos() - death.killNanos();
            findings.told("peer " + each.from(), nanos);
            findings.faultIf(nanos < 0, "peer " + each.from() + " was told before the kill");
            findings.faultIf(
                    !each.reason().equals("DIED"), "peer " + each.from() + " was told " + each.reason() + ", not DIED");
        }
        findings.faultIf(death.told().size() != seen.peers() - 1, death.told().size() + " were told of the death");
        for (InboxSeen each : seen.taken()) {
            findings.faultIf(
                    seen.isVictim(each.from()) && each.gaps() != 0,
                    "of the killed one peer " + each.to() + " has no prefix, " + each.gaps() + " are missing");
        }
        findings.killed(death.victim());
        findings.fact("killed_after_nanos", death.killedAfterNanos());
        findings.fact("told_nanos", death.toldNanos());
        findings.fact("next_owner_nanos", death.successorNanos());
        findings.fact("next_owner_pid", death.successorPid());
    }

    private static void show(Findings findings, DemoOptions options, InboxTransfer seen) {
        List<String> shares = new ArrayList<>();
        for (InboxSeen each : seen.sentToTheLiving()) {
            shares.add(each.from() + " to " + each.to() + " " + Words.count(each.count()));
        }
        if (shares.size() <= 12) {
            findings.show("peers", "each to the inbox of each other: " + String.join(", ", shares));
        }
        InboxTransfer.Death death = seen.death();
        if (death != null) {
            findings.show(
                    "death",
                    death.victim() + "; all who sent to it were told DIED within " + Words.duration(death.toldNanos())
                            + "; process " + death.successorPid() + " had its inbox next");
        }
        findings.show("full", Words.count(seen.waits()) + " times there was no room for 5 ms");
        findings.show("rate", Words.rates(seen.total(), options.payloadBytes(), seen.nanos()));
    }
}
