package org.jvmipc.shm.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.internal.registry.ObjectParameters;
import org.jvmipc.shm.SegmentOptions;

/** The parameters in the addresses of segments, and of what lives in them, and the options that they are. */
public final class SegmentAddress {
    /** Names an object in a segment at the path. */
    public static final String OBJECT = "object";

    /** How many permits a semaphore is made with. */
    public static final String VALUE = "value";

    static final String ROBUST = "robust";

    /** What a latch is made with. */
    public static final String COUNT = "count";

    /** How many meet at a barrier. */
    public static final String PARTIES = "parties";

    static final String AUTOMATIC = "automatic";
    static final String WRITER_PREFERENCE = "writer-preference";
    static final String PARTICIPANTS = "participants";
    /** How large something is. */
    public static final String SIZE = "size";

    /** Which ring. */
    public static final String KIND = "kind";

    /** How many senders a ring has at most. */
    public static final String LANES = "lanes";

    /** How many receivers a broadcast has at most. */
    public static final String RECEIVERS = "receivers";

    /** The largest message. */
    public static final String MAX_MESSAGE = "max-message";

    /** What a full ring does. */
    public static final String FULL = "full";

    /** How an end of a ring waits. */
    public static final String WAITING = "waiting";

    private static final String OBJECTS = "objects";

    private SegmentAddress() {}

    /** Of a {@code segment:}. */
    public static Map<String, String> segmentParameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put(SIZE, "room for objects in bytes, default 64k; only to create");
        parameters.put(OBJECTS, "how many objects it may hold, default 64; only to create");
        putCommon(parameters);
        return parameters;
    }

    /** Of what has a segment of its own, or lives in another. */
    public static Map<String, String> objectParameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put(OBJECT, "its name in a segment that is there already; the path is the segment's then");
        putCommon(parameters);
        return parameters;
    }

    /** Of a {@code sem:}. */
    public static Map<String, String> semaphoreParameters() {
        Map<String, String> parameters = objectParameters();
        parameters.put(VALUE, "how many permits there are at first, default 1; only to create");
        parameters.put(ROBUST, "permits come back from the dead, and there are never more; only to create");
        return parameters;
    }

    /** Of a {@code latch:}. */
    public static Map<String, String> latchParameters() {
        Map<String, String> parameters = objectParameters();
        parameters.put(COUNT, "how often it is to be counted down until it opens, default 1; only to create");
        return parameters;
    }

    /** Of an {@code event:}. */
    public static Map<String, String> eventParameters() {
        Map<String, String> parameters = objectParameters();
        parameters.put(AUTOMATIC, "one who waits for it resets it by that; only to create");
        return parameters;
    }

    /** Of a {@code barrier:}. */
    public static Map<String, String> barrierParameters() {
        Map<String, String> parameters = objectParameters();
        parameters.put(PARTIES, "how many meet at it, default 2; only to create");
        return parameters;
    }

    /** Of an {@code rwlock:}. */
    public static Map<String, String> readWriteLockParameters() {
        Map<String, String> parameters = objectParameters();
        parameters.put(WRITER_PREFERENCE, "a writer who waits keeps readers from coming; only to create");
        return parameters;
    }

    /** Of a {@code ring:}. */
    public static Map<String, String> ringParameters() {
        Map<String, String> parameters = objectParameters();
        parameters.put(SIZE, "bytes it holds, of each lane, a power of two, default 1m; only to create");
        parameters.put(KIND, "one-to-one (default), lanes or broadcast; only to create");
        parameters.put(LANES, "how many senders it may have at one time, default 8; only to create, kind lanes");
        parameters.put(RECEIVERS, "how many receivers it may have, default 8; only to create, kind broadcast");
        parameters.put(MAX_MESSAGE, "largest message, at most half the size, default 16m or that; only to create");
        parameters.put(FULL, "block (default), fail, or for a broadcast drop-slowest; only to create");
        parameters.put(WAITING, "spin, adaptive (default) or sleep: how this end waits");
        return parameters;
    }

    /** Of a {@code posixsem:}. */
    public static Map<String, String> posixSemaphoreParameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put(VALUE, "how many permits there are at first, default 1; only to create");
        ObjectParameters.put(parameters);
        return parameters;
    }

    private static void putCommon(Map<String, String> parameters) {
        parameters.put(PARTICIPANTS, "how many processes may have it open at one time, default 64; only to create");
        ObjectParameters.put(parameters);
    }

    /** The defaults with those in their place that the address carries. */
    public static SegmentOptions options(Address address) {
        SegmentOptions defaults = SegmentOptions.defaults();
        try {
            return defaults.withSize(address.size(SIZE, defaults.sizeBytes()))
                    .withParticipants(address.integer(PARTICIPANTS, defaults.participants()))
                    .withObjects(address.integer(OBJECTS, defaults.objects()))
                    .withMode(ObjectParameters.mode(address, defaults.mode()))
                    .withLifetime(ObjectParameters.lifetime(address))
                    .withOwner(ObjectParameters.ownerProcess(address));
        } catch (AddressException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new AddressException(address.toString(), String.valueOf(e.getMessage()), null);
        }
    }

    /** The object that it names in a segment; null if it has one of its own. */
    static @Nullable String object(Address address) {
        return address.parameter(OBJECT);
    }
}
