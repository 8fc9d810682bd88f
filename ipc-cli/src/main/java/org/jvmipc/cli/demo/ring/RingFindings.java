package org.jvmipc.cli.demo.ring;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.PeerGoneException;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.cli.demo.Tally;
import org.jvmipc.cli.demo.Words;
import org.jvmipc.internal.Units;

/** Judges what the demo {@code ring} saw. */
final class RingFindings {
    private static final long WITHIN_NANOS = 500_000_000;
    private static final String DIED = PeerGoneException.Reason.DIED.name();
    private static final String CLOSED = PeerGoneException.Reason.CLOSED.name();

    private final DemoOptions options;
    private final RingSetup setup;
    private final RingTransfer seen;
    private final @Nullable RingDeath death;
    private final Findings findings;
    private long expected;
    private long received;
    private long lost;

    RingFindings(DemoOptions options, RingSetup setup, RingTransfer seen) {
        this.options = options;
        this.setup = setup;
        this.seen = seen;
        this.death = seen.death();
        this.findings = new Findings(RingDemo.MECHANISM, RingLaw.of(setup, death), options);
    }

    /** Judges it. */
    Findings judge() {
        seen.sent().forEach((producer, sent) -> {
            findings.faultIf(
                    death == null && sent.sent() != options.messages(),
                    "producer " + producer + " sent " + sent.sent() + " messages");
            if (setup.isBroadcast()) {
                seen.taken().keySet().forEach(consumer -> ofEach(producer, sent, consumer));
            } else {
                ofAll(producer, sent);
            }
        });
        findings.messages(new Tally(
                expected,
                received,
                lost,
                seen.consumers().stream().mapToLong(RingTaken::duplicated).sum(),
                seen.consumers().stream().mapToLong(RingTaken::reordered).sum(),
                seen.consumers().stream().mapToLong(RingTaken::corrupt).sum()));
        ends();
        if (death == null) {
            findings.headline(nanos -> Words.count(received) + " sent = received"
                    + (setup.isBroadcast() ? ", " + Words.count(seen.total()) + " by each of " + setup.consumers() : "")
                    + ", every byte verified, in " + Words.duration(nanos));
        } else {
            death(death);
        }
        seen.processes().forEach(findings::ended);
        addFacts();
        show();
        return findings;
    }

    // ---- the messages

    /** Of a broadcast each consumer has all of a producer, from the moment it has joined to its own end. */
    private void ofEach(int producer, RingSent sent, String consumer) {
        RingTaken taken = seen.of(consumer, producer);
        boolean isDead = !seen.ends().containsKey(consumer);
        boolean joinedLater = death != null && !death.ofProducer() && consumer.equals(death.successor());
        long before = joinedLater ? taken.first() : 0;
        long due = isDead ? taken.received() : sent.sent() - before;
        expected += due;
        received += taken.received();
        lost += Math.max(0, due - taken.received());
        String who = consumer + " of producer " + producer;
        findings.faultIf(taken.gaps() != before, who + " misses " + (taken.gaps() - before) + " messages in between");
        findings.faultIf(!isDead && taken.received() > due, who + " has more than was sent");
        findings.faultIf(
                !isDead && !joinedLater && taken.digest() != sent.digest(),
                "what " + who + " has is not what was sent, in its order");
    }

    /** The consumers, one after the other, have all of a producer, but for what one of them had in its hands when it died. */
    private void ofAll(int producer, RingSent sent) {
        long next = 0;
        long sum = 0;
        for (String consumer : seen.taken().keySet()) {
            RingTaken taken = seen.of(consumer, producer);
            findings.faultIf(
                    taken.received() > 0 && (taken.first() != next || taken.gaps() != next),
                    consumer + " went on with message " + taken.first() + " of producer " + producer + ", not " + next);
            received += taken.received();
            next += taken.received();
            sum += taken.sum();
            if (!seen.ends().containsKey(consumer)) {
                next += seen.inHand(producer);
                sum += seen.inHand(producer) == 0 ? 0 : inHand().sum();
            }
        }
        expected += sent.sent();
        lost += Math.max(0, sent.sent() - next);
        findings.faultIf(next > sent.sent(), "of producer " + producer + " more came than it has committed");
        findings.faultIf(sum != sent.sum(), "what came of producer " + producer + " is not what it has committed");
        findings.faultIf(
                seen.taken().size() == 1
                        && seen.of(seen.taken().keySet().iterator().next(), producer)
                                        .digest()
                                != sent.digest(),
                "what came of producer " + producer + " is not in its order");
    }

    private RingTaken inHand() {
        RingTaken hand = death == null ? null : death.inHand();
        if (hand == null) {
            throw new IllegalStateException("no consumer has died");
        }
        return hand;
    }

    /** Whoever has not been told of the death of a producer at once is told at the end. */
    private void ends() {
        boolean untold = death != null && death.ofProducer() && death.told().isEmpty();
        String due = untold ? DIED : CLOSED;
        seen.ends()
                .forEach((consumer, reason) -> findings.faultIf(
                        !reason.equals(due), consumer + " was told " + reason + " at the end, not " + due));
    }

