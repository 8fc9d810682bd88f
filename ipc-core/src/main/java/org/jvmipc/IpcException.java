package org.jvmipc;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The parent of the toolkit's own checked exceptions. Every one of them names the object it is about. */
public class IpcException extends IOException {
    private static final long serialVersionUID = 1L;

    /** An error with its text, which names the value, the object and, where there is one, the limit. */
    public IpcException(String message) {
        super(message);
    }

    /** An error with its text and what led to it. */
    public IpcException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
