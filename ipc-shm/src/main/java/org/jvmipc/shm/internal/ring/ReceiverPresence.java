package org.jvmipc.shm.internal.ring;

import org.jvmipc.shm.internal.Directory;
import org.jvmipc.shm.internal.RingLayout;
import org.jvmipc.shm.internal.RingShape;
import org.jvmipc.shm.internal.SegmentMemory;
import org.jvmipc.shm.internal.Words;

/** Whether a ring that was made with its receiver still has one, for those who look only. */
public final class ReceiverPresence {
    private ReceiverPresence() {}

    /**
     * Whether there was a receiver and none is there: the last one has closed, or was found dead and repaired.
     *
     * @param object the name of the ring in its segment
     */
    public static boolean hasLeft(SegmentMemory memory, String object) {
        Directory.Entry entry = Directory.find(memory, object);
        if (entry == null) {
            return false;
        }
        RingShape shape = RingShape.read(memory, entry);
        for (int i = 0; i < shape.receivers(); i++) {
            if (word(memory, entry, shape.receiver(i) + RingLayout.RECEIVER_OWNER) != 0) {
                return false;
            }
        }
        return word(memory, entry, shape.receiver(0) + RingLayout.RECEIVER_DEPARTURE) != 0;
    }

    private static int word(SegmentMemory memory, Directory.Entry entry, int at) {
        return Words.getVolatile(memory.bytes(), entry.offset() + at);
    }
}
