package org.jvmipc;

/**
 * A limit would be passed: of a message, the process, the kernel or the file system. Nothing was done; the message names
 * the limit, its present value and what would raise it.
 */
public final class LimitException extends IpcException {
    private static final long serialVersionUID = 1L;

    private final String limit;
    private final long value;

    /**
     * An error of the form {@code <what>: <limit> is <value>; <how to raise it>}.
     *
     * @param what what was asked for, with its value and object
     * @param limit the limit's name, such as {@code maxMessageBytes} or {@code RLIMIT_NOFILE}
     * @param value its present value, in the unit of the limit
     * @param remedy what would raise it
     */
    public LimitException(String what, String limit, long value, String remedy) {
        super(what + ": " + limit + " is " + value + "; " + remedy);
        this.limit = limit;
        this.value = value;
    }

    /** The limit's name. */
    public String limit() {
        return limit;
    }

    /** The limit's present value, in the unit of the limit. */
    public long value() {
        return value;
    }
}
