package org.jvmipc.cli.demo.sem;

import java.util.List;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.shared.Passed;

/**
 * What came of a transfer, as its processes told.
 *
 * @param passed what producers and consumers told of the messages
 * @param state what the buffer says in the end
 * @param rounds how often all was done
 * @param processes they, ended
 * @param nanos how long it took
 */
record SemTransfer(Passed passed, BufferState state, int rounds, List<Peer> processes, long nanos) {
    long lostUpdates() {
        return state.lostUpdates(passed.puts(), passed.takes());
    }
}
