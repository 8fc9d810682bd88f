package org.jvmipc.mq;

import java.util.OptionalLong;
import org.jvmipc.IpcException;

/**
 * Another process has been in the middle of a step on the queue for most of a second without getting on: it is stopped ({@code
 * SIGSTOP}, a debugger, a long pause), not dead. Nothing was done, nothing is taken from it; when it goes on so can others.
 */
public final class StalledProcessException extends IpcException {
    private static final long serialVersionUID = 1L;

    private final long pid;

    /**
     * An error that says who, and at what.
     *
     * @param pid the process, 0 if it is not known
     */
    public StalledProcessException(String message, long pid) {
        super(message);
        this.pid = pid;
    }

    /** The process that stands still. */
    public OptionalLong pid() {
        return pid == 0 ? OptionalLong.empty() : OptionalLong.of(pid);
    }
}
