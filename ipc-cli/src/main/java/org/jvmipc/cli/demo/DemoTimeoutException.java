package org.jvmipc.cli.demo;

import org.jvmipc.IpcException;

/** A demo did not end in its time; the message says what it was about. Its children have been killed. */
public final class DemoTimeoutException extends IpcException {
    private static final long serialVersionUID = 1L;

    DemoTimeoutException(String message, Throwable cause) {
        super(message, cause);
    }
}
