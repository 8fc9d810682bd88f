package org.jvmipc.shm.internal;

import java.io.IOException;
import java.util.Map;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.shm.SegmentOptions;

/** The scheme {@code latch:}, see {@code SharedLatch}. */
public final class LatchScheme extends ObjectScheme {
    /** For {@link java.util.ServiceLoader}. */
    public LatchScheme() {
        super("latch", SegmentObjects.LATCH.own());
    }

    @Override
    public Map<String, String> parameters() {
        return SegmentAddress.latchParameters();
    }

    @Override
    public Address create(Address address) throws IOException {
        SegmentHandle.Opened made = SegmentObjects.LATCH.create(address, SegmentOptions.of(address), content(address));
        made.segment().close();
        return made.address();
    }

    private static SegmentObjects.Content content(Address address) {
        try {
            return LatchState.content(address.integer(SegmentAddress.COUNT, 1));
        } catch (AddressException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new AddressException(
                    address.toString(), "parameter " + SegmentAddress.COUNT + ": " + e.getMessage(), null);
        }
    }

    @Override
    public boolean remove(Address address) throws IOException {
        return SegmentObjects.LATCH.remove(address);
    }

    @Override
    protected void describe(Seen segment, String object, Map<String, Object> facts) {
        Directory.Entry entry = segment.entry(object, ObjectType.LATCH, "latch");
        int word = Words.getVolatile(segment.memory().bytes(), entry.offset() + LatchLayout.WORD);
        facts.put("count", word & LatchLayout.COUNT);
        facts.put("count at first", Words.get(segment.memory().bytes(), entry.offset() + LatchLayout.FIRST));
        facts.put("waiting", segment.waiting(object));
    }
}
