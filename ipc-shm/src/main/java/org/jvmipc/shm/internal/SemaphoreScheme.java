package org.jvmipc.shm.internal;

import java.io.IOException;
import java.util.Map;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.shm.sync.SharedSemaphore;

/** The scheme {@code sem:}, see {@link SharedSemaphore}. */
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
        int permits = address.integer(VALUE, 1);
        try (SharedSemaphore semaphore = SharedSemaphore.create(address, permits, address.flag(ROBUST))) {
            return semaphore.address();
        } catch (AddressException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new AddressException(address.toString(), "parameter " + VALUE + ": " + e.getMessage(), null);
        }
    }

    @Override
    public boolean remove(Address address) throws IOException {
        return SharedSemaphore.remove(address);
    }

    @Override
    protected void describe(Seen segment, String object, Map<String, Object> facts) {
        SemaphoreInspection.describe(segment, object, facts);
    }
}
