package org.jvmipc.shm.internal;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/** What a semaphore shows to those who look only. */
public final class SemaphoreInspection {
    private SemaphoreInspection() {}

    /** Adds its mode, its permits, who holds them, and how many wait. */
    public static void describe(ObjectScheme.Seen segment, String object, Map<String, Object> facts) {
        SegmentMemory memory = segment.memory();
        Directory.Entry entry = segment.entry(object, ObjectType.SEMAPHORE, "semaphore");
        ByteBuffer bytes = memory.bytes();
        boolean robust = SemaphoreState.isRobust(memory, entry);
        facts.put("mode", robust ? "robust" : "plain");
        if (robust) {
            int permits = SemaphoreState.permits(memory, entry);
            Map<String, Integer> holders = new TreeMap<>();
            int free = 0;
            for (int i = 0; i < permits; i++) {
                int word = Words.getVolatile(bytes, SemaphoreState.word(entry, i));
                if (OwnedWord.slot(word) < 0) {
                    free++;
                } else {
                    holders.merge(String.valueOf(segment.process(OwnedWord.slot(word))), 1, Integer::sum);
                }
            }
            facts.put("value", free);
            facts.put("permits", permits);
            facts.put("held", holders.toString());
        } else {
            int value = Words.getVolatile(bytes, entry.offset() + SemaphoreLayout.VALUE);
            facts.put("value", value & SemaphoreLayout.MAX_VALUE);
        }
        facts.put("waiting", segment.waiting(object));
    }
}
