package org.jvmipc.shm.sync;

/** A barrier does not open for who waits: a process that took part has died, or the barrier was reset. */
public final class BarrierBrokenException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** With a message that names the barrier and why. */
    public BarrierBrokenException(String message) {
        super(message);
    }
}
