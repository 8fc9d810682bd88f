package org.jvmipc.shm.internal;

import java.lang.ref.Cleaner;

/** Closes what its owner forgot: a descriptor, a place in a segment, a mapping of the C library. */
public final class SafetyNet {
    private static final Cleaner CLEANER = Cleaner.create();

    private SafetyNet() {}

    /**
     * Closes it when the handle is unreachable.
     *
     * @param close must not refer to the handle; does nothing the second time
     */
    public static void register(Object handle, Runnable close) {
        CLEANER.register(handle, close);
    }
}
