package org.jvmipc.shm;

import java.util.List;

/**
 * Holds what senders and one receiver have written down against what a queue may do: of each producer every message once and in order; none
 * received before its send had begun; and no receive that found nothing, though a send of what this receiver had still to get was over before.
 */
final class RingHistory {
    private final List<List<RingLog.Entry>> sent;

    /** By producer; each with the numbers from 0 on. */
    RingHistory(List<List<RingLog.Entry>> sent) {
        this.sent = sent;
    }

    /**
     * Checks one receiver's log.
     *
     * @throws AssertionError if no queue can have done that
     */
    void check(List<RingLog.Entry> received) {
        int[] next = new int[sent.size()];
        for (RingLog.Entry entry : received) {
            if (entry.isNone()) {
                checkNone(entry, next);
            } else {
                checkMessage(entry, next);
            }
        }
        for (int producer = 0; producer < next.length; producer++) {
            require(
                    next[producer] == sent.get(producer).size(),
                    "of producer " + producer + " " + next[producer] + " messages came, "
                            + sent.get(producer).size() + " were sent");
        }
    }

    private void checkMessage(RingLog.Entry entry, int[] next) {
        require(
                entry.producer() >= 0 && entry.producer() < next.length,
                "a message of producer " + entry.producer() + ", whom nobody knows");
        int expected = next[entry.producer()]++;
        require(
                entry.seq() == expected,
                "of producer " + entry.producer() + " message " + entry.seq() + " came in place of " + expected);
        require(expected < sent.get(entry.producer()).size(), "message " + expected + " was never sent");
        RingLog.Entry send = sent.get(entry.producer()).get(expected);
        require(send.seq() == expected, "the log of producer " + entry.producer() + " is no log");
        require(entry.end() - send.begin() >= 0, entry + " was received before it was sent: " + send);
    }

    private void checkNone(RingLog.Entry none, int[] next) {
        for (int producer = 0; producer < next.length; producer++) {
            List<RingLog.Entry> all = sent.get(producer);
            if (next[producer] < all.size()) {
                RingLog.Entry send = all.get(next[producer]);
                require(send.end() - none.begin() >= 0, "nothing was found at " + none + ", though there was " + send);
            }
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
