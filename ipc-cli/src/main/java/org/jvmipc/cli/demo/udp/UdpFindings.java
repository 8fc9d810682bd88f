package org.jvmipc.cli.demo.udp;

import java.util.Locale;
import org.jvmipc.cli.demo.DemoFaults;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.cli.demo.Tally;
import org.jvmipc.cli.demo.Words;
import org.jvmipc.internal.Units;
import org.jvmipc.sockets.FaultyLinkCounts;

/** Judges what the demo {@code udp} saw. */
final class UdpFindings {
    private static final String LAW = "sent = received + lost (+ corrupt); what the receiver misses, has twice, late or"
            + " damaged is what the link has lost, doubled, let overtake or damaged, and nothing else but what a kernel"
            + " had no room for; the children ended as expected; nothing left behind";
    private static final String LAW_OF_DEATH =
            "the same up to the kill, of which nobody at the other end is told; the sender's end is known within 500 ms";
    private static final double PERCENT = 100;

    private final DemoOptions options;
    private final UdpSeen seen;
    private final FaultyLinkCounts link;
    private final UdpReport receiver;
    private final Findings findings;

    UdpFindings(DemoOptions options, UdpSeen seen) {
        this.options = options;
        this.seen = seen;
        this.link = seen.link();
        this.receiver = seen.receiver();
        this.findings = new Findings(UdpDemo.MECHANISM, seen.death() == null ? LAW : LAW_OF_DEATH, options);
    }

    Findings judge() {
        findings.unguardedMessages(new Tally(
                seen.sent(),
                receiver.received(),
                seen.lost(),
                receiver.duplicated(),
                receiver.reordered(),
                receiver.corrupt()));
        findings.headline(nanos -> Words.count(seen.sent()) + " sent = " + Words.count(receiver.received())
                + " received + " + Words.count(seen.lost()) + " lost"
                + (link.corrupted() == 0 ? "" : " + " + Words.count(link.corrupted()) + " corrupt") + ", in "
                + Words.duration(nanos));
        balance();
        if (seen.dropped() == 0) {
            faultByFault();
        }
        UdpSeen.Death death = seen.death();
        if (death == null) {
            findings.faultIf(seen.sent() != options.messages(), seen.sent() + " were sent");
        } else {
            findings.killed(death.victim());
            findings.told("parent", death.exitToldNanos());
        }
        seen.processes().forEach(findings::ended);
        addFacts();
        show();
        return findings;
    }

    /** What goes in comes out, or is accounted for, at every place. */
    private void balance() {
        equal("sent", seen.sent(), "in the link's counts", link.received() + link.dropped());
        equal(
                "received by the link, with copies",
                link.received() + link.duplicated(),
                "forwarded or lost by it",
                link.forwarded() + link.lost() + link.failed() + link.held());
        equal("forwarded", link.forwarded(), "arrived or dropped", receiver.arrived() + receiver.dropped());
        equal(
                "arrived",
                receiver.arrived(),
                "different, doubled or corrupt",
                receiver.received() + receiver.duplicated() + receiver.corrupt());
        findings.faultIf(receiver.sources() > 1, "they came from " + receiver.sources() + " addresses");
    }

    /** Without the kernel's hand in it, each fault is one that the link has made. */
    private void faultByFault() {
        equal("lost", seen.lost(), "lost by the link", link.lost() + link.failed());
        equal(
                "doubled or corrupt",
                receiver.duplicated() + receiver.corrupt(),
                "doubled or damaged by the link",
                link.duplicated() + link.corrupted());
        if (link.corrupted() == 0) {
            equal("doubled", receiver.duplicated(), "doubled by the link", link.duplicated());
            equal("out of order", receiver.reordered(), "overtaken in the link", link.reordered());
        }
    }

    private void equal(String one, long number, String other, long otherNumber) {
        findings.faultIf(number != otherNumber, number + " " + one + ", but " + otherNumber + " " + other);
    }

    private void addFacts() {
        DemoFaults faults = seen.faults();
        findings.fact("seed", faults.seed());
        findings.fact("loss", faults.loss());
        findings.fact("reorder", faults.reorder());
        findings.fact("duplicate", faults.duplicate());
        findings.fact("corrupt", faults.corrupt());
        findings.fact("delay_nanos", faults.delay().toNanos());
        findings.fact("link_received", link.received());
        findings.fact("link_forwarded", link.forwarded());
        findings.fact("link_lost", link.lost());
        findings.fact("link_reordered", link.reordered());
        findings.fact("link_duplicated", link.duplicated());
        findings.fact("link_delayed", link.delayed());
        findings.fact("link_corrupted", link.corrupted());
        findings.fact("arrived", receiver.arrived());
        findings.fact("dropped_by_kernel", seen.dropped());
        UdpSeen.Death death = seen.death();
        if (death != null) {
            findings.fact("killed", "sender");
            findings.fact("killed_after_nanos", death.killedAfterNanos());
            findings.fact("exit_told_nanos", death.exitToldNanos());
        }
        findings.rate(receiver.arrived(), options.payloadBytes(), seen.nanos());
    }

    private void show() {
        DemoFaults faults = seen.faults();
        findings.show(
                "link",
                share(faults.loss()) + " loss, " + share(faults.reorder()) + " reordered, " + share(faults.duplicate())
                        + " doubled, " + share(faults.corrupt()) + " corrupt, "
                        + (faults.delay().isZero() ? "no delay" : Units.formatDuration(faults.delay()) + " delay")
                        + ", seed " + faults.seed());
        findings.show(
                "receiver",
                Words.count(receiver.arrived(), "datagram") + ": " + Words.count(receiver.received()) + " different, "
                        + Words.count(receiver.duplicated()) + " doubled, " + Words.count(receiver.reordered())
                        + " out of order, " + Words.count(receiver.corrupt()) + " corrupt");
        findings.show(
                "kernel",
                seen.dropped() == 0
                        ? "had room for all; the sender paces itself, since nobody holds it back"
                        : "had no room for " + Words.count(seen.dropped()) + " of them");
        UdpSeen.Death death = seen.death();
        if (death != null) {
            findings.show(
                    "kill",
                    death.victim() + ", " + Words.duration(death.killedAfterNanos())
                            + " after the first datagram; the receiver was told nothing, the parent after "
                            + Words.duration(death.exitToldNanos()));
        }
        findings.show("rate", Words.rates(receiver.arrived(), options.payloadBytes(), seen.nanos()));
    }

    private static String share(double probability) {
        String text = String.format(Locale.ROOT, "%.2f", probability * PERCENT);
        return text.replaceAll("\\.?0+$", "") + "%";
    }
}
