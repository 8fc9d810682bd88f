package org.jvmipc.cli.demo.fifo;

import org.jvmipc.cli.demo.MessageSource;
import org.jvmipc.cli.demo.Stage;

/**
 * What a writer tells the parent, more than once as it goes along.
 *
 * @param stage how far it has come, one of the constants here
 * @param sent how many messages it has sent
 * @param digest what stands for them, see {@link MessageSource#digest()}
 * @param foundNoReader whether nobody had it open for reading when it came
 * @param filled how many it had sent when the FIFO took no further one without a wait
 * @param openNanos how long its open waited for a reader
 * @param waits how often it waited since, because the FIFO was full
 * @param waitNanos how long, together
 * @param told what it was told when the reader had gone, or nothing
 * @param atNanos when this was, on the monotonic clock, which is one for all processes of a machine
 */
record WriterReport(
        String stage,
        long sent,
        long digest,
        boolean foundNoReader,
        long filled,
        long openNanos,
        long waits,
        long waitNanos,
        String told,
        long atNanos)
        implements Stage {
    /** It has looked for a reader, and waits for one in its open. */
    static final String OPENING = "opening";

    /** It has it open, and has sent what could be sent without a wait. */
    static final String FILLED = "filled";

    /** It was told that the reader is gone, and waits for the next one. */
    static final String READER_GONE = "reader gone";

    /** It has sent all and closed. */
    static final String DONE = "done";
}
