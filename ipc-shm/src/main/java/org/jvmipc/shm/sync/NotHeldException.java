package org.jvmipc.shm.sync;

/** Something was given back by a thread, or a process, that does not hold it. Nothing was changed. */
public final class NotHeldException extends IllegalMonitorStateException {
    private static final long serialVersionUID = 1L;

    /** With a message that names the object. */
    public NotHeldException(String message) {
        super(message);
    }
}
