package org.jvmipc.sockets;

import java.util.SplittableRandom;

/**
 * What becomes of each datagram of one direction. For each the same number of draws is made, whatever comes of them, so the
 * N-th one's fate depends on the seed and on N alone, and not on any timing.
 */
final class LinkDecisions {
    private static final int LARGEST_GAP = 3;

    private final SplittableRandom random;
    private final LinkFaults faults;

    /**
     * The fate of one datagram.
     *
     * @param bit which bit is turned over, of as many as it has; negative: none
     * @param delayNanos how long it is on its way
     * @param gap how many later ones go before it; 0: none
     */
    record Fate(boolean lost, boolean duplicated, long bit, long delayNanos, int gap) {}

    LinkDecisions(SplittableRandom random, LinkFaults faults) {
        this.random = random;
        this.faults = faults;
    }

    Fate next() {
        boolean lost = random.nextDouble() < faults.loss();
        boolean duplicated = random.nextDouble() < faults.duplicate();
        boolean reordered = random.nextDouble() < faults.reorder();
        boolean corrupted = random.nextDouble() < faults.corrupt();
        long bit = random.nextLong() >>> 1;
        double late = random.nextDouble();
        int gap = 1 + (int) (random.nextDouble() * LARGEST_GAP);
        long delay = faults.delay().toNanos() + (long) (late * faults.jitter().toNanos());
        return new Fate(lost, duplicated, corrupted ? bit : -1, delay, reordered ? gap : 0);
    }
}
