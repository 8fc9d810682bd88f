package org.jvmipc.cli.demo.pipe;

import org.jvmipc.cli.demo.MessageSource;
import org.jvmipc.cli.demo.Tally;
import org.jvmipc.cli.demo.Verifier;
import org.jvmipc.pipes.WaitStatistics;

/**
 * What a child tells its parent over a pipe of its own, so that the data channel is not judged by what came through it.
 *
 * @param sent how many messages it sent
 * @param sentDigest what stands for them, see {@link MessageSource#digest()}
 * @param received how many different ones it received
 * @param receivedDigest what stands for all it received
 * @param duplicated see {@link Tally}
 * @param reordered see {@link Tally}
 * @param corrupt see {@link Tally}
 * @param waits how often it waited for the pipe
 * @param waitNanos how long, together
 */
record ChildReport(
        long sent,
        long sentDigest,
        long received,
        long receivedDigest,
        long duplicated,
        long reordered,
        long corrupt,
        long waits,
        long waitNanos) {
    /** The report of the child as a reader. */
    static ChildReport received(Verifier verifier, WaitStatistics waits) {
        return new ChildReport(
                0,
                0,
                verifier.received(PipeParent.SENDER),
                verifier.digest(PipeParent.SENDER),
                verifier.duplicated(),
                verifier.reordered(),
                verifier.corrupt(),
                waits.count(),
                waits.total().toNanos());
    }

    /** The report of the child as a writer. */
    static ChildReport sent(MessageSource source, WaitStatistics waits) {
        return new ChildReport(
                source.count(),
                source.digest(),
                0,
                0,
                0,
                0,
                0,
                waits.count(),
                waits.total().toNanos());
    }
}
