package org.jvmipc.shm.internal;

import java.io.IOException;
import java.util.Map;
import org.jvmipc.Address;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;

/** The scheme {@code segment:}, see {@link Segment}. */
public final class SegmentScheme extends ObjectScheme {
    /** For {@link java.util.ServiceLoader}. */
    public SegmentScheme() {
        super("segment", SegmentObjects.SEGMENTS);
    }

    @Override
    public Map<String, String> parameters() {
        return SegmentAddress.segmentParameters();
    }

    @Override
    public Address create(Address address) throws IOException {
        try (Segment segment = Segment.create(address, SegmentOptions.of(address))) {
            return segment.address();
        }
    }

    @Override
    public boolean remove(Address address) throws IOException {
        return Segment.remove(address);
    }

    @Override
    protected void describe(Seen segment, String object, Map<String, Object> facts) {
        Segments.describe(segment, facts);
    }
}
