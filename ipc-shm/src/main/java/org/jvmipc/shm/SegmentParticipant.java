package org.jvmipc.shm;

import java.time.Instant;
import java.util.Map;
import org.jvmipc.process.ProcessIdentity;

/**
 * A process that is attached to a segment, as the table of participants shows it.
 *
 * @param slot its place in the table
 * @param process which process; its pid is of its own pid namespace
 * @param joined when it attached
 * @param alive false if it is proven dead, and nobody has repaired what it left yet
 * @param waiting by name of an object how many of its threads wait for it
 */
public record SegmentParticipant(
        int slot, ProcessIdentity process, Instant joined, boolean alive, Map<String, Integer> waiting) {
    /** Keeps a copy of the map. */
    public SegmentParticipant {
        waiting = Map.copyOf(waiting);
    }
}
