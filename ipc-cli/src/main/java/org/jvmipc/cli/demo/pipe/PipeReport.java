package org.jvmipc.cli.demo.pipe;

import java.util.Objects;
import org.jvmipc.PeerGoneException.Reason;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.cli.demo.Tally;
import org.jvmipc.cli.demo.Verifier;
import org.jvmipc.cli.demo.Words;

/** Judges what the demo {@code pipe} saw, and puts it into numbers and words. */
final class PipeReport {
    private static final String LAW = "sent = received; nothing lost, doubled, out of order or corrupt;"
            + " the child ended as expected; nothing left behind";
    private static final String LAW_OF_DEATH =
            "what the survivor received is a verified prefix, without a gap, of what the child sent"
                    + " (the child's own count died with it); the death was named within 500 ms";

    private PipeReport() {}

    /** Judges an exchange. */
    static Findings of(DemoOptions options, PipeExchange seen) {
        Findings findings = new Findings(PipeDemo.MECHANISM, LAW, options);
        ChildReport childReceived = Objects.requireNonNull(seen.childReceived, "childReceived");
        ChildReport childSent = Objects.requireNonNull(seen.childSent, "childSent");
        Verifier received = Objects.requireNonNull(seen.received, "received");
        Tally tally = toChild(seen, childReceived)
                .plus(tally(received, childSent.sent(), received.lost(PipeChild.SENDER, childSent.sent())));
        findings.messages(tally);
        findings.headline(nanos ->
                Words.count(tally.received()) + " sent = received, every byte verified, in " + Words.duration(nanos));
        long expected = options.messages();
        findings.faultIf(seen.sentDigest != childReceived.receivedDigest(), "the child's digest is not the parent's");
        findings.faultIf(
                childSent.sentDigest() != received.digest(PipeChild.SENDER), "the parent's digest is not the child's");
        findings.faultIf(seen.sent != expected, "the parent sent " + seen.sent + " messages");
        findings.faultIf(childSent.sent() != expected, "the child sent " + childSent.sent() + " messages");
        findings.faultIf(seen.end != Reason.CLOSED, "the child's end was told as " + seen.end + ", not CLOSED");
        findings.ended(Objects.requireNonNull(seen.child, "child"));
        addFacts(findings, options, seen, childReceived, childSent);
        findings.rate(tally.received(), options.payloadBytes(), seen.toChildNanos + seen.fromChildNanos);
        new PipeWords(options, findings).exchange(seen, childReceived, childSent);
        return findings;
    }

    private static Tally toChild(PipeExchange seen, ChildReport childReceived) {
        return new Tally(
                seen.sent,
                childReceived.received(),
                Math.max(0, seen.sent - childReceived.received()),
                childReceived.duplicated(),
                childReceived.reordered(),
                childReceived.corrupt());
    }

    private static void addFacts(
            Findings findings,
            DemoOptions options,
            PipeExchange seen,
            ChildReport childReceived,
            ChildReport childSent) {
        findings.fact("child_ready_nanos", seen.childReadyNanos);
        findings.fact("capacity_bytes", seen.capacityBytes);
        findings.fact("filled", seen.isFilled(options));
        findings.fact("filled_bytes", seen.filledBytes);
        findings.fact("filled_messages", seen.filledMessages);
        findings.fact("blocked_bytes", seen.blockedBytes);
        findings.fact("found_empty", seen.foundEmpty);
        findings.waits("parent_writer", seen.writerWaits);
        findings.waits("child_reader", childReceived.waits(), childReceived.waitNanos());
        findings.waits("child_writer", childSent.waits(), childSent.waitNanos());
        findings.waits("parent_reader", seen.readerWaits);
        findings.fact("end", String.valueOf(seen.end));
    }

    /** Judges a death. */
    static Findings of(DemoOptions options, PipeDeath seen) {
        Findings findings = new Findings(PipeDemo.MECHANISM, LAW_OF_DEATH, options);
        Verifier received = seen.received();
        long gaps = received.gaps(PipeChild.SENDER);
        // Known to be sent: all up to the last that came. The child's own count died with it.
        Tally tally = tally(received, received.received(PipeChild.SENDER) + gaps, gaps);
        findings.messages(tally);
        findings.headline(nanos -> "child killed, death named in " + Words.duration(seen.namedNanos()) + "; prefix of "
                + Words.count(tally.received()) + " verified");
        findings.faultIf(
                seen.readerReason() != Reason.DIED, "the reader was told " + seen.readerReason() + ", not DIED");
        findings.faultIf(
                seen.writerReason() != Reason.DIED, "the writer was told " + seen.writerReason() + ", not DIED");
        findings.faultIf(seen.readerToldNanos() < 0, "the child was gone before it was killed");
        findings.killed(seen.child());
        findings.told("reader", seen.readerToldNanos());
        findings.told("writer", seen.writerToldNanos());
        findings.told("waiter for the exit", seen.exitToldNanos());
        findings.fact("capacity_bytes", seen.capacityBytes());
        findings.fact("sent_to_child", seen.sentToChild());
        findings.fact("killed_after_nanos", seen.killedAfterNanos());
        findings.fact("reader_told", String.valueOf(seen.readerReason()));
        findings.fact("reader_told_nanos", seen.readerToldNanos());
        findings.fact("writer_told", String.valueOf(seen.writerReason()));
        findings.fact("writer_told_nanos", seen.writerToldNanos());
        findings.fact("exit_told_nanos", seen.exitToldNanos());
        findings.waits("parent_writer", seen.writerWaits());
        new PipeWords(options, findings).death(seen);
        return findings;
    }

    private static Tally tally(Verifier received, long sent, long lost) {
        return new Tally(
                sent,
                received.received(PipeChild.SENDER),
                lost,
                received.duplicated(),
                received.reordered(),
                received.corrupt());
    }
}
