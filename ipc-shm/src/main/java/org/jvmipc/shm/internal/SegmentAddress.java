package org.jvmipc.shm.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Lifetime;
import org.jvmipc.internal.registry.ObjectFile;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.shm.SegmentOptions;

/** The parameters in the addresses of segments, and of what lives in them, and the options that they are. */
public final class SegmentAddress {
    /** Names an object in a segment at the path. */
    public static final String OBJECT = "object";

    /** How many permits a semaphore is made with. */
    public static final String VALUE = "value";

    static final String ROBUST = "robust";
    static final String PARTICIPANTS = "participants";
    private static final String SIZE = "size";
    private static final String OBJECTS = "objects";
    private static final String MODE = "mode";
    private static final String OWNED = "owned";
    private static final String OWNER = "owner";
    private static final int OCTAL = 8;
    private static final int OWNER_ONLY = 0600;
    private static final Pattern PID = Pattern.compile("[1-9][0-9]{0,9}");

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

    /**
     * Refuses an address of another scheme, and one with a parameter that this one does not know.
     *
     * @throws AddressException that names the nearest
     */
    public static void require(Address address, String scheme, Map<String, String> parameters) {
        if (!address.scheme().equals(scheme)) {
            throw new AddressException(
                    address.toString(), "an address of the scheme " + scheme + " is needed here", null);
        }
        address.checkParameters(parameters.keySet());
    }

    /** Of a {@code sem:}. */
    public static Map<String, String> semaphoreParameters() {
        Map<String, String> parameters = objectParameters();
        parameters.put(VALUE, "how many permits there are at first, default 1; only to create");
        parameters.put(ROBUST, "permits come back from the dead, and there are never more; only to create");
        return parameters;
    }

    /** Of a {@code posixsem:}. */
    public static Map<String, String> posixSemaphoreParameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put(VALUE, "how many permits there are at first, default 1; only to create");
        putCreation(parameters);
        putOwner(parameters);
        return parameters;
    }

    private static void putCommon(Map<String, String> parameters) {
        parameters.put(PARTICIPANTS, "how many processes may have it open at one time, default 64; only to create");
        putCreation(parameters);
        putOwner(parameters);
    }

    /** Whose it must be. */
    public static void putOwner(Map<String, String> parameters) {
        parameters.put(OWNER, "user id it must have, default one's own; only to open");
    }

    /** Those of whatever is a file. */
    public static void putCreation(Map<String, String> parameters) {
        parameters.put(MODE, "permission bits, octal, default 0600; only to create");
        parameters.put(OWNED, "stale once its creator is dead, or with a pid as value that process; only to create");
    }

    /** The defaults with those in their place that the address carries. */
    public static SegmentOptions options(Address address) {
        SegmentOptions defaults = SegmentOptions.defaults();
        try {
            return defaults.withSize(address.size(SIZE, defaults.sizeBytes()))
                    .withParticipants(address.integer(PARTICIPANTS, defaults.participants()))
                    .withObjects(address.integer(OBJECTS, defaults.objects()))
                    .withMode(mode(address))
                    .withLifetime(lifetime(address))
                    .withOwner(ownerProcess(address));
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

    /** The user id that the file must have. */
    public static int owner(Address address) {
        int owner = address.integer(OWNER, ObjectFile.SELF);
        if (owner < 0 && address.parameter(OWNER) != null) {
            throw new AddressException(address.toString(), "parameter " + OWNER + ": a user id is 0 or more", null);
        }
        return owner;
    }

    /** Owned if the address says so. */
    public static Lifetime lifetime(Address address) {
        return pid(address) != 0 || address.flag(OWNED) ? Lifetime.OWNED : Lifetime.KEPT;
    }

    private static long pid(Address address) {
        String value = address.parameter(OWNED);
        return value == null || !PID.matcher(value).matches() ? 0 : Long.parseLong(value);
    }

    /** The process that it is to belong to: the one that the address names, or this one. */
    public static ProcessIdentity ownerProcess(Address address) {
        long pid = pid(address);
        if (pid == 0) {
            return ProcessIdentity.self();
        }
        ProcessIdentity owner = ProcessIdentity.of(pid);
        if (owner == null || !owner.isAlive()) {
            throw new AddressException(address.toString(), "parameter " + OWNED + ": there is no process " + pid, null);
        }
        return owner;
    }

    /** The permission bits that it asks for. */
    public static int mode(Address address) {
        String text = address.parameter(MODE);
        if (text == null) {
            return OWNER_ONLY;
        }
        if (!text.matches("0?[0-7]{3}")) {
            throw new AddressException(
                    address.toString(), "parameter " + MODE + ": it is three octal digits, such as 0660", null);
        }
        return Integer.parseInt(text, OCTAL);
    }
}
