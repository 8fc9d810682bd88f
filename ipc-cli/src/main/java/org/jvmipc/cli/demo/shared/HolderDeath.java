package org.jvmipc.cli.demo.shared;

import org.jvmipc.cli.demo.Findings;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.Words;

/**
 * How a holder died.
 *
 * @param number of the one that was killed
 * @param victim it, ended
 * @param done how many turns it had done before
 * @param killedAfterNanos from the first turn of all to the kill
 * @param killNanos when that was, on the monotonic clock
 */
public record HolderDeath(int number, Peer victim, long done, long killedAfterNanos, long killNanos) {
    /**
     * Adds that it was killed, and when.
     *
     * @param how what it was about then, as in {@code with a fork in its hand}
     */
    public void addTo(Findings findings, String how) {
        findings.killed(victim);
        findings.fact("killed_after_nanos", killedAfterNanos);
        findings.show("kill", victim + ", " + Words.duration(killedAfterNanos) + " after the first turns, " + how);
    }

    /** How long after the kill this was on the monotonic clock. */
    public long after(long nanos) {
        return nanos - killNanos;
    }

    /** How long after the kill this was, or, if that came later, after somebody began to wait for it. */
    public long afterWanted(long nanos, long wantedNanos) {
        return nanos - Math.max(killNanos, wantedNanos);
    }
}
