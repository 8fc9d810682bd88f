package org.jvmipc.cli.demo;

import java.util.Map;
import java.util.TreeMap;

/** The sound messages of one sender by their sequence: which came, which came twice, which came late. */
public final class Arrivals {
    /** The gaps: first missing sequence, and the first behind it that is not. Empty as long as all goes well. */
    private final TreeMap<Long, Long> missing = new TreeMap<>();

    private long first;
    private long next;
    private long received;
    private long duplicated;
    private long reordered;
    private long digest;
    private long sum;

    /** One has come. */
    public void add(long sequence, int checksum) {
        digest = DemoMessage.digest(digest, sequence, checksum);
        sum += DemoMessage.mark(sequence, checksum);
        if (received == 0) {
            first = sequence;
        }
        if (sequence >= next) {
            if (sequence > next) {
                missing.put(next, sequence);
            }
            next = sequence + 1;
            received++;
        } else if (fill(sequence)) {
            reordered++;
            received++;
        } else {
            duplicated++;
        }
    }

    /** Takes the sequence out of its gap; false if it was not missing. */
    private boolean fill(long sequence) {
        Map.Entry<Long, Long> gap = missing.floorEntry(sequence);
        if (gap == null || sequence >= gap.getValue()) {
            return false;
        }
        missing.remove(gap.getKey());
        if (gap.getKey() < sequence) {
            missing.put(gap.getKey(), sequence);
        }
        if (sequence + 1 < gap.getValue()) {
            missing.put(sequence + 1, gap.getValue());
        }
        return true;
    }

    /** How many different ones. */
    public long received() {
        return received;
    }

    /** The sequence of the one that came first; 0 if none has. */
    long first() {
        return first;
    }

    /** The sequence behind the last one of all. */
    public long next() {
        return next;
    }

    /** How many of those before the last one have not come. */
    public long gaps() {
        return next - received;
    }

    /** How many that had come before. */
    public long duplicated() {
        return duplicated;
    }

    /** How many that came after a later one. */
    public long reordered() {
        return reordered;
    }

    long digest() {
        return digest;
    }

    long sum() {
        return sum;
    }
}
