package org.jvmipc.shm;

/**
 * Memory that processes share is not what it was: another process cut its file off, or wrote what nobody of ours writes.
 * Nothing that was read from it may be trusted.
 */
public final class DamagedSegmentException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** With a message that names the object, and what is wrong. */
    public DamagedSegmentException(String message) {
        super(message);
    }

    /** With a message that names the object, and what was thrown when it was touched. */
    public DamagedSegmentException(String message, Throwable cause) {
        super(message, cause);
    }
}
