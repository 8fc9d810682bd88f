package org.jvmipc.shm.internal;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jvmipc.IpcException;
import org.jvmipc.internal.posix.Fd;

/**
 * One process in the table of participants, as its slot shows it; nothing in it is proven but whether its beacon is lit.
 *
 * @param slot its number in the table
 * @param generation how often the slot was taken
 * @param pid its pid, in its own pid namespace
 * @param startTime as {@link org.jvmipc.process.ProcessIdentity#startTime()}
 * @param pidNamespace the inode of its pid namespace
 * @param joined when it joined
 * @param alive whether its beacon is lit: false only if it is proven dead, and not repaired yet
 * @param waits by offset of an object how many of its threads wait for it
 */
public record Participant(
        int slot,
        int generation,
        int pid,
        long startTime,
        long pidNamespace,
        Instant joined,
        boolean alive,
        Map<Integer, Integer> waits) {
    /** Keeps a copy of the map. */
    public Participant {
        waits = Map.copyOf(waits);
    }

    static List<Participant> all(SegmentMemory memory, Fd file, int own) throws IpcException {
        List<Participant> all = new ArrayList<>();
        for (int slot = 0; slot < memory.slots(); slot++) {
            if (state(memory, slot) == SegmentLayout.ACTIVE) {
                all.add(read(memory, slot, slot == own || Beacons.isLit(file, slot)));
            }
        }
        return all;
    }

    private static int state(SegmentMemory memory, int slot) {
        return Words.getAcquire(memory.bytes(), memory.slot(slot) + SegmentLayout.SLOT_STATE);
    }

    static Participant read(SegmentMemory memory, int slot, boolean alive) {
        ByteBuffer bytes = memory.bytes();
        int at = memory.slot(slot);
        return new Participant(
                slot,
                Words.get(bytes, at + SegmentLayout.SLOT_GENERATION),
                Words.get(bytes, at + SegmentLayout.SLOT_PID),
                Words.getLong(bytes, at + SegmentLayout.SLOT_START_TIME),
                Words.getLong(bytes, at + SegmentLayout.SLOT_NAMESPACE),
                Instant.ofEpochMilli(Words.getLong(bytes, at + SegmentLayout.SLOT_JOINED)),
                alive,
                WaitTable.read(bytes, at));
    }
}
