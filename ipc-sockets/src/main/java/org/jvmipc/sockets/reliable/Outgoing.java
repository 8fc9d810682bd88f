package org.jvmipc.sockets.reliable;

/** A packet of DATA, or the FIN, from its first sending until it is acknowledged. It refers to its message, and copies nothing. */
final class Outgoing {
    final byte[] message;
    final int offset;
    final int length;
    final boolean fin;

    long sentNanos;
    int transmissions;
    boolean acknowledged;

    /** To be sent again. */
    boolean lost;

    Outgoing(byte[] message, int offset, int length, boolean fin) {
        this.message = message;
        this.offset = offset;
        this.length = length;
        this.fin = fin;
    }

    /** The last part of its message. */
    boolean isLast() {
        return offset + length == message.length;
    }
}
