package org.jvmipc.shm.internal;

import java.io.IOException;
import java.util.Map;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.shm.SegmentOptions;

/** The scheme {@code sem:}, see {@code SharedSemaphore}. */
public final class SemaphoreScheme extends ObjectScheme {
    /** For {@link java.util.ServiceLoader}. */
    public SemaphoreScheme() {
        super("sem", SegmentObjects.SEMAPHORE.own());
    }

    @Override
    public Map<String, String> parameters() {
        return SegmentAddress.semaphoreParameters();
    }

    @Override
    public Address create(Address address) throws IOException {
        SegmentHandle.Opened made =
                SegmentObjects.SEMAPHORE.create(address, SegmentOptions.of(address), content(address));
        made.segment().close();
        return made.address();
    }

    private static SegmentObjects.Content content(Address address) {
        int permits = address.integer(SegmentAddress.VALUE, 1);
        boolean robust = address.flag(SegmentAddress.ROBUST);
        try {
            return SemaphoreState.content(permits, robust);
        } catch (IllegalArgumentException e) {
            throw new AddressException(
                    address.toString(), "parameter " + SegmentAddress.VALUE + ": " + e.getMessage(), null);
        }
    }

    @Override
    public boolean remove(Address address) throws IOException {
        return SegmentObjects.SEMAPHORE.remove(address);
    }

    @Override
    protected void describe(Seen segment, String object, Map<String, Object> facts) {
        SemaphoreInspection.describe(segment, object, facts);
    }
}
