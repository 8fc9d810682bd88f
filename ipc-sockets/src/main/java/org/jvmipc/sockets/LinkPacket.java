package org.jvmipc.sockets;

/** A datagram on its way through a {@link FaultyLink}. */
final class LinkPacket implements Comparable<LinkPacket> {
    final LinkLane lane;
    final byte[] bytes;
    final int copies;

    /** Which one of its lane it is, by arrival. */
    final long number;

    /** When it goes on at the latest. */
    final long dueNanos;

    /** How many later ones of its lane still go before it. */
    int gap;

    boolean done;

    LinkPacket(LinkLane lane, byte[] bytes, LinkDecisions.Fate fate, long number, long dueNanos) {
        this.lane = lane;
        this.bytes = bytes;
        this.copies = fate.duplicated() ? 2 : 1;
        this.number = number;
        this.dueNanos = dueNanos;
        this.gap = fate.gap();
    }

    @Override
    public int compareTo(LinkPacket other) {
        int byTime = Long.compare(dueNanos - other.dueNanos, 0);
        return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
}
