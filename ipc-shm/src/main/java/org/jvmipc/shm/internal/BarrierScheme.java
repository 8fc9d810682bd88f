package org.jvmipc.shm.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.shm.SegmentOptions;

/** The scheme {@code barrier:}, see {@code SharedBarrier}. */
public final class BarrierScheme extends ObjectScheme {
    /** For {@link java.util.ServiceLoader}. */
    public BarrierScheme() {
        super("barrier", SegmentObjects.BARRIER.own());
    }

    @Override
    public Map<String, String> parameters() {
        return SegmentAddress.barrierParameters();
    }

    @Override
    public Address create(Address address) throws IOException {
        SegmentHandle.Opened made =
                SegmentObjects.BARRIER.create(address, SegmentOptions.of(address), content(address));
        made.segment().close();
        return made.address();
    }

    private static SegmentObjects.Content content(Address address) {
        try {
            return BarrierState.content(address.integer(SegmentAddress.PARTIES, 2));
        } catch (AddressException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new AddressException(
                    address.toString(), "parameter " + SegmentAddress.PARTIES + ": " + e.getMessage(), null);
        }
    }

    @Override
    public boolean remove(Address address) throws IOException {
        return SegmentObjects.BARRIER.remove(address);
    }

    @Override
    protected void describe(Seen segment, String object, Map<String, Object> facts) {
        SegmentMemory memory = segment.memory();
        Directory.Entry entry = segment.entry(object, ObjectType.BARRIER, "barrier");
        long state = Words.getLongVolatile(memory.bytes(), entry.offset() + BarrierLayout.STATE);
        facts.put("parties", BarrierState.parties(memory, entry));
        facts.put("arrived", BarrierLayout.arrived(state));
        facts.put("generation", Integer.toUnsignedLong(BarrierLayout.generation(state)));
        facts.put("broken", BarrierLayout.isBroken(state));
        if (BarrierLayout.isBroken(state)) {
            facts.put("broken by", Words.get(memory.bytes(), entry.offset() + BarrierLayout.BROKEN_BY));
        }
        List<Object> members = new ArrayList<>();
        for (int slot = 0; slot < memory.slots(); slot++) {
            if (BarrierMember.takesPart(memory, entry, slot)) {
                members.add(segment.process(slot));
            }
        }
        facts.put("taking part", members);
        facts.put("waiting", segment.waiting(object));
    }
}
