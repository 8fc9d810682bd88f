package org.jvmipc.shm.internal;

import java.io.IOException;
import java.util.Map;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.shm.SegmentOptions;

/** The scheme {@code sem:}, see {@code SharedSemaphore}. */
public final class SemaphoreScheme extends ObjectScheme {
    private static final String VALUE = "value";
    private static final String ROBUST = "robust";

    /** For {@link java.util.ServiceLoader}. */
    public SemaphoreScheme() {
        super("sem", SegmentObjects.SEMAPHORE.own());
    }

    @Override
    public Map<String, String> parameters() {
        Map<String, String> parameters = SegmentAddress.objectParameters();
        parameters.put(VALUE, "how many permits there are at first, default 1; only to create");
        parameters.put(ROBUST, "permits come back from the dead, and there are never more; only to create");
        return parameters;
    }

    @Override
    public Address create(Address address) throws IOException {
        SegmentHandle.Opened made =
                SegmentObjects.SEMAPHORE.create(address, SegmentOptions.of(address), content(address));
        made.segment().close();
        return made.address();
    }

    private static SegmentObjects.Content content(Address address) {
        int permits = address.integer(VALUE, 1);
        boolean robust = address.flag(ROBUST);
        try {
            return SemaphoreState.content(permits, robust);
        } catch (IllegalArgumentException e) {
            throw new AddressException(address.toString(), "parameter " + VALUE + ": " + e.getMessage(), null);
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
