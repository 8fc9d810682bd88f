package org.jvmipc;

/** This mechanism, or this option of it, does not exist on this machine, kernel or JVM; the message says which and why. */
public final class UnsupportedMechanismException extends IpcException {
    private static final long serialVersionUID = 1L;

    /** An error that names the mechanism, what is missing and, where there is one, the way to get it. */
    public UnsupportedMechanismException(String message) {
        super(message);
    }
}
