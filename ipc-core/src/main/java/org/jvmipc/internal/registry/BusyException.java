package org.jvmipc.internal.registry;

import org.jvmipc.IpcException;

/** Another process is creating, removing or cleaning up the object, and was not done in time: it may be stopped. */
public final class BusyException extends IpcException {
    private static final long serialVersionUID = 1L;

    /** With its text, which names the object and how long it was waited for. */
    public BusyException(String message) {
        super(message);
    }
}