    // ---- a death

    private void death(RingDeath death) {
        findings.killed(death.victim());
        for (RingDeath.Told each : death.told()) {
            findings.told(each.role(), each.nanos());
            findings.faultIf(each.nanos() < 0, each.role() + " was told of the death before the kill");
            findings.faultIf(!each.reason().equals(DIED), each.role() + " was told " + each.reason() + ", not " + DIED);
        }
        boolean wentOnAtOnce = death.told().isEmpty();
        findings.faultIf(
                wentOnAtOnce && death.wentOnNanos() > WITHIN_NANOS,
                others(death) + " went on after " + Words.duration(death.wentOnNanos()));
        String what =
                death.ofProducer() ? "producer killed with a claim, " : "consumer killed with a message in its hands, ";
        String then = wentOnAtOnce
                ? others(death) + " went on in " + Words.duration(death.wentOnNanos())
                : "death named in " + Words.duration(death.toldNanos());
        findings.headline(nanos -> what + then + "; " + Words.count(received) + " messages verified");
        findings.fact("killed_after_nanos", death.killedAfterNanos());
        if (!wentOnAtOnce) {
            findings.fact("death_named_nanos", death.toldNanos());
        }
        if (death.wentOnNanos() != RingDeath.NOBODY) {
            findings.fact("others_went_on_nanos", death.wentOnNanos());
        }
        findings.fact("successor_nanos", death.successorNanos());
        findings.fact("in_hand", death.inHand() == null ? 0 : 1);
    }

    // ---- facts

    private void addFacts() {
        findings.fact("kind", RingSetup.word(setup.kind()));
        findings.fact("producers", seen.sent().size());
        findings.fact("consumers", seen.taken().size());
        findings.fact("capacity_bytes", setup.capacityBytes());
        findings.fact("seed", seen.seed());
        List<Map<String, Object>> all = new ArrayList<>();
        for (String consumer : seen.taken().keySet()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("consumer", consumer);
            one.put("received", seen.received(consumer));
            all.add(one);
        }
        findings.fact("per_consumer", all);
        findings.fact("ends", List.copyOf(seen.ends().values()));
        findings.waits("producers", producerWaits(), producerWaitNanos());
        findings.waits("consumers", consumerWaits(), consumerWaitNanos());
        findings.rate(seen.total(), options.payloadBytes(), seen.nanos());
    }

    private long producerWaits() {
        return seen.sent().values().stream().mapToLong(RingSent::waits).sum();
    }

    private long producerWaitNanos() {
        return seen.sent().values().stream().mapToLong(RingSent::waitNanos).sum();
    }

    private long consumerWaits() {
        return seen.consumers().stream().mapToLong(RingTaken::waits).sum();
    }

    private long consumerWaitNanos() {
        return seen.consumers().stream().mapToLong(RingTaken::waitNanos).sum();
    }

    private void show() {
        findings.show(
                "ring",
                RingSetup.word(setup.kind()) + ": " + Words.count(setup.producers(), "producer") + ", "
                        + Words.count(setup.consumers(), "consumer") + ", "
                        + Units.formatSize(setup.capacityBytes())
                        + (setup.producers() > 1 ? " for each producer" : ""));
        if (death != null) {
            findings.show("death", deathInWords(death));
        }
        findings.show("full", Words.waited("producers", producerWaits(), producerWaitNanos()));
        findings.show("empty", Words.waited("consumers", consumerWaits(), consumerWaitNanos()));
        findings.show("end", endInWords());
        findings.show("rate", Words.rates(seen.total(), options.payloadBytes(), seen.nanos()));
    }

    private String endInWords() {
        List<String> reasons = seen.ends().values().stream().distinct().toList();
        if (reasons.size() == 1 && seen.ends().size() > 1) {
            return "all " + seen.ends().size() + " consumers were told " + reasons.get(0);
        }
        List<String> all = new ArrayList<>();
        seen.ends().forEach((consumer, reason) -> all.add(consumer + " was told " + reason));
        return String.join(", ", all);
    }

    /** Who goes on. */
    private static String others(RingDeath death) {
        return death.ofProducer() ? "the other producers" : "the producer";
    }

    private String deathInWords(RingDeath death) {
        String told = death.told().isEmpty()
                ? others(death) + " went on " + Words.duration(death.wentOnNanos()) + " later"
                : Words.count(death.told().size(), death.ofProducer() ? "consumer" : "producer") + " told " + DIED + " "
                        + Words.duration(death.toldNanos()) + " later";
        String left = death.ofProducer()
                ? "nothing of its claim came"
                : setup.isBroadcast()
                        ? "each of the others has all that was sent while it was there"
                        : "what it had in its hands, 1 message, went with it";
        return death.victim() + "; " + told + "; " + death.successor() + " took its place, and had a message "
                + (death.ofProducer() ? "in the ring " : "") + "after " + Words.duration(death.successorNanos()) + "; "
                + left;
    }
}
