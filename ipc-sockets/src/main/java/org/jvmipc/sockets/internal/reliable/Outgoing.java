package org.jvmipc.sockets.internal.reliable;

/** A packet of DATA, or the FIN, until it is acknowledged. */
final class Outgoing {
    final byte[] bytes;
    final boolean fin;

    /** How much of the array it carries. */
    int length;

    long sentNanos;
    int transmissions;
    boolean acknowledged;

    /** To be sent again. */
    boolean lost;

    Outgoing(byte[] bytes, boolean fin) {
        this.bytes = bytes;
        this.fin = fin;
    }
}
