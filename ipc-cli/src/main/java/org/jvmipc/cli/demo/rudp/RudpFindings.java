package org.jvmipc.cli.demo.rudp;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.jvmipc.PeerGoneException;
import org.jvmipc.cli.demo.DemoFaults;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.cli.demo.Tally;
import org.jvmipc.cli.demo.Words;
import org.jvmipc.internal.Units;
import org.jvmipc.sockets.FaultyLinkCounts;

/** Judges what the demo {@code rudp} saw. */
final class RudpFindings {
    private static final String LAW =
            "whatever the link loses, doubles, lets overtake or damages, in both directions: every message"
                    + " comes once, in the order in which it was sent, every byte verified; the sender's close has waited for the last"
                    + " acknowledgement, and the receiver is told of the end after the last message; the children ended as expected; nothing left"
                    + " behind";
    private static final String LAW_OF_DEATH =
            "of a killed sender comes a verified prefix, once, in order; the receiver is told"
                    + " after the silence it allows, 2 s; nothing left behind";

    /** What a busy machine may add to the silence. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private static final double PERCENT = 100;

    private final DemoOptions options;
    private final RudpSeen seen;
    private final RudpReport receiver;
    private final @Nullable RudpReport sender;
    private final Findings findings;

    RudpFindings(DemoOptions options, RudpSeen seen) {
        this.options = options;
        this.seen = seen;
        this.receiver = seen.receiver();
        this.sender = seen.sender();
        this.findings = new Findings(RudpDemo.MECHANISM, seen.death() == null ? LAW : LAW_OF_DEATH, options);
    }

    Findings judge() {
        findings.messages(new Tally(
                seen.sent(),
                receiver.messages(),
                Math.max(0, seen.sent() - receiver.messages()),
                receiver.duplicated(),
                receiver.reordered(),
                receiver.corrupt()));
        findings.headline(nanos -> Words.count(receiver.messages())
                + (sender == null ? " of a killed sender" : " sent = received")
                + ", in order, every byte verified, over "
                + share(seen.faults().loss()) + " loss, in " + Words.duration(nanos));
        if (sender != null) {
            exact(sender);
        }
        RudpSeen.Death death = seen.death();
        if (death != null) {
            ofDeath(death);
        }
        seen.processes().forEach(findings::ended);
        addFacts();
        show();
        return findings;
    }

    private void exact(RudpReport all) {
        findings.faultIf(all.messages() != options.messages(), all.messages() + " were sent");
        findings.faultIf(all.sum() != receiver.sum(), "what was received is not what was sent");
        ends(PeerGoneException.Reason.CLOSED);
        faults(all);
    }

    private void ends(PeerGoneException.Reason reason) {
        findings.faultIf(
                !receiver.end().equals(reason.name()), "the receiver was told that the sender is " + receiver.end());
    }

    /** A link that does nothing to packets makes for none that come damaged; one that it has damaged may come twice. */
    private void faults(RudpReport all) {
        FaultyLinkCounts there = seen.there();
        FaultyLinkCounts back = seen.back();
        findings.faultIf(
                receiver.packetsCorrupt() > 2 * there.corrupted(),
                receiver.packetsCorrupt() + " packets were damaged on the way to the receiver, and the link damaged "
                        + there.corrupted());
        findings.faultIf(
                all.packetsCorrupt() > 2 * back.corrupted(),
                all.packetsCorrupt() + " packets were damaged on the way to the sender, and the link damaged "
                        + back.corrupted());
        findings.faultIf(
                there.received() + there.dropped() < all.packetsSent(),
                all.packetsSent() + " packets were sent, and only " + there.received() + " have come to the link");
    }

    private void ofDeath(RudpSeen.Death death) {
        findings.killed(death.victim());
        findings.told("parent", death.exitToldNanos());
        findings.faultIf(
                receiver.end().equals(PeerGoneException.Reason.CLOSED.name()),
                "the receiver was told that the killed sender had closed");
        findings.faultIf(
                death.peerToldNanos() > RudpReceiver.SILENCE.plus(GRACE).toNanos(),
                "the receiver was told only after " + Words.duration(death.peerToldNanos()));
    }

