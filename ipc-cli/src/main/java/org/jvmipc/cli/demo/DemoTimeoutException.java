package org.jvmipc.cli.demo;

import org.jvmipc.IpcException;

/** A demo did not end in its time; the message says what it was about. Its children have been killed. */
public final class DemoTimeoutException extends IpcException {
    private static final long serialVersionUID = 1L;

    private final String fix;

    DemoTimeoutException(String message, String fix, Throwable cause) {
        super(message, cause);
        this.fix = fix;
    }

    /** What a person can do about it. */
    public String fix() {
        return fix;
    }
}
