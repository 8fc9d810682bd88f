package org.jvmipc.cli.demo.shared;

import org.jvmipc.cli.demo.Peer;

/**
 * How a holder died.
 *
 * @param number of the one that was killed
 * @param victim it, ended
 * @param done how many turns it had done before
 * @param killedAfterNanos from the first turn of all to the kill
 * @param killNanos when that was, on the monotonic clock
 */
public record HolderDeath(int number, Peer victim, long done, long killedAfterNanos, long killNanos) {}
