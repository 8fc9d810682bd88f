package org.jvmipc.shm.internal;

import java.nio.ByteBuffer;
import java.util.Map;

/** What a mutex shows to those who look only. */
public final class MutexInspection {
    private MutexInspection() {}

    /** Adds who holds it, since when, how many wait, and how often it was held. */
    public static void describe(ObjectScheme.Seen segment, String object, Map<String, Object> facts) {
        Directory.Entry entry = segment.entry(object, ObjectType.MUTEX, "mutex");
        ByteBuffer bytes = segment.memory().bytes();
        int offset = entry.offset();
        int word = Words.getVolatile(bytes, offset + MutexLayout.WORD);
        long fence = Words.getLongVolatile(bytes, offset + MutexLayout.FENCE);
        boolean held = OwnedWord.slot(word) >= 0;
        facts.put("held", held);
        if (held) {
            facts.put("holder", segment.process(OwnedWord.slot(word)));
            if (Words.getLongAcquire(bytes, offset + MutexLayout.SEEN_FENCE) == fence) {
                facts.put("since", ObjectScheme.time(Words.getLong(bytes, offset + MutexLayout.SEEN_MILLIS)));
            }
        }
        facts.put("waiting", segment.waiting(object));
        facts.put("fence", fence);
        if (Words.get(bytes, offset + MutexLayout.OWNER_DIED) != 0) {
            facts.put("last holder died", true);
        }
    }
}