    private void addFacts() {
        DemoFaults faults = seen.faults();
        findings.fact("seed", faults.seed());
        findings.fact("loss", faults.loss());
        findings.fact("reorder", faults.reorder());
        findings.fact("duplicate", faults.duplicate());
        findings.fact("corrupt", faults.corrupt());
        findings.fact("delay_nanos", faults.delay().toNanos());
        ofLink("link_there", seen.there());
        ofLink("link_back", seen.back());
        if (sender != null) {
            ofSide("sender", sender);
            findings.fact("sender_data_packets", sender.dataPackets());
            findings.fact("sender_retransmitted", sender.retransmitted());
            findings.fact("sender_timeouts", sender.timeouts());
            findings.fact("round_trip_nanos", sender.roundTripNanos());
            findings.fact("window_packets", sender.windowPackets());
        }
        ofSide("receiver", receiver);
        findings.fact("receiver_reordered", receiver.packetsReordered());
        findings.fact("receiver_duplicated", receiver.packetsDuplicated());
        RudpSeen.Death death = seen.death();
        if (death != null) {
            findings.fact("killed", "sender");
            findings.fact("killed_after_nanos", death.killedAfterNanos());
            findings.fact("exit_told_nanos", death.exitToldNanos());
            findings.fact("peer_told_nanos", death.peerToldNanos());
            findings.fact("peer_told", receiver.end());
        }
        findings.rate(receiver.messages(), options.payloadBytes(), seen.nanos());
    }

    private void ofLink(String name, FaultyLinkCounts counts) {
        findings.fact(name + "_received", counts.received());
        findings.fact(name + "_lost", counts.lost());
        findings.fact(name + "_reordered", counts.reordered());
        findings.fact(name + "_duplicated", counts.duplicated());
        findings.fact(name + "_corrupted", counts.corrupted());
    }

    private void ofSide(String name, RudpReport side) {
        findings.fact(name + "_packets_sent", side.packetsSent());
        findings.fact(name + "_corrupt", side.packetsCorrupt());
    }

    private void show() {
        DemoFaults faults = seen.faults();
        findings.show(
                "link",
                "each way " + share(faults.loss()) + " loss, " + share(faults.reorder()) + " reordered, "
                        + share(faults.duplicate()) + " doubled, " + share(faults.corrupt()) + " corrupt, "
                        + (faults.delay().isZero() ? "no delay" : Units.formatDuration(faults.delay()) + " delay")
                        + ", seed " + faults.seed());
        if (sender != null) {
            findings.show(
                    "sender",
                    Words.count(sender.dataPackets(), "packet") + " with data, "
                            + Words.count(sender.retransmitted()) + " sent again, " + Words.count(sender.timeouts())
                            + " runs of the timer; round trip " + Words.duration(sender.roundTripNanos()) + ", window "
                            + Words.count(sender.windowPackets()));
        }
        findings.show(
                "receiver",
                Words.count(receiver.packetsReordered(), "packet") + " behind a later one, "
                        + Words.count(receiver.packetsDuplicated()) + " doubled, "
                        + Words.count(receiver.packetsCorrupt()) + " corrupt; of the messages none");
        RudpSeen.Death death = seen.death();
        if (death != null) {
            findings.show(
                    "kill",
                    death.victim() + ", " + Words.duration(death.killedAfterNanos())
                            + " after the first message; the receiver was told " + receiver.end() + " after "
                            + Words.duration(death.peerToldNanos()) + ", as nothing came any more");
        }
        findings.show("rate", Words.rates(receiver.messages(), options.payloadBytes(), seen.nanos()));
    }

    private static String share(double probability) {
        String text = String.format(Locale.ROOT, "%.2f", probability * PERCENT);
        return text.replaceAll("\\.?0+$", "") + "%";
    }
}
