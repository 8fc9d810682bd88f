package org.jvmipc.shm.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * For what threads of this process wait, in its slot: for those who look only, nobody decides by it. There is room for eight objects;
 * a ninth is not shown. Which threads they are only this process knows; see {@link ThreadWaits}.
 *
 * <p><b>Thread safety.</b> Yes; one process writes its own slot.
 */
final class WaitTable {
    private final ByteBuffer bytes;
    private final int first;
    private final int[] counts = new int[SegmentLayout.SLOT_WAIT_ENTRIES];
    private final int[] objects = new int[SegmentLayout.SLOT_WAIT_ENTRIES];
    private final Set<ThreadWait> ofLocks = new HashSet<>();

    WaitTable(ByteBuffer bytes, int slot) {
        this.bytes = bytes;
        this.first = slot + SegmentLayout.SLOT_WAITS;
    }

    /** One thread more waits for the object. */
    synchronized void begin(int object) {
        int entry = find(object);
        if (entry < 0) {
            entry = find(0);
        }
        if (entry >= 0) {
            objects[entry] = object;
            counts[entry]++;
            show(entry);
        }
    }

    /** One thread less. */
    synchronized void end(int object) {
        int entry = find(object);
        if (entry >= 0 && counts[entry] > 0) {
            counts[entry]--;
            if (counts[entry] == 0) {
                objects[entry] = 0;
            }
            show(entry);
        }
    }

    private int find(int object) {
        for (int i = 0; i < objects.length; i++) {
            if (objects[i] == object) {
                return i;
            }
        }
        return -1;
    }

    private void show(int entry) {
        int at = first + entry * SegmentLayout.SLOT_WAIT_BYTES;
        Words.setRelease(bytes, at, objects[entry]);
        Words.setRelease(bytes, at + Integer.BYTES, counts[entry]);
    }

    /** The same, of a lock. */
    synchronized void begin(int object, ThreadWait wait) {
        begin(object);
        ofLocks.add(wait); // last: if the memory is gone the wait has not begun
    }

    /** The same, of a lock. */
    synchronized void end(int object, ThreadWait wait) {
        ofLocks.remove(wait);
        end(object);
    }

    /** Who waits for locks now. */
    synchronized List<ThreadWait> ofLocks() {
        return ofLocks.isEmpty() ? List.of() : new ArrayList<>(ofLocks);
    }

    /** What a slot shows: by offset of the object how many threads wait for it. */
    static Map<Integer, Integer> read(ByteBuffer bytes, int slot) {
        Map<Integer, Integer> waits = new LinkedHashMap<>();
        for (int i = 0; i < SegmentLayout.SLOT_WAIT_ENTRIES; i++) {
            int at = slot + SegmentLayout.SLOT_WAITS + i * SegmentLayout.SLOT_WAIT_BYTES;
            int object = Words.getAcquire(bytes, at);
            int count = Words.getAcquire(bytes, at + Integer.BYTES);
            if (object != 0 && count > 0) {
                waits.merge(object, count, Integer::sum);
            }
        }
        return waits;
    }

    static void clear(ByteBuffer bytes, int slot) {
        for (int at = 0; at < SegmentLayout.SLOT_WAIT_ENTRIES * SegmentLayout.SLOT_WAIT_BYTES; at += Integer.BYTES) {
            Words.set(bytes, slot + SegmentLayout.SLOT_WAITS + at, 0);
        }
    }
}
