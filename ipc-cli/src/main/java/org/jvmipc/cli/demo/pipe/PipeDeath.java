package org.jvmipc.cli.demo.pipe;

import org.jvmipc.PeerGoneException;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.Verifier;
import org.jvmipc.pipes.WaitStatistics;

/**
 * What {@link PipeSurvivor} saw.
 *
 * @param killedAfterNanos from the first data to the kill
 * @param readerReason what its reader was told
 * @param readerToldNanos when, from the kill on
 * @param writerReason what its writer was told
 * @param writerToldNanos when, from the kill on
 * @param exitToldNanos when the child's end was known, from the kill on
 * @param sentToChild how many messages it had sent
 * @param received what it had received: from the child, whose own count of what it sent died with it
 */
record PipeDeath(
        int capacityBytes,
        long killedAfterNanos,
        PeerGoneException.Reason readerReason,
        long readerToldNanos,
        PeerGoneException.Reason writerReason,
        long writerToldNanos,
        long exitToldNanos,
        WaitStatistics writerWaits,
        long sentToChild,
        Verifier received,
        Peer child) {
    /** When the last of the three was told of the death, from the kill on. */
    long namedNanos() {
        return Math.max(Math.max(readerToldNanos, writerToldNanos), exitToldNanos);
    }
}
