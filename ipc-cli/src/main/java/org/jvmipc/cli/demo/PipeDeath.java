package org.jvmipc.cli.demo;

import org.jvmipc.PeerGoneException;
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
 * @param sent how many messages it had sent
 * @param received what it had received
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
        long sent,
        Verifier received,
        Peer child) {}
