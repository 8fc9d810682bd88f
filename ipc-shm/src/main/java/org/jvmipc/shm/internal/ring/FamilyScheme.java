package org.jvmipc.shm.internal.ring;

import java.io.IOException;
import java.util.Map;
import org.jvmipc.Address;
import org.jvmipc.UnsupportedMechanismException;
import org.jvmipc.shm.internal.SegmentAddress;
import org.jvmipc.shm.internal.SegmentObjects;

/** The scheme of a {@link org.jvmipc.shm.RingFamily}, as far as it does not depend on what the rings are used for. */
public final class FamilyScheme extends RingScheme {
    private final SegmentObjects objects;

    /** Of this name, with these objects. */
    public FamilyScheme(String name, SegmentObjects objects) {
        super(name, objects.own());
        this.objects = objects;
    }

    @Override
    public Map<String, String> parameters() {
        return SegmentAddress.ringParameters();
    }

    @Override
    public Address create(Address address) throws IOException {
        throw new UnsupportedMechanismException(address + ": it is made by who uses it");
    }

    @Override
    public boolean remove(Address address) throws IOException {
        return objects.remove(address);
    }
}
