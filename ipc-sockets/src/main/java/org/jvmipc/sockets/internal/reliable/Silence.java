package org.jvmipc.sockets.internal.reliable;

/**
 * Keep-alive: how long nothing has come, when the other side is asked whether it is there, and when it is given up. Who connects
 * asks soon and often until it has heard of the session: the server has to know that its answer came.
 */
final class Silence {
    private static final long NEVER = Long.MAX_VALUE;
    private static final long LEAST_CONFIRM_NANOS = 50_000_000;
    private static final long MOST_CONFIRM_NANOS = 1_000_000_000;

    /** How often a silent peer is asked at least before it is given up. */
    private static final int QUESTIONS = 4;

    /** Who looks so much later than it was time to was away. */
    private static final long MOST_LATE_NANOS = 1_000_000_000;

    private final long keepAliveNanos;
    private final long peerTimeoutNanos;
    private long heard;
    private long asked;
    private boolean asking;
    private boolean confirmed;
    private long confirmNanos;

    Silence(SessionSettings settings, long now) {
        // Who is given up soon is asked sooner, and several times.
        this.keepAliveNanos = Math.min(settings.keepAliveNanos(), settings.peerTimeoutNanos() / QUESTIONS);
        this.peerTimeoutNanos = settings.peerTimeoutNanos();
        this.heard = now;
        this.asked = now;
    }

    long keepAliveNanos() {
        return keepAliveNanos;
    }

    /** Something of the session has come. */
    void heard(long now) {
        confirmed = true;
        heard = now;
        asking = false;
    }

    /** A question goes out. */
    void asked(long now) {
        asked = now;
        asking = true;
        confirmNanos = Math.min(MOST_CONFIRM_NANOS, Math.max(LEAST_CONFIRM_NANOS, 2 * confirmNanos));
    }

    /** Whether something has ever come. */
    boolean isConfirmed() {
        return confirmed;
    }

    /** Since when a question waits for its answer; {@link Long#MAX_VALUE} if none does. */
    long unansweredSince() {
        return asking ? asked : NEVER;
    }

    /** Who was stopped himself, or not given the processor, has not listened meanwhile: that is no silence of the other side. */
    void forgive(long lateNanos, long now) {
        if (lateNanos > MOST_LATE_NANOS) {
            heard = Math.min(now, heard + lateNanos);
        }
    }

    /** When something has come last; later by what was {@linkplain #forgive forgiven}. */
    long heardAt() {
        return heard;
    }

    long lasts(long now) {
        return now - heard;
    }

    boolean isTooLong(long now) {
        return lasts(now) >= peerTimeoutNanos;
    }

    /** When it will be too long. */
    long endDeadline() {
        return heard + peerTimeoutNanos;
    }

    /** When to ask. */
    long askDeadline() {
        if (!confirmed) {
            return asked + confirmNanos;
        }
        return Math.max(heard, asking ? asked : heard) + keepAliveNanos;
    }
}
