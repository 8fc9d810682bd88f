package org.jvmipc.signals;

import org.jvmipc.IpcException;

/** A signal cannot be received here, because somebody else has it. Nothing was changed; the message names who. */
public final class SignalUnavailableException extends IpcException {
    private static final long serialVersionUID = 1L;

    /** Whose it is. */
    public enum Owner {
        /** The kernel, the C library, the JVM, or this toolkit for its own use; {@link PosixSignal#refusal()}. */
        SYSTEM,
        /** Another library or the application, which has a handler for it. */
        FOREIGN_HANDLER,
        /** A {@link SignalReceiver} of this JVM. */
        RECEIVER
    }

    private final int number;
    private final Owner owner;

    SignalUnavailableException(PosixSignal signal, Owner owner, String reason) {
        super(signal + " (" + signal.number() + ") cannot be received: " + reason);
        this.number = signal.number();
        this.owner = owner;
    }

    /** The signal. */
    public PosixSignal signal() {
        return new PosixSignal(number);
    }

    /** Whose it is. */
    public Owner owner() {
        return owner;
    }
}
