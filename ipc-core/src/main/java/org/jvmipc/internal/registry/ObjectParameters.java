package org.jvmipc.internal.registry;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Lifetime;
import org.jvmipc.process.ProcessIdentity;

/** The parameters that the address of anything with a name in a file system may carry, and what they say. */
public final class ObjectParameters {
    /** Permission bits. */
    public static final String MODE = "mode";

    /** Whose the object is to be. */
    public static final String OWNED = "owned";

    /** Whose the file must be. */
    public static final String OWNER = "owner";

    private static final int OCTAL = 8;
    private static final Pattern PID = Pattern.compile("[1-9][0-9]{0,9}");
    private static final Pattern BITS = Pattern.compile("0?[0-7]{3}");

    private ObjectParameters() {}

    /** Adds those of whatever is made and opened, each with its line of help. */
    public static void put(Map<String, String> parameters) {
        parameters.put(MODE, "permission bits, octal, default 0600; only to create");
        parameters.put(OWNED, "stale once its creator is dead, or with a pid as value that process; only to create");
        parameters.put(OWNER, "user id it must have, default one's own; only to open");
    }

    /**
     * Refuses an address of another scheme, and one with a parameter that this one does not know.
     *
     * @param parameters those that there are
     * @throws AddressException that names the nearest
     */
    public static void require(Address address, String scheme, Map<String, String> parameters) {
        if (!address.scheme().equals(scheme)) {
            throw new AddressException(
                    address.toString(), "an address of the scheme " + scheme + " is needed here", null);
        }
        address.checkParameters(parameters.keySet());
    }

    /** Permission bits as they stand in an address. */
    public static String octal(int mode) {
        return String.format(Locale.ROOT, "%04o", mode);
    }

    /** The permission bits that are asked for. */
    public static int mode(Address address, int otherwise) {
        String text = address.parameter(MODE);
        if (text == null) {
            return otherwise;
        }
        if (!BITS.matcher(text).matches()) {
            throw new AddressException(
                    address.toString(), "parameter " + MODE + ": it is three octal digits, such as 0660", null);
        }
        return Integer.parseInt(text, OCTAL);
    }

    /** The user id that the file must have; {@link ObjectFile#SELF} if none is named. */
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

    /**
     * The process to which an object is to belong: the one that the address names, or this one.
     *
     * @throws AddressException if there is no such process
     */
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

    /** The pid of the owner that is named; 0 if none is. */
    private static long pid(Address address) {
        String value = address.parameter(OWNED);
        return value == null || !PID.matcher(value).matches() ? 0 : Long.parseLong(value);
    }
}
