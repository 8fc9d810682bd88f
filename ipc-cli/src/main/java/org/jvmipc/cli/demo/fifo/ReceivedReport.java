package org.jvmipc.cli.demo.fifo;

import org.jvmipc.cli.demo.Verifier;

/**
 * What a reader has of one writer.
 *
 * @param writer its number
 * @param first the sequence of the first message
 * @param next the sequence behind the last one
 * @param received how many different ones
 * @param digest what stands for all of them, in the order in which they came
 */
record ReceivedReport(int writer, long first, long next, long received, long digest) {
    static ReceivedReport of(Verifier verifier, int writer) {
        return new ReceivedReport(
                writer,
                verifier.first(writer),
                verifier.next(writer),
                verifier.received(writer),
                verifier.digest(writer));
    }

    /** How many between the first and the last one did not come. */
    long gaps() {
        return next - first - received;
    }
}
