package org.jvmipc.shm.internal;

import java.io.IOException;
import java.util.Map;
import org.jvmipc.Address;
import org.jvmipc.shm.SegmentOptions;

/** The scheme {@code event:}, see {@code SharedEvent}. */
public final class EventScheme extends ObjectScheme {
    /** For {@link java.util.ServiceLoader}. */
    public EventScheme() {
        super("event", SegmentObjects.EVENT.own());
    }

    @Override
    public Map<String, String> parameters() {
        return SegmentAddress.eventParameters();
    }

    @Override
    public Address create(Address address) throws IOException {
        SegmentObjects.Content content = EventState.content(address.flag(SegmentAddress.AUTOMATIC));
        SegmentHandle.Opened made = SegmentObjects.EVENT.create(address, SegmentOptions.of(address), content);
        made.segment().close();
        return made.address();
    }

    @Override
    public boolean remove(Address address) throws IOException {
        return SegmentObjects.EVENT.remove(address);
    }

    @Override
    protected void describe(Seen segment, String object, Map<String, Object> facts) {
        Directory.Entry entry = segment.entry(object, ObjectType.EVENT, "event");
        int word = Words.getVolatile(segment.memory().bytes(), entry.offset() + EventLayout.WORD);
        facts.put("reset", EventState.isAutomatic(segment.memory(), entry) ? "automatic" : "manual");
        facts.put("set", (word & EventLayout.SET) != 0);
        facts.put("waiting", segment.waiting(object));
    }
}
