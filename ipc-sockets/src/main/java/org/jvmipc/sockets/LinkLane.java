package org.jvmipc.sockets;

import java.util.ArrayList;
import java.util.List;

/** One direction of one client of a {@link FaultyLink}: within it, and only there, datagrams have an order. */
final class LinkLane {
    /** Sends a datagram on; false if that failed. */
    interface Exit {
        boolean send(byte[] bytes);
    }

    private final Exit exit;
    private final List<LinkPacket> heldBack = new ArrayList<>();
    private long arrivals;
    private long newest = -1;

    LinkLane(Exit exit) {
        this.exit = exit;
    }

    long nextNumber() {
        return arrivals++;
    }

    void holdBack(LinkPacket packet) {
        heldBack.add(packet);
    }

    boolean send(byte[] bytes) {
        return exit.send(bytes);
    }

    /** Notes that it went on: whether a later one had gone before it. */
    boolean passes(LinkPacket packet) {
        heldBack.remove(packet);
        boolean overtaken = packet.number < newest;
        newest = Math.max(newest, packet.number);
        return overtaken;
    }

    /** Those that waited for this one to go before them, and for no further one. */
    List<LinkPacket> freedBy(LinkPacket passed) {
        List<LinkPacket> freed = new ArrayList<>();
        for (LinkPacket held : heldBack) {
            if (held.number < passed.number && --held.gap == 0) {
                freed.add(held);
            }
        }
        return freed;
    }
}
