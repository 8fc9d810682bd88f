package org.jvmipc.shm.internal;

import java.io.IOException;
import java.util.Map;
import org.jvmipc.Address;
import org.jvmipc.shm.SegmentOptions;

/** The scheme {@code cond:}, see {@code SharedCondition}. */
public final class ConditionScheme extends ObjectScheme {
    /** For {@link java.util.ServiceLoader}. */
    public ConditionScheme() {
        super("cond", SegmentObjects.CONDITION.own());
    }

    @Override
    public Map<String, String> parameters() {
        return SegmentAddress.objectParameters();
    }

    @Override
    public Address create(Address address) throws IOException {
        SegmentHandle.Opened made =
                SegmentObjects.CONDITION.create(address, SegmentOptions.of(address), ConditionState.CONTENT);
        made.segment().close();
        return made.address();
    }

    @Override
    public boolean remove(Address address) throws IOException {
        return SegmentObjects.CONDITION.remove(address);
    }

    @Override
    protected void describe(Seen segment, String object, Map<String, Object> facts) {
        Directory.Entry entry = segment.entry(object, ObjectType.CONDITION, "condition");
        int value = Words.getVolatile(segment.memory().bytes(), entry.offset() + ConditionLayout.SEQUENCE);
        facts.put("sequence", value & ConditionLayout.COUNT);
        facts.put("waiting", segment.waiting(object));
    }
}
