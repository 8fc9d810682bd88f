package org.jvmipc.cli.frame;

/** Which exit code an exception, or a row of results, makes. */
public final class ExitCodes {
    /** Worst first: what is certainly a bug, then wrong data, then what a person can do something about. */
    private static final int[] WORST_FIRST = {
        ExitCode.INTERNAL,
        ExitCode.UNVERIFIED,
        ExitCode.FAILED,
        ExitCode.LIMIT,
        ExitCode.PERMISSION,
        ExitCode.PEER_GONE,
        ExitCode.NO_ENDPOINT,
        ExitCode.TIMED_OUT
    };

    private ExitCodes() {}

    /** The code that the command ends with when this was thrown. */
    public static int of(Throwable error) {
        return Failure.of(error).kind().exit();
    }

    /** The one to report of two codes. A code without a rank is better than every ranked one, and worse than success. */
    public static int worst(int one, int other) {
        for (int code : WORST_FIRST) {
            if (one == code || other == code) {
                return code;
            }
        }
        return one == ExitCode.SUCCESS ? other : one;
    }
}
