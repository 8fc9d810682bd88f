package org.jvmipc.shm.internal;

import java.io.IOException;
import java.util.Map;
import org.jvmipc.Address;
import org.jvmipc.shm.SegmentOptions;

/** The scheme {@code mutex:}, see {@code SharedMutex}. */
public final class MutexScheme extends ObjectScheme {
    /** For {@link java.util.ServiceLoader}. */
    public MutexScheme() {
        super("mutex", SegmentObjects.MUTEX.own());
    }

    @Override
    public Map<String, String> parameters() {
        return SegmentAddress.objectParameters();
    }

    @Override
    public Address create(Address address) throws IOException {
        SegmentHandle.Opened made =
                SegmentObjects.MUTEX.create(address, SegmentOptions.of(address), MutexState.CONTENT);
        made.segment().close();
        return made.address();
    }

    @Override
    public boolean remove(Address address) throws IOException {
        return SegmentObjects.MUTEX.remove(address);
    }

    @Override
    protected void describe(Seen segment, String object, Map<String, Object> facts) {
        MutexInspection.describe(segment, object, facts);
    }
}
