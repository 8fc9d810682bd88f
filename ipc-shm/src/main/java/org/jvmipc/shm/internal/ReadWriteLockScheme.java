package org.jvmipc.shm.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.jvmipc.Address;
import org.jvmipc.shm.SegmentOptions;

/** The scheme {@code rwlock:}, see {@code SharedReadWriteLock}. */
public final class ReadWriteLockScheme extends ObjectScheme {
    /** For {@link java.util.ServiceLoader}. */
    public ReadWriteLockScheme() {
        super("rwlock", SegmentObjects.READ_WRITE_LOCK.own());
    }

    @Override
    public Map<String, String> parameters() {
        return SegmentAddress.readWriteLockParameters();
    }

    @Override
    public Address create(Address address) throws IOException {
        SegmentObjects.Content content = ReadWriteLockState.content(address.flag(SegmentAddress.WRITER_PREFERENCE));
        SegmentHandle.Opened made = SegmentObjects.READ_WRITE_LOCK.create(address, SegmentOptions.of(address), content);
        made.segment().close();
        return made.address();
    }

    @Override
    public boolean remove(Address address) throws IOException {
        return SegmentObjects.READ_WRITE_LOCK.remove(address);
    }

    @Override
    protected void describe(Seen segment, String object, Map<String, Object> facts) {
        SegmentMemory memory = segment.memory();
        Directory.Entry entry = segment.entry(object, ObjectType.READ_WRITE_LOCK, "read-write lock");
        facts.put("preference", ReadWriteLockState.prefersWriters(memory, entry) ? "writers" : "readers");
        describeWriter(segment, entry, facts);
        Map<String, Integer> readers = new TreeMap<>();
        for (int slot = 0; slot < memory.slots(); slot++) {
            int count = ReaderWords.count(memory, entry, slot);
            if (count > 0) {
                readers.merge(String.valueOf(segment.process(slot)), count, Integer::sum);
            }
        }
        facts.put("readers", readers.toString());
        facts.put("waiting", segment.waiting(object));
    }

    private static void describeWriter(Seen segment, Directory.Entry entry, Map<String, Object> facts) {
        ByteBuffer bytes = segment.memory().bytes();
        int at = entry.offset();
        int word = Words.getVolatile(bytes, at + ReadWriteLockLayout.WRITER);
        long fence = Words.getLongVolatile(bytes, at + MutexLayout.FENCE);
        boolean written = OwnedWord.slot(word) >= 0 && Words.get(bytes, at + ReadWriteLockLayout.WRITES) != 0;
        facts.put("written", written);
        if (OwnedWord.slot(word) >= 0) {
            facts.put(written ? "writer" : "next writer", segment.process(OwnedWord.slot(word)));
        }
        if (written && Words.getLongAcquire(bytes, at + MutexLayout.SEEN_FENCE) == fence) {
            facts.put("since", time(Words.getLong(bytes, at + MutexLayout.SEEN_MILLIS)));
        }
        facts.put("fence", fence);
        if (Words.get(bytes, at + ReadWriteLockLayout.WRITER_DIED) != 0) {
            facts.put("last writer died", true);
        }
    }
}
