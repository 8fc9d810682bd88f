package org.jvmipc.shm.internal.ring;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.shm.SharedRing;
import org.jvmipc.shm.internal.Directory;
import org.jvmipc.shm.internal.LateErrors;
import org.jvmipc.shm.internal.ObjectScheme;
import org.jvmipc.shm.internal.ObjectType;
import org.jvmipc.shm.internal.RingShape;
import org.jvmipc.shm.internal.SegmentFiles;

/**
 * A scheme whose objects are rings: what is to be said of them.
 *
 * <p><b>Thread safety.</b> Stateless.
 */
public abstract class RingScheme extends ObjectScheme {
    /** Of this name, with these files. */
    protected RingScheme(String name, SegmentFiles files) {
        super(name, files);
    }

    @Override
    public Set<Capability> capabilities(Address address) throws IOException {
        Seen segment = look(address);
        try {
            RingShape shape = RingShape.read(segment.memory(), entry(segment, objectName(address)));
            LateErrors.come();
            return SharedRing.capabilities(shape.kind());
        } catch (InternalError e) {
            throw segment.memory().cutOff(e);
        }
    }

    @Override
    protected void describe(Seen segment, String object, Map<String, Object> facts) {
        RingInspection.describe(segment.memory(), entry(segment, object), segment::process, facts);
        facts.put("waiting", segment.waiting(object));
    }

    private static Directory.Entry entry(Seen segment, String object) {
        Directory.Entry entry = Directory.find(segment.memory(), object);
        if (entry == null || entry.type() != ObjectType.RING) {
            throw segment.memory().damaged("there is no ring '" + object + "' in it");
        }
        return entry;
    }
}
