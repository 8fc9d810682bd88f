package org.jvmipc.sockets;

import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One direction of a {@link FaultyLink}: what is decided of its datagrams, what waits, and what is counted. */
final class LinkDirection {
    /** How long one is held back for later ones that may not come. */
    static final long HOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** What may be on its way; beyond that datagrams go on at once. */
    private static final int MOST_HELD = 16_384;

    private static final long MOST_HELD_BYTES = 32L << 20;

    private final LinkDecisions decisions;
    private final PriorityQueue<LinkPacket> waiting = new PriorityQueue<>();
    private long heldBytes;
    private long received;
    private long forwarded;
    private long lost;
    private long reordered;
    private long duplicated;
    private long delayed;
    private long corrupted;
    private long failed;
    private long held;

    LinkDirection(SplittableRandom random, LinkFaults faults) {
        decisions = new LinkDecisions(random, faults);
    }

    /** Takes one that cannot go on, as there is no place for its client. */
    void refuse() {
        received++;
        decisions.next();
        failed++;
    }

    /** Takes a datagram, which is the link's now. */
    void take(LinkLane lane, byte[] bytes) {
        received++;
        LinkDecisions.Fate fate = decisions.next();
        long number = lane.nextNumber();
        if (fate.lost()) {
            lost++;
            return;
        }
        if (fate.duplicated()) {
            duplicated++;
        }
        if (fate.bit() >= 0 && bytes.length > 0) {
            corrupted++;
            int bit = (int) (fate.bit() % (8L * bytes.length));
            bytes[bit / 8] ^= (byte) (1 << (bit % 8));
        }
        long hold = fate.gap() > 0 ? HOLD_NANOS : 0;
        LinkPacket packet = new LinkPacket(lane, bytes, fate, number, System.nanoTime() + fate.delayNanos() + hold);
        held += packet.copies;
        if (fate.delayNanos() + hold == 0 || isFull()) {
            pass(packet);
        } else {
            keep(packet);
        }
    }

    private boolean isFull() {
        return waiting.size() >= MOST_HELD || heldBytes >= MOST_HELD_BYTES;
    }

    private void keep(LinkPacket packet) {
        delayed++;
        heldBytes += packet.bytes.length;
        waiting.add(packet);
        if (packet.gap > 0) {
            packet.lane.holdBack(packet);
        }
    }

    /** Sends on what is due by now. */
    void passDue() {
        LinkPacket first;
        while ((first = first()) != null && first.dueNanos - System.nanoTime() <= 0) {
            release(first);
        }
    }

    /** In how many nanoseconds the next one is due; the longest time if none waits. */
    long nanosToNext() {
        LinkPacket first = first();
        return first == null ? Long.MAX_VALUE : Math.max(0, first.dueNanos - System.nanoTime());
    }

    /** The one that is due first, without those that went on before their time. */
    private @Nullable LinkPacket first() {
        LinkPacket first;
        while ((first = waiting.peek()) != null && first.done) {
            waiting.remove();
        }
        return first;
    }

    private void release(LinkPacket packet) {
        packet.done = true;
        heldBytes -= packet.bytes.length;
        pass(packet);
    }

    private void pass(LinkPacket packet) {
        if (packet.lane.passes(packet)) {
            reordered++;
        }
        for (int copy = 0; copy < packet.copies; copy++) {
            held--;
            if (packet.lane.send(packet.bytes)) {
                forwarded++;
            } else {
                failed++;
            }
        }
        for (LinkPacket freed : packet.lane.freedBy(packet)) {
            release(freed);
        }
    }

    FaultyLinkCounts counts(long dropped) {
        return new FaultyLinkCounts(
                received, forwarded, lost, reordered, duplicated, delayed, corrupted, failed, held, dropped);
    }
}
