package org.jvmipc.cli.frame;

/** The exit codes of the command, the same for every verb. */
public final class ExitCode {
    /** Done. */
    public static final int SUCCESS = 0;

    /** An operation failed; the message names the {@code errno}. */
    public static final int FAILED = 1;

    /** The command line is wrong; nothing was done. */
    public static final int USAGE = 2;

    /** Verification failed: a message was lost, doubled, reordered or corrupt. */
    public static final int UNVERIFIED = 3;

    /** No such endpoint. */
    public static final int NO_ENDPOINT = 4;

    /** The peer is gone. */
    public static final int PEER_GONE = 5;

    /** Permission denied. */
    public static final int PERMISSION = 6;

    /** A limit is reached: of the kernel, the process, or space. */
    public static final int LIMIT = 7;

    /** Busy: it would block, and {@code --no-wait} was given. */
    public static final int BUSY = 8;

    /** Not supported here. */
    public static final int UNSUPPORTED = 9;

    /** Timed out. */
    public static final int TIMED_OUT = 124;

    /** An internal error: a bug of the command. */
    public static final int INTERNAL = 125;

    /** A command to be run is not executable. */
    public static final int NOT_EXECUTABLE = 126;

    /** A command to be run was not found. */
    public static final int NOT_FOUND = 127;

    /** Ended by Ctrl-C: 128 + SIGINT. */
    public static final int INTERRUPTED = 130;

    /** Nobody reads standard output any more: 128 + SIGPIPE. */
    public static final int STDOUT_CLOSED = 141;

    private ExitCode() {}
}
