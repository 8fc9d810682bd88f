package org.jvmipc.cli.demo.producersconsumers;

import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.cli.demo.Tally;
import org.jvmipc.cli.demo.Words;
import org.jvmipc.cli.demo.producersconsumers.MonitorTransfer.MonitorDeath;
import org.jvmipc.cli.demo.shared.Passed;
import org.jvmipc.cli.demo.shared.WorkReport;

/** Judges what the demo {@code producers-consumers} saw, and puts it into numbers and words. */
final class MonitorReport {
    private static final String LAW = "sent = received; nothing lost, doubled or corrupt, and each consumer got each"
            + " producer's messages in their order; no wake-up is lost, so all ended; nobody was told a death; the buffer"
            + " is empty in the end; the children ended as expected; nothing left behind";
    private static final String LAW_OF_DEATH =
            "a producer or a consumer was killed in the monitor, or a consumer with a message in its hands; all that a"
                    + " killed producer had put in came, and no more; with a killed consumer goes what it had in its hands, one"
                    + " message at most; everything else is exact, in order; of a death with the mutex the next one inside is"
                    + " told, once, within 500 ms; no wake-up is lost: the others went on, and ended as expected; nothing left"
                    + " behind";

    private final DemoOptions options;
    private final MonitorTransfer seen;
    private final Passed passed;
    private final @Nullable MonitorDeath death;
    private final Findings findings;

    private MonitorReport(DemoOptions options, MonitorTransfer seen) {
        this.options = options;
        this.seen = seen;
        this.passed = seen.passed();
        this.death = seen.death();
        this.findings = new Findings(MonitorDemo.MECHANISM, death == null ? LAW : LAW_OF_DEATH, options);
    }

    /** Judges what was seen. */
    static Findings of(DemoOptions options, MonitorTransfer seen) {
        return new MonitorReport(options, seen).judge();
    }

    private Findings judge() {
        MonitorState state = seen.state();
        findings.messages(tally());
        passed.producers().forEach(this::producer);
        findings.faultIf(!state.isDone(), "the buffer is not empty in the end: " + state);
        findings.faultIf(
                state.in() != passed.puts(), passed.puts() + " were put in, and the buffer says " + state.in());
        if (death == null) {
            findings.faultIf(seen.told() != 0, "a death was told, and nobody has died");
            findings.headline(nanos ->
                    Words.count(passed.puts()) + " sent = received, every byte verified, in " + Words.duration(nanos));
        } else {
            death(death);
        }
        seen.processes().forEach(findings::ended);
        findings.fact("seed", seen.seed());
        findings.fact("places", state.places());
        findings.fact("in", state.in());
        findings.fact("out", state.out());
        passed.addFacts(findings);
        findings.rate(passed.puts(), options.payloadBytes(), seen.nanos());
        show();
        return findings;
    }

    private int inHand() {
        return death == null || death.inHandOf() == 0 ? 0 : 1;
    }

    /** What a dead consumer had in its hands was not lost on the way. */
    private Tally tally() {
        Tally tally = passed.tally();
        return new Tally(
                tally.sent(),
                tally.received(),
                Math.max(0, tally.lost() - inHand()),
                tally.duplicated(),
                tally.reordered(),
                tally.corrupt());
    }

    private long inHandSum(int producer) {
        return death != null && death.inHandOf() == producer ? death.inHandSum() : 0;
    }

    private void producer(int number, WorkReport told) {
        boolean isDead = death != null && !death.ofConsumer() && death.holder().number() == number;
        boolean all = death == null ? told.done() == options.messages() : isDead || told.done() >= options.messages();
        findings.faultIf(!all, "producer " + number + " sent " + told.done() + " messages of " + options.messages());
        long sum = passed.sum(number) + inHandSum(number);
        findings.faultIf(
                sum != told.digest(),
                isDead
                        ? "what came of producer " + number + " is not what it had put in when it was killed"
                        : "the consumers' digest of producer " + number + " is not its own");
    }

    // ---- a death

    private void death(MonitorDeath died) {
        died.holder().addTo(findings, died.moment().phrase());
        boolean inside = died.moment() == Moment.INSIDE;
        long toldNanos = died.holder().after(seen.toldNanos());
        boolean waiting = died.moment() == Moment.WAITING; // it may have been on its way to, or from, its wait
        findings.faultIf(
                inside ? seen.told() != 1 : seen.told() > (waiting ? 1 : 0),
                "the death was told " + seen.told() + " times");
        findings.faultIf(
                (died.inHandOf() != 0) != (died.moment() == Moment.IN_HAND),
                "it had " + Words.count(inHand(), "message") + " in its hands");
        if (seen.told() != 0) {
            findings.faultIf(toldNanos < 0, "the monitor was had by another before its holder was killed");
            findings.told("next one inside", toldNanos);
            findings.fact("hand_over_nanos", toldNanos);
        }
        findings.headline(nanos -> died.role() + " killed " + died.moment().phrase()
                + (inside ? ", told in " + Words.duration(toldNanos) : "") + "; "
                + Words.count(passed.tally().received(), "message") + " verified, "
                + (inHand() == 0 ? "none lost" : "one went with it"));
        findings.fact("killed", died.role());
        findings.fact("killed_when", died.moment().word());
        findings.fact("in_hand", inHand());
        findings.fact("previous_owner_died_told", seen.told());
        findings.show(
                "next",
                (seen.told() == 0
                                ? "nobody was told, as it did not have the mutex"
                                : "the next one inside was told after " + Words.duration(toldNanos))
                        + "; the others went on, "
                        + (inHand() == 0
                                ? "and all that was put in came"
                                : "and what it had in its hands, 1 message, went with it"));
    }

    private void show() {
        passed.showMessages(findings, options.payloadBytes());
        findings.show("rate", Words.rates(passed.puts(), options.payloadBytes(), seen.nanos()));
        passed.showWaits(findings, seen.state().places());
        if (!seen.processes().isEmpty()) {
            findings.show("end", Words.list(seen.processes()));
        }
    }
}
