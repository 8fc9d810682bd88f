package org.jvmipc.cli.demo.signal;

import org.jvmipc.cli.demo.Peer;

/**
 * What the parent saw, and what the child reported.
 *
 * @param merged how many standard ones were sent while none was taken
 * @param mergedReport what came of them
 * @param queued how many real-time ones were sent while they were taken
 * @param queuedReport what came of them
 * @param filled how many were accepted while none was taken
 * @param full whether the sender was told then that there is no more room
 * @param filledReport what came of them
 * @param limit how many signals of its user could be pending for the child
 * @param readyNanos how long the child took to be ready
 */
record SignalSeen(
        long merged,
        SignalReport mergedReport,
        long queued,
        SignalReport queuedReport,
        long filled,
        boolean full,
        SignalReport filledReport,
        long limit,
        long readyNanos,
        Peer child) {}
