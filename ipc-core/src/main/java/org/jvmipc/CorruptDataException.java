package org.jvmipc;

import org.jspecify.annotations.Nullable;

/**
 * What came from the other side, or lay in shared memory or a file, is not what it should be: a wrong length, a checksum
 * that does not fit, an unknown type. Nothing of it is delivered.
 */
public final class CorruptDataException extends IpcException {
    private static final long serialVersionUID = 1L;

    /** An error that says what was found, where, and what was expected. */
    public CorruptDataException(String message) {
        super(message);
    }

    /** An error with the exception that showed it. */
    public CorruptDataException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
