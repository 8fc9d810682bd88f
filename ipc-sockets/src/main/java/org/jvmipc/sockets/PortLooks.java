package org.jvmipc.sockets;

/**
 * The looks for the port of one client who is silent: he is gone when two of them, one after the other, do not find it, and nothing was heard
 * of him meanwhile. One alone proves nothing: the kernel gives its table piece by piece, and may leave out a row when other sockets are closed.
 *
 * <p><b>Thread safety.</b> None.
 */
final class PortLooks {
    private static final long NEVER = Long.MAX_VALUE;

    private final PortWatch watch;

    /** The question after which was looked. */
    private long question = NEVER;

    /** When he was heard last before that. */
    private long heard;

    /** It was asked for, and there is no answer yet. */
    private boolean pending;

    /** The last look has not found it. */
    private boolean missed;

    /** When the second look is due. */
    private long again;

    PortLooks(PortWatch watch) {
        this.watch = watch;
    }

    /**
     * When it is to be looked for.
     *
     * @param since the question that he has not answered
     * @param lastHeard when he was heard last
     */
    long deadline(long since, long lastHeard) {
        if (pending || since == NEVER) {
            return NEVER;
        }
        if (missed && lastHeard == heard) {
            return again;
        }
        return since == question ? NEVER : watch.earliest(since);
    }

    /** It is looked for now. */
    void ask(long since, long lastHeard) {
        missed &= lastHeard == heard;
        question = since;
        heard = lastHeard;
        pending = true;
    }

    /** Whether he waits for a look. */
    boolean isPending() {
        return pending;
    }

    /** A look has found it, or not; true if it is gone. */
    boolean looked(boolean missing, long lastHeard, long ended) {
        boolean before = missed;
        pending = false;
        missed = missing && lastHeard == heard;
        again = ended + PortWatch.ANSWER_NANOS;
        return before && missed;
    }
}
