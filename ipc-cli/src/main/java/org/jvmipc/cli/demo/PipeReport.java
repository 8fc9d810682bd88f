package org.jvmipc.cli.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jvmipc.PeerGoneException.Reason;
import org.jvmipc.pipes.WaitStatistics;

/** Judges what the demo {@code pipe} saw, and puts it into numbers and words. */
final class PipeReport {
    private static final String LAW = "sent = received; nothing lost, doubled, out of order or corrupt;"
            + " the child ended as expected; nothing left behind";
    private static final String LAW_OF_DEATH =
            "what the survivor received is a verified prefix, without a gap, of what the child sent"
                    + " (the child's own count died with it); the death was named within 500 ms";
    private static final long NAMED_WITHIN_NANOS = 500_000_000;
    private static final int SIGKILL = 9;

    private final DemoOptions options;
    private final List<String> faults = new ArrayList<>();
    private final List<Peer> peers = new ArrayList<>();
    private final Map<String, Object> facts = new LinkedHashMap<>();
    private final Map<String, String> shown = new LinkedHashMap<>();
    private Tally tally = new Tally(0, 0, 0, 0, 0, 0);
    private String law = LAW;
    private @Nullable PipeDeath death;

    PipeReport(DemoOptions options) {
        this.options = options;
        facts.put("payload_bytes", options.payloadBytes());
        facts.put("pause_nanos", options.slow() ? Pause.NANOS : 0);
    }

    /** Judges an exchange. */
    void add(PipeExchange seen) {
        ChildReport childReceived = Objects.requireNonNull(seen.childReceived, "childReceived");
        ChildReport childSent = Objects.requireNonNull(seen.childSent, "childSent");
        Verifier received = Objects.requireNonNull(seen.received, "received");
        Tally toChild = new Tally(
                seen.sent,
                childReceived.received(),
                Math.max(0, seen.sent - childReceived.received()),
                childReceived.duplicated(),
                childReceived.reordered(),
                childReceived.corrupt());
        Tally fromChild = tally(received, childSent.sent(), received.lost(PipeChild.SENDER, childSent.sent()));
        tally = toChild.plus(fromChild);
        faultIf(seen.sentDigest != childReceived.receivedDigest(), "the child's digest is not the parent's");
        faultIf(childSent.sentDigest() != received.digest(PipeChild.SENDER), "the parent's digest is not the child's");
        faultIf(seen.sent != options.messages(), "the parent sent " + seen.sent + " messages");
        faultIf(childSent.sent() != options.messages(), "the child sent " + childSent.sent() + " messages");
        faultIf(seen.end != Reason.CLOSED, "the child's end was told as " + seen.end + ", not CLOSED");
        Peer child = Objects.requireNonNull(seen.child, "child");
        faultIf(!child.status().isSuccess(), "the " + child);
        peers.add(child);
        factsOf(seen, childReceived, childSent);
        new PipeWords(options, shown).exchange(seen, childReceived, childSent);
    }

    private void factsOf(PipeExchange seen, ChildReport childReceived, ChildReport childSent) {
        long bytes = tally.received() * options.payloadBytes();
        long nanos = seen.toChildNanos + seen.fromChildNanos;
        facts.put("child_ready_nanos", seen.childReadyNanos);
        facts.put("capacity_bytes", seen.capacityBytes);
        facts.put("filled", seen.isFilled(options));
        facts.put("filled_bytes", seen.filledBytes);
        facts.put("filled_messages", seen.filledMessages);
        facts.put("blocked_bytes", seen.blockedBytes);
        facts.put("found_empty", seen.foundEmpty);
        waits("parent_writer", seen.writerWaits.count(), nanos(seen.writerWaits));
        waits("child_reader", childReceived.waits(), childReceived.waitNanos());
        waits("child_writer", childSent.waits(), childSent.waitNanos());
        waits("parent_reader", seen.readerWaits.count(), nanos(seen.readerWaits));
        facts.put("end", String.valueOf(seen.end));
        facts.put("transfer_nanos", nanos);
        facts.put("messages_per_second", Math.round(Words.perSecond(tally.received(), nanos)));
        facts.put("payload_bytes_per_second", Math.round(Words.perSecond(bytes, nanos)));
    }

    /** Judges a death. */
    void add(PipeDeath seen) {
        law = LAW_OF_DEATH;
        death = seen;
        Verifier received = seen.received();
        long gaps = received.gaps(PipeChild.SENDER);
        // Known to be sent: all up to the last that came. The child's own count died with it.
        tally = tally(received, received.received(PipeChild.SENDER) + gaps, gaps);
        faultIf(seen.readerReason() != Reason.DIED, "the reader was told " + seen.readerReason() + ", not DIED");
        faultIf(seen.writerReason() != Reason.DIED, "the writer was told " + seen.writerReason() + ", not DIED");
        faultIf(seen.child().status().signal() != SIGKILL, "it was not SIGKILL that ended the " + seen.child());
        faultIf(seen.readerToldNanos() < 0, "the child was gone before it was killed");
        tooLate("reader", seen.readerToldNanos());
        tooLate("writer", seen.writerToldNanos());
        tooLate("waiter for the exit", seen.exitToldNanos());
        peers.add(seen.child());
        facts.put("capacity_bytes", seen.capacityBytes());
        facts.put("sent_to_child", seen.sentToChild());
        facts.put("killed_after_nanos", seen.killedAfterNanos());
        facts.put("reader_told", String.valueOf(seen.readerReason()));
        facts.put("reader_told_nanos", seen.readerToldNanos());
        facts.put("writer_told", String.valueOf(seen.writerReason()));
        facts.put("writer_told_nanos", seen.writerToldNanos());
        facts.put("exit_told_nanos", seen.exitToldNanos());
        waits("parent_writer", seen.writerWaits().count(), nanos(seen.writerWaits()));
        new PipeWords(options, shown).death(seen);
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

    private void waits(String who, long count, long nanos) {
        facts.put(who + "_waits", count);
        facts.put(who + "_wait_nanos", nanos);
    }

    private static long nanos(WaitStatistics waits) {
        return waits.total().toNanos();
    }

    private void tooLate(String who, long nanos) {
        faultIf(nanos > NAMED_WITHIN_NANOS, "the " + who + " was told after " + Words.duration(nanos));
    }

    private void faultIf(boolean wrong, String text) {
        if (wrong) {
            faults.add(text);
        }
    }

    private String headline(long nanos) {
        String received = Words.count(tally.received());
        return death == null
                ? received + " sent = received, every byte verified, in " + Words.duration(nanos)
                : "child killed, death named in " + Words.duration(death.namedNanos()) + "; prefix of " + received
                        + " verified";
    }

    /** The report, when all is over and what was left behind is known. */
    DemoReport finished(List<String> leftovers, long nanos) {
        String lost = tally.fault();
        if (lost != null) {
            faults.add(0, lost);
        }
        faultIf(!leftovers.isEmpty(), "left behind: " + String.join(", ", leftovers));
        shown.put("left behind", leftovers.isEmpty() ? "no process, no descriptor" : leftovers.toString());
        return new DemoReport(
                PipeDemo.MECHANISM,
                faults.isEmpty() ? Verdict.PASS : Verdict.FAIL,
                faults.isEmpty() ? null : String.join("; ", faults),
                headline(nanos),
                law,
                1 + peers.size(), // the parent is no peer of itself
                tally,
                leftovers.size(),
                nanos,
                peers,
                facts,
                shown);
    }
}
