package org.jvmipc.shm.sync;

/** A thread locks what it holds already: it would wait for itself for ever. Nothing was changed. */
public final class AlreadyHeldException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** With a message that names the object. */
    public AlreadyHeldException(String message) {
        super(message);
    }
}
