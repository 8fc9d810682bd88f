package org.jvmipc.sockets;

import java.time.Duration;

/**
 * What a {@link FaultyLink} does to the datagrams of one direction. Each is decided by itself; one that is lost has no other
 * fault.
 *
 * @param loss how many are lost: 0.05 is five of a hundred, as a probability for each
 * @param reorder how many are held back until one to three later ones have gone before them, or 50 ms if none comes
 * @param duplicate how many arrive twice
 * @param corrupt how many have one bit turned over; the checksum of UDP does not show it, as it is made anew
 * @param delay how long each is on its way
 * @param jitter how much longer at most, evenly spread; one that is longer on its way than the next is overtaken
 */
public record LinkFaults(
        double loss, double reorder, double duplicate, double corrupt, Duration delay, Duration jitter) {
    private static final Duration LONGEST = Duration.ofHours(1);

    private static final LinkFaults NONE = new LinkFaults(0, 0, 0, 0, Duration.ZERO, Duration.ZERO);

    /** Checks the values. */
    public LinkFaults {
        probability("loss", loss);
        probability("reorder", reorder);
        probability("duplicate", duplicate);
        probability("corrupt", corrupt);
        time("delay", delay);
        time("jitter", jitter);
    }

    private static void probability(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be 0 to 1");
        }
    }

    private static void time(String name, Duration value) {
        SocketOptions.notNegative(name, value);
        if (value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be at most 1 h");
        }
    }

    /** No faults. */
    public static LinkFaults none() {
        return NONE;
    }

    /** The same with another probability of being lost. */
    public LinkFaults withLoss(double probability) {
        return new LinkFaults(probability, reorder, duplicate, corrupt, delay, jitter);
    }

    /** The same with another probability of being held back. */
    public LinkFaults withReorder(double probability) {
        return new LinkFaults(loss, probability, duplicate, corrupt, delay, jitter);
    }

    /** The same with another probability of arriving twice. */
    public LinkFaults withDuplicate(double probability) {
        return new LinkFaults(loss, reorder, probability, corrupt, delay, jitter);
    }

    /** The same with another probability of a wrong bit. */
    public LinkFaults withCorrupt(double probability) {
        return new LinkFaults(loss, reorder, duplicate, probability, delay, jitter);
    }

    /** The same with another time on the way, and how much longer it may be. */
    public LinkFaults withDelay(Duration time, Duration atMostLonger) {
        return new LinkFaults(loss, reorder, duplicate, corrupt, time, atMostLonger);
    }
}
