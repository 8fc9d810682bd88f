package org.jvmipc.cli.demo.mq;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.cli.demo.Words;

/** Judges what the demo {@code mq} saw. */
final class MqReport {
    private static final String LAW =
            "each message goes to one consumer of the mailbox, none is lost, doubled or corrupt; the other"
                    + " group gets all of them as well, in the order of every producer, over the end of its first consumer; the"
                    + " children ended as expected; nothing left behind";
    private static final String LAW_OF_DEATH =
            "a consumer is killed before it acknowledges a message: within 500 ms another consumer has it, marked as"
                    + " a repeat, and it is the only one; each message is acknowledged once, none is lost or corrupt; the other group"
                    + " gets all of them, in the order of every producer; nothing left behind";

    private MqReport() {}

    /** Judges a transfer. */
    static Findings of(DemoOptions options, MqTransfer seen) {
        MqDeath death = seen.death();
        Findings findings = new Findings(MqDemo.MECHANISM, death == null ? LAW : LAW_OF_DEATH, options);
        findings.messages(seen.tally());
        seen.sent().forEach((producer, sent) -> ofProducer(findings, options, seen, producer, sent));
        if (death == null) {
            findings.headline(nanos -> Words.count(seen.total())
                    + " sent = received by one of the mailbox, and by the other group, in "
                    + Words.duration(nanos));
            findings.faultIf(seen.redeliveries() != 0, seen.redeliveries() + " were handed out again");
        } else {
            death(findings, seen, death);
        }
        seen.processes().forEach(findings::ended);
        addFacts(findings, options, seen);
        show(findings, options, seen);
        return findings;
    }

    private static void ofProducer(Findings findings, DemoOptions options, MqTransfer seen, int producer, MqSent sent) {
        findings.faultIf(
                seen.death() == null && sent.sent() != options.messages(),
                "producer " + producer + " sent " + sent.sent() + " messages");
        findings.faultIf(
                seen.sum(producer) != sent.sum(),
                "what the mailbox has of producer " + producer + " is not what it sent");
        long next = 0;
        long sum = 0;
        for (Map<Integer, MqTaken> each : seen.audit()) {
            MqTaken taken = MqTransfer.of(each, producer);
            findings.faultIf(
                    taken.received() > 0 && (taken.first() != next || taken.gaps() != next),
                    "an auditor went on with message " + taken.first() + " of producer " + producer + ", not " + next);
            next += taken.received();
            sum += taken.sum();
        }
        findings.faultIf(
                next != sent.sent() || sum != sent.sum(),
                "of producer " + producer + " the other group has " + next + " of " + sent.sent());
        findings.faultIf(
                seen.audit().size() == 1
                        && MqTransfer.of(seen.audit().get(0), producer).digest() != sent.digest(),
                "the auditor's digest of producer " + producer + " is not its own");
    }

    private static void death(Findings findings, MqTransfer seen, MqDeath death) {
        findings.headline(nanos -> "consumer killed before it acknowledged, another one had its message in "
                + Words.duration(death.redeliveryNanos()) + "; "
                + Words.count(seen.tally().received()) + " sent = acknowledged");
        findings.told("other consumer", death.redeliveryNanos());
        findings.faultIf(death.redeliveryNanos() < 0, "another consumer had the message before the kill");
        findings.faultIf(
                death.repeated().redelivered() != death.held().redelivered() + 1,
                "the message was handed out " + death.repeated().redelivered() + " times before, not once more");
        findings.faultIf(seen.redeliveries() != 1, seen.redeliveries() + " messages were handed out again, not one");
        findings.killed(death.victim());
        findings.fact("killed_after_nanos", death.killedAfterNanos());
        findings.fact("redelivery_nanos", death.redeliveryNanos());
        findings.fact("redelivered_index", death.held().index());
    }

    private static void addFacts(Findings findings, DemoOptions options, MqTransfer seen) {
        findings.fact("producers", seen.sent().size());
        findings.fact("consumers", seen.mailbox().size());
        findings.fact("redeliveries", seen.redeliveries());
        findings.fact("per_consumer", perConsumer(seen));
        findings.fact(
                "per_auditor", seen.audit().stream().map(MqTransfer::taken).toList());
        findings.waits(
                "producers",
                seen.sent().values().stream().mapToLong(MqSent::waits).sum(),
                seen.sent().values().stream().mapToLong(MqSent::waitNanos).sum());
        findings.fact("file_bytes", seen.diskBytes());
        findings.rate(seen.total(), options.payloadBytes(), seen.nanos());
    }

    private static List<Map<String, Object>> perConsumer(MqTransfer seen) {
        List<Map<String, Object>> all = new ArrayList<>();
        seen.mailbox().forEach((role, taken) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("consumer", role);
            one.put("acknowledged", MqTransfer.taken(taken));
            all.add(one);
        });
        return all;
    }

    private static void show(Findings findings, DemoOptions options, MqTransfer seen) {
        List<String> shares = new ArrayList<>();
        seen.mailbox().forEach((role, taken) -> shares.add(role + " " + Words.count(MqTransfer.taken(taken))));
        findings.show("mailbox", "each message to one of them: " + String.join(", ", shares));
        List<Long> audit = seen.audit().stream().map(MqTransfer::taken).toList();
        findings.show(
                "other group",
                audit.size() == 1
                        ? "one consumer, all " + Words.count(audit.get(0)) + ", in order"
                        : "one consumer, " + Words.count(audit.get(0)) + ", then another one, which resumed: "
                                + Words.count(audit.get(1)));
        MqDeath death = seen.death();
        if (death != null) {
            findings.show(
                    "death",
                    death.victim() + ", with message " + death.held().index() + "; another one had it "
                            + Words.duration(death.redeliveryNanos()) + " later, as its repeat");
        }
        findings.show(
                "waits",
                Words.waited(
                        "producers",
                        seen.sent().values().stream().mapToLong(MqSent::waits).sum(),
                        seen.sent().values().stream()
                                .mapToLong(MqSent::waitNanos)
                                .sum()));
        findings.show("rate", Words.rates(seen.total(), options.payloadBytes(), seen.nanos()));
    }
}
