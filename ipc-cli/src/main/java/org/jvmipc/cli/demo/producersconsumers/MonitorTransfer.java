package org.jvmipc.cli.demo.producersconsumers;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.shared.HolderDeath;
import org.jvmipc.cli.demo.shared.Passed;

/**
 * What came of a transfer, as its processes told.
 *
 * @param seed what has said who was to be killed, and when
 * @param passed what producers and consumers told of the messages, a killed one included
 * @param state what the buffer says in the end
 * @param told how often somebody was told that the last one inside has died there
 * @param toldNanos when that was last, on the monotonic clock
 * @param processes all that ended by themselves
 * @param nanos how long it took
 * @param death who was killed; null if nobody
 */
record MonitorTransfer(
        long seed,
        Passed passed,
        MonitorState state,
        int told,
        long toldNanos,
        List<Peer> processes,
        long nanos,
        @Nullable MonitorDeath death) {
    /**
     * A death.
     *
     * @param holder how it died
     * @param ofConsumer whether it was a consumer
     * @param moment what it was about
     * @param inHandOf the producer of the message that went with it; 0: none
     * @param inHandSum what stands for that message
     */
    record MonitorDeath(HolderDeath holder, boolean ofConsumer, Moment moment, int inHandOf, long inHandSum) {
        String role() {
            return ofConsumer ? MonitorDemo.CONSUMER : MonitorDemo.PRODUCER;
        }
    }
}
