package org.jvmipc.shm.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.internal.registry.ObjectParameters;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.shm.SegmentObject;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.shm.SegmentParticipant;

/** Segments with a name of their own, and what they show. */
public final class Segments {
    /** What a segment can do. */
    public static final Set<Capability> CAPABILITIES = Set.of(Capability.PEER_DETECTION);

    private Segments() {}

    /** See {@link org.jvmipc.shm.Segment#create}. */
    public static SegmentHandle create(Address address, SegmentOptions options) throws IOException {
        require(address);
        return SegmentObjects.SEGMENTS.create(address, options, options.sizeBytes(), options.objects(), memory -> {});
    }

    /** See {@link org.jvmipc.shm.Segment#openOrCreate}. */
    public static SegmentHandle openOrCreate(Address address, SegmentOptions options) throws IOException {
        require(address);
        return SegmentObjects.SEGMENTS.openOrCreate(
                address, options, options.sizeBytes(), options.objects(), memory -> {});
    }

    /** See {@link org.jvmipc.shm.Segment#open}. */
    public static SegmentHandle open(Address address) throws IOException {
        require(address);
        return SegmentObjects.SEGMENTS.open(address);
    }

    /** See {@link org.jvmipc.shm.Segment#remove}. */
    public static boolean remove(Address address) throws IOException {
        require(address);
        return SegmentObjects.SEGMENTS.remove(address);
    }

    private static void require(Address address) {
        ObjectParameters.require(address, "segment", SegmentAddress.segmentParameters());
    }

    /** See {@link org.jvmipc.shm.Segment#objects}. */
    public static List<SegmentObject> objects(SegmentHandle handle) {
        try {
            return handle.objects().stream().map(Segments::object).toList();
        } catch (InternalError e) {
            throw handle.cutOff(e);
        }
    }

    private static SegmentObject object(Directory.Entry entry) {
        return new SegmentObject(entry.name(), typeName(entry), entry.offset(), entry.size());
    }

    /** The type of an object in one word. */
    static String typeName(Directory.Entry entry) {
        return entry.type() == null ? "unknown" : entry.type().name().toLowerCase(Locale.ROOT);
    }

    /** See {@link org.jvmipc.shm.Segment#participants}. */
    public static List<SegmentParticipant> participants(SegmentHandle handle) throws IOException {
        try {
            return named(handle.membership().participants(), handle.objects());
        } catch (InternalError e) {
            throw handle.cutOff(e);
        }
    }

    static List<SegmentParticipant> named(List<Participant> participants, List<Directory.Entry> objects) {
        String boot = ProcessIdentity.self().bootId();
        List<SegmentParticipant> named = new ArrayList<>();
        for (Participant each : participants) {
            Map<String, Integer> waiting = new LinkedHashMap<>();
            for (Directory.Entry object : objects) {
                Integer count = each.waits().get(object.offset());
                if (count != null) {
                    waiting.put(object.name(), count);
                }
            }
            ProcessIdentity process =
                    new ProcessIdentity(Math.max(1, each.pid()), each.startTime(), boot, each.pidNamespace());
            named.add(new SegmentParticipant(each.slot(), process, each.joined(), each.alive(), waiting));
        }
        return named;
    }

    /** Adds the size of a segment and what is in it. */
    public static void describe(ObjectScheme.Seen segment, Map<String, Object> facts) {
        facts.put("size", segment.memory().bytes().capacity());
        List<String> objects = new ArrayList<>();
        for (Directory.Entry each : segment.objects()) {
            objects.add(each.name() + " (" + typeName(each) + ", " + each.size() + " bytes at " + each.offset() + ")");
        }
        facts.put("objects", objects);
        facts.put("room for objects", segment.memory().entries());
    }
}
