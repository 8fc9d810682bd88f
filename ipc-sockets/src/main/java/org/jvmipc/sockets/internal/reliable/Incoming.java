package org.jvmipc.sockets.internal.reliable;

/** What a packet of DATA carried, or that it was the FIN, from its arrival until it is taken. */
final class Incoming {
    final byte[] bytes;
    final int length;
    final boolean fin;

    /**
     * Of one packet.
     *
     * @param bytes from its beginning on, and perhaps more
     */
    Incoming(byte[] bytes, int length, boolean fin) {
        this.bytes = bytes;
        this.length = length;
        this.fin = fin;
    }
}
