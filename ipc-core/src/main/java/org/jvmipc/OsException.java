package org.jvmipc;

import org.jvmipc.internal.posix.Errno;

/**
 * A call of the operating system failed: which call, with which {@code errno}, on which object. The message has the form
 * {@code mkfifo failed: File exists (EEXIST) path=/x}. See {@code errno(3)}.
 */
public final class OsException extends IpcException {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final int errno;
    private final String object;

    /**
     * An error of one system call.
     *
     * @param call the call's name, as in section 2 or 3 of the manual
     * @param errno the error number it left
     * @param object what it was about, as {@code name=value}, or empty
     */
    public OsException(String call, int errno, String object) {
        super(call + " failed: " + Errno.text(errno) + " (" + Errno.name(errno) + ")"
                + (object.isEmpty() ? "" : " " + object));
        this.call = call;
        this.errno = errno;
        this.object = object;
    }

    /** The call's name, such as {@code mkfifo}. */
    public String call() {
        return call;
    }

    /** The error number, such as 17. */
    public int errno() {
        return errno;
    }

    /** The error's name, such as {@code EEXIST}; {@code E<number>} for one this toolkit does not know. */
    public String errnoName() {
        return Errno.name(errno);
    }

    /** What the call was about, as {@code name=value}, or empty. */
    public String object() {
        return object;
    }
}
