package org.jvmipc.cli.talk;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where a verb puts messages. */
interface Outlet {
    /** Puts a message, which may be held back until the next {@link #flush}. */
    void put(ByteBuffer message) throws IOException, InterruptedException;

    /** Hands over all that was put. */
    void flush() throws IOException, InterruptedException;

    /** How many messages have been handed over, as far as is known. */
    long handedOver();

    /** Whether there may be more of them: of several at a time that failed it is not known. */
    boolean maybeMore();
}
