package org.jvmipc.cli.demo.shared;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.cli.demo.Tally;
import org.jvmipc.cli.demo.Words;

/**
 * What producers and consumers told of the messages that went from the ones to the others.
 *
 * @param producers the last reports of the producers, by their numbers
 * @param consumers of each consumer what it has of each producer
 */
public record Passed(Map<Integer, WorkReport> producers, List<Map<Integer, TakenReport>> consumers) {
    /** How many were put in. */
    public long puts() {
        return producers.values().stream().mapToLong(WorkReport::done).sum();
    }

    /** How many were taken, corrupt ones included. */
    public long takes() {
        return ofConsumers().stream().mapToLong(TakenReport::takes).sum();
    }

    /** How many came of a producer. */
    public long received(int producer) {
        return of(producer).mapToLong(TakenReport::received).sum();
    }

    /** What each consumer has of a producer. */
    private Stream<TakenReport> of(int producer) {
        return consumers.stream().flatMap(each -> each.values().stream()).filter(each -> each.sender() == producer);
    }

    /** What stands for all messages that came of a producer. */
    public long sum(int producer) {
        return of(producer).mapToLong(TakenReport::sum).sum();
    }

    public long producerWaits() {
        return producers.values().stream().mapToLong(WorkReport::waits).sum();
    }

    public long producerWaitNanos() {
        return producers.values().stream().mapToLong(WorkReport::waitNanos).sum();
    }

    public long consumerWaits() {
        return ofConsumers().stream().mapToLong(TakenReport::waits).sum();
    }

    public long consumerWaitNanos() {
        return ofConsumers().stream().mapToLong(TakenReport::waitNanos).sum();
    }

    /** What became of them; a message that two consumers have was doubled. */
    public Tally tally() {
        long received = 0;
        long lost = 0;
        long doubled = 0;
        for (Map.Entry<Integer, WorkReport> producer : producers.entrySet()) {
            long sent = producer.getValue().done();
            long came = received(producer.getKey());
            received += Math.min(sent, came);
            lost += Math.max(0, sent - came);
            doubled += Math.max(0, came - sent);
        }
        for (TakenReport each : ofConsumers()) {
            doubled += each.duplicated();
        }
        long reordered =
                ofConsumers().stream().mapToLong(TakenReport::reordered).sum();
        long corrupt = ofConsumers().stream().mapToLong(TakenReport::corrupt).sum();
        return new Tally(puts(), received, lost, doubled, reordered, corrupt);
    }

    /** One report of each consumer, for what they tell of all producers. */
    private List<TakenReport> ofConsumers() {
        return consumers.stream().map(each -> each.values().iterator().next()).toList();
    }

    /** Adds who has sent how many, and who has waited how long. */
    public void addFacts(Findings findings) {
        findings.fact("producers", producers.size());
        findings.fact("consumers", consumers.size());
        findings.waits("producers", producerWaits(), producerWaitNanos());
        findings.waits("consumers", consumerWaits(), consumerWaitNanos());
        findings.fact("per_producer", perProducer());
    }

    private List<Map<String, Object>> perProducer() {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Map.Entry<Integer, WorkReport> producer : producers.entrySet()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("producer", producer.getKey());
            one.put("sent", producer.getValue().done());
            one.put("received", received(producer.getKey()));
            one.put("waits", producer.getValue().waits());
            one.put("wait_nanos", producer.getValue().waitNanos());
            all.add(one);
        }
        return all;
    }

    /** Adds in words who has sent to whom. */
    public void showMessages(Findings findings, int payloadBytes) {
        findings.show(
                "messages",
                Words.count(puts()) + " of " + Words.count(producers.size(), "producer") + ", "
                        + Words.count(payloadBytes, "byte") + " of payload, to "
                        + Words.count(consumers.size(), "consumer"));
    }

    /** Adds in words how often a buffer of so many places was full, and how often empty. */
    public void showWaits(Findings findings, int places) {
        findings.show(
                "full",
                Words.count(places, "place") + "; "
                        + Words.waited("the producers", producerWaits(), producerWaitNanos()));
        findings.show("empty", Words.waited("the consumers", consumerWaits(), consumerWaitNanos()));
    }
}
