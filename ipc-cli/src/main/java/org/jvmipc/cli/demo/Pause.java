package org.jvmipc.cli.demo;

import java.util.concurrent.locks.LockSupport;

/** The pause of a slow reader ({@code --slow}), so that the writer has to wait for it. */
public final class Pause {
    /** How long it is at least. */
    public static final long NANOS = 50_000;

    private Pause() {}

    public static void afterMessage() {
        LockSupport.parkNanos(NANOS);
    }
}
