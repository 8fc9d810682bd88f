package org.jvmipc.cli.demo.producersconsumers;

import java.util.Map;
import java.util.TreeMap;
import org.jvmipc.cli.demo.Verifier;
import org.jvmipc.cli.demo.shared.TakenReport;
import org.jvmipc.cli.demo.shared.WorkReport;
import org.jvmipc.shm.MemoryArea;
import org.jvmipc.shm.SharedLongArray;

/**
 * What each consumer has of each producer, beside the buffer in shared memory: so it is known of one that was killed, too.
 *
 * <pre>
 *   0          8          16         24         32                    64         72         80         88
 *   +----------+----------+----------+----------+---------------------+----------+----------+----------+----
 *   | takes    | doubled  | reordered| corrupt  |      not used       | received | gaps     | sum      | ...
 *   +----------+----------+----------+----------+---------------------+----------+----------+----------+----
 * </pre>
 *
 * <p>All are 64-bit integers, little-endian, at first 0: one such line for each consumer, and one more for what was in the hands of one
 * that was killed; the last three for each producer.
 *
 * <p><b>Thread safety.</b> A line is one consumer's, and is read when that one has ended.
 */
final class Tallies {
    /** The area, in the segment. */
    static final String AREA = "tallies";

    private static final int TAKES = 0;
    private static final int DOUBLED = 1;
    private static final int REORDERED = 2;
    private static final int CORRUPT = 3;
    private static final int OF_PRODUCERS = 8;
    private static final int OF_PRODUCER = 3;

    private final SharedLongArray words;
    private final int producers;

    Tallies(MemoryArea area, int producers) {
        this.words = area.longs(0, area.size() / Long.BYTES);
        this.producers = producers;
    }

    /** How large an area it takes. */
    static int bytes(int consumers, int producers) {
        return (consumers + 1) * line(producers) * Long.BYTES;
    }

    private static int line(int producers) {
        return OF_PRODUCERS + OF_PRODUCER * producers;
    }

    /** Notes what a consumer has; line 0 is for what one has who dies with a message in his hands, that one included. */
    void note(int consumer, Verifier verifier, long takes) {
        int line = consumer * line(producers);
        words.set(line + TAKES, takes);
        words.set(line + DOUBLED, verifier.duplicated());
        words.set(line + REORDERED, verifier.reordered());
        words.set(line + CORRUPT, verifier.corrupt());
        for (int producer = 1; producer <= producers; producer++) {
            int at = at(line, producer);
            words.set(at, verifier.received(producer));
            words.set(at + 1, verifier.gaps(producer));
            words.set(at + 2, verifier.sum(producer));
        }
    }

    private static int at(int line, int producer) {
        return line + OF_PRODUCERS + OF_PRODUCER * (producer - 1);
    }

    /** What a consumer has of each producer, by their numbers. */
    Map<Integer, TakenReport> of(int consumer, long waits, long waitNanos) {
        int line = consumer * line(producers);
        Map<Integer, TakenReport> all = new TreeMap<>();
        for (int producer = 1; producer <= producers; producer++) {
            int at = at(line, producer);
            all.put(
                    producer,
                    new TakenReport(
                            WorkReport.DONE,
                            producer,
                            words.getVolatile(at),
                            words.getVolatile(at + 1),
                            0,
                            words.getVolatile(at + 2),
                            words.getVolatile(line + TAKES),
                            words.getVolatile(line + DOUBLED),
                            words.getVolatile(line + REORDERED),
                            words.getVolatile(line + CORRUPT),
                            waits,
                            waitNanos));
        }
        return all;
    }
}
