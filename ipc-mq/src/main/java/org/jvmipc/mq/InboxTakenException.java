package org.jvmipc.mq;

import org.jvmipc.Address;
import org.jvmipc.IpcException;
import org.jvmipc.process.ProcessIdentity;

/** An inbox is another one's, whose death is not proven. Nothing was taken from it. */
public final class InboxTakenException extends IpcException {
    private static final long serialVersionUID = 1L;

    private final long pid;

    /** An error that says whose it is. */
    public InboxTakenException(Address address, ProcessIdentity owner) {
        super(address + ": it is the inbox of process " + owner.pid() + where(owner)
                + (owner.equals(ProcessIdentity.self()) ? ", this one" : ""));
        this.pid = owner.pid();
    }

    private static String where(ProcessIdentity owner) {
        long namespace = owner.pidNamespace();
        boolean here = namespace == 0 || namespace == ProcessIdentity.self().pidNamespace();
        return here ? "" : " of pid namespace " + namespace;
    }

    /** The owner's process, in its pid namespace. */
    public long pid() {
        return pid;
    }
}
