package org.jvmipc.cli.demo.sem;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.Tally;
import org.jvmipc.cli.demo.shared.TakenReport;
import org.jvmipc.cli.demo.shared.WorkReport;

/**
 * What came of a transfer, as its processes told.
 *
 * @param producers the last reports of the producers, by their numbers
 * @param consumers of each consumer what it has of each producer
 * @param state what the buffer says in the end
 * @param rounds how often all was done
 * @param processes they, ended
 * @param nanos how long it took
 */
record SemTransfer(
        Map<Integer, WorkReport> producers,
        List<Map<Integer, TakenReport>> consumers,
        BufferState state,
        int rounds,
        List<Peer> processes,
        long nanos) {
    long puts() {
        return producers.values().stream().mapToLong(WorkReport::done).sum();
    }

    long takes() {
        return ofConsumers().stream().mapToLong(TakenReport::takes).sum();
    }

    long received(int producer) {
        return of(producer).mapToLong(TakenReport::received).sum();
    }

    /** What each consumer has of a producer. */
    private Stream<TakenReport> of(int producer) {
        return consumers.stream().flatMap(each -> each.values().stream()).filter(each -> each.sender() == producer);
    }

    /** What stands for all messages that came of a producer. */
    long sum(int producer) {
        return of(producer).mapToLong(TakenReport::sum).sum();
    }

    long lostUpdates() {
        return state.lostUpdates(puts(), takes());
    }

    long producerWaits() {
        return producers.values().stream().mapToLong(WorkReport::waits).sum();
    }

    long producerWaitNanos() {
        return producers.values().stream().mapToLong(WorkReport::waitNanos).sum();
    }

    long consumerWaits() {
        return ofConsumers().stream().mapToLong(TakenReport::waits).sum();
    }

    long consumerWaitNanos() {
        return ofConsumers().stream().mapToLong(TakenReport::waitNanos).sum();
    }

    /** A message that two consumers have was doubled. */
    Tally tally() {
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
}
