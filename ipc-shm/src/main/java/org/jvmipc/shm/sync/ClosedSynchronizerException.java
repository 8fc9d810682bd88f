package org.jvmipc.shm.sync;

/** The handle was closed before the call, or by another thread while the call waited. Nothing was acquired. */
public final class ClosedSynchronizerException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** With a message that names the object. */
    public ClosedSynchronizerException(String message) {
        super(message);
    }
}
