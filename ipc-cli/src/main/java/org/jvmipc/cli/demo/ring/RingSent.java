package org.jvmipc.cli.demo.ring;

import org.jvmipc.cli.demo.MessageSource;
import org.jvmipc.cli.demo.Stage;

/**
 * What a producer tells the parent, more than once as it goes along.
 *
 * @param stage how far it has come, one of the constants here
 * @param sent how many messages are in the ring, or were
 * @param digest what stands for them, in their order
 * @param sum what stands for them in any order
 * @param waits how often the ring was full
 * @param waitNanos how long it waited then, together
 * @param reason with {@link #TOLD}: what it was told
 * @param atNanos when this is, on the monotonic clock, which is one for all processes of a machine
 */
record RingSent(String stage, long sent, long digest, long sum, long waits, long waitNanos, String reason, long atNanos)
        implements Stage {
    /** Its first message is in the ring. */
    static final String STARTED = "started";

    /** It has claimed room for a message, has written half of it, and waits for its death. */
    static final String HOLDING = "holding";

    /** It was told that the consumer is gone. */
    static final String TOLD = "told";

    /** A message is in the ring since it was asked, or told. */
    static final String GOING = "going";

    /** It has sent all. */
    static final String SENT = "sent";

    /** How far a producer is now. */
    static RingSent now(String stage, MessageSource source, long waits, long waitNanos, String reason) {
        return new RingSent(
                stage, source.count(), source.digest(), source.sum(), waits, waitNanos, reason, System.nanoTime());
    }
}
