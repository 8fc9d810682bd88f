package org.jvmipc.cli.demo.posixmq;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.LimitException;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.cli.demo.Tally;
import org.jvmipc.cli.demo.Words;

/** Judges what the demo {@code posixmq} saw. */
final class PosixmqFindings {
    private static final String LAW =
            "what is in a full queue, which takes no more, comes by priority, and in each priority in"
                    + " the order in which it was sent; of what comes and goes, all of a producer's messages of a priority come in"
                    + " their order, none lost, doubled, corrupt or with another priority; a queue beyond the kernel's limit is refused, the"
                    + " limit named with its value, and not made; the children ended as expected; nothing"
                    + " left behind";
    private static final String LAW_OF_DEATH =
            "a producer or a consumer is killed, and nobody is told: what a producer had sent is"
                    + " a verified prefix, of each priority; of what a consumer had received only the message in its hands is missing;"
                    + " the queue stays usable, the others go on, and another one takes its place; no message is torn, lost, doubled"
                    + " or out of the order of its priority; a queue beyond the kernel's limit is refused, and not made; nothing"
                    + " left behind";

    private final DemoOptions options;
    private final PosixmqTransfer seen;
    private final @Nullable PosixmqDeath death;
    private final Findings findings;
    private long expected;
    private long received;
    private long lost;

    PosixmqFindings(DemoOptions options, PosixmqTransfer seen) {
        this.options = options;
        this.seen = seen;
        this.death = seen.death();
        this.findings = of(options);
    }

    private static Findings of(DemoOptions options) {
        return new Findings(PosixmqDemo.MECHANISM, options.killAfter() == null ? LAW : LAW_OF_DEATH, options);
    }

    /** It cannot be tried here. */
    static Findings skipped(DemoOptions options, String why) {
        Findings findings = of(options);
        findings.skip(why);
        return findings;
    }

    /** Judges it. */
    Findings judge() {
        full();
        refusal();
        seen.taken().get(0).keySet().forEach(this::ofSender);
        findings.messages(new Tally(
                expected,
                received,
                lost,
                seen.ofConsumers(PosixmqTaken::duplicated),
                seen.ofConsumers(PosixmqTaken::reordered) + seen.drained().reordered(),
                seen.ofConsumers(PosixmqTaken::corrupt)));
        headline();
        if (death != null) {
            death(death);
        }
        seen.processes().forEach(findings::ended);
        addFacts();
        show();
        return findings;
    }

    /** The queue took as many as it holds, unless there were fewer, and then none. */
    private void full() {
        boolean enough = death != null || options.messages() > seen.queue().depth();
        findings.faultIf(
                enough && (seen.filled() != seen.queue().depth() || !seen.blocked()),
                "the queue of " + seen.queue().depth() + " took " + seen.filled() + " messages"
                        + (seen.blocked() ? "" : ", and a send did not wait"));
    }

    /** What the kernel does not allow is told by the limit's name. */
    private void refusal() {
        PosixmqRefusal of = seen.refusal();
        LimitException told = of.refusal();
        findings.faultIf(told == null || of.left(), "a queue of " + of.depth() + " messages was made");
        if (told != null) {
            findings.faultIf(
                    told.value() != of.depth() - 1, // what it is one too many for
                    told.limit() + " of " + told.value() + " refused a queue of " + of.depth() + " messages");
            findings.fact("limit", told.limit());
            findings.fact("limit_value", told.value());
            findings.show(
                    "limit",
                    "a queue of " + Words.count(of.depth()) + " messages is refused: " + told.limit() + " is "
                            + Words.count(told.value()));
        }
    }

    /** The consumers, one after the other, have all of a sender, in order, but for what one of them had in its hands. */
    private void ofSender(int sender) {
        long next = 0;
        long sum = 0;
        PosixmqTaken hand = seen.inHand(sender);
        for (Map<Integer, PosixmqTaken> consumer : seen.taken()) {
            PosixmqTaken of = PosixmqTransfer.of(consumer, sender);
            findings.faultIf(
                    of.received() > 0 && (of.first() != next || of.gaps() != next),
                    "a consumer went on with message " + of.first() + " of sender " + sender + ", not " + next
                            + ", and misses " + (of.gaps() - next));
            next += of.received() + (hand != null && consumer == seen.taken().get(0) ? 1 : 0);
            sum += of.sum();
            received += of.received();
        }
        PosixmqSent sent = seen.sent().get(sender);
        if (sent == null) { // of a killed one: what came is all that is known
            expected += seen.received(sender);
            return;
        }
        long due = sent.sent() - (hand == null ? 0 : 1);
        expected += due;
        lost += Math.max(0, due - seen.received(sender));
        findings.faultIf(
                sum + (hand == null ? 0 : hand.sum()) != sent.sum(),
                "what came of sender " + sender + " is not what it sent");
    }

    private void headline() {
        if (death == null) {
            findings.headline(nanos -> Words.count(received) + " sent = received, by priority, every byte verified, in "
                    + Words.duration(nanos));
            return;
        }
        String whose = death.ofProducer() ? "producer killed" : "consumer killed with a message";
        findings.headline(nanos -> whose + ", the next one goes on; " + Words.count(received) + " messages verified");
    }

    private void death(PosixmqDeath of) {
        findings.killed(of.victim());
        findings.fact("killed_after_nanos", of.killedAfterNanos());
        findings.fact("successor", of.successor());
        findings.fact("successor_nanos", of.successorNanos());
        findings.fact("in_hand", of.ofProducer() ? 0 : 1);
        findings.show(
                "death",
                of.victim() + ", of which nobody is told; " + of.successor() + " took part "
                        + Words.duration(of.successorNanos()) + " later"
                        + (of.ofProducer() ? "" : "; the message in its hands is gone with it"));
    }

    private void addFacts() {
        boolean oneIsGone = death != null && death.ofProducer();
        findings.fact("producers", seen.sent().size() / PosixmqProducer.PRIORITIES + (oneIsGone ? 1 : 0));
        findings.fact("consumers", seen.taken().size());
        findings.fact("depth", seen.queue().depth());
        findings.fact("filled", seen.filled());
        findings.fact("priorities", PosixmqProducer.PRIORITIES);
        findings.waits("producers", seen.ofProducers(PosixmqSent::waits), seen.ofProducers(PosixmqSent::waitNanos));
        findings.waits("consumers", seen.ofConsumers(PosixmqTaken::waits), seen.ofConsumers(PosixmqTaken::waitNanos));
        findings.rate(received, options.payloadBytes(), seen.nanos());
    }

    private void show() {
        findings.show(
                "full",
                seen.filled() + " messages" + (seen.blocked() ? ", then a send waits" : "")
                        + "; taken by priority, 3 to 0, in each in the order in which they were sent");
        findings.show(
                "waits",
                Words.waited(
                                "producers",
                                seen.ofProducers(PosixmqSent::waits),
                                seen.ofProducers(PosixmqSent::waitNanos))
                        + "; "
                        + Words.waited(
                                "consumers",
                                seen.ofConsumers(PosixmqTaken::waits),
                                seen.ofConsumers(PosixmqTaken::waitNanos)));
        findings.show("rate", Words.rates(received, options.payloadBytes(), seen.nanos()));
    }
}
