package org.jvmipc.shm;

import java.nio.ByteBuffer;

/** Looks at a message where it lies in a {@link SharedRing}. */
@FunctionalInterface
public interface RingHandler {
    /**
     * A message has come.
     *
     * @param message a read-only, little-endian view, valid during the call only; the message lies between its position, which is
     *     hardly ever 0, and its limit. It is memory of the ring, which a hostile sender can change while it is looked at: what is
     *     checked has to be copied first
     */
    void accept(ByteBuffer message);
}
