package org.jvmipc.shm;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Lifetime;
import org.jvmipc.process.ProcessIdentity;

/** The parameters of a {@code shm:} address, and the options that they are. */
final class SharedMemoryAddress {
    static final String SIZE = "size";
    static final String MODE = "mode";
    static final String HUGE = "huge";
    private static final String OWNED = "owned";
    private static final String OWNER = "owner";
    private static final int OCTAL = 8;
    private static final int DEFAULT_MODE = 0600;
    private static final Pattern PID = Pattern.compile("[1-9][0-9]{0,9}");
    private static final Pattern BITS = Pattern.compile("0?[0-7]{3}");

    private SharedMemoryAddress() {}

    static Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put(SIZE, "bytes it has, such as 64k; needed to create, only to create");
        parameters.put(MODE, "permission bits, octal, default 0600; only to create");
        parameters.put(OWNED, "stale once its creator is dead, or with a pid as value that process; only to create");
        parameters.put(OWNER, "user id it must have, default one's own; only to open");
        parameters.put(HUGE, "ask the kernel for huge pages");
        return parameters;
    }

    /** Permission bits as they stand in an address. */
    static String octal(int mode) {
        return String.format(Locale.ROOT, "%04o", mode);
    }

    /** The options of one that is created. */
    static SharedMemoryOptions options(Address address) {
        if (address.parameter(SIZE) == null) {
            throw new AddressException(
                    address.toString(),
                    "to create a shared memory area its size is needed",
                    address.with(SIZE, "64k").toString());
        }
        if (address.parameter(OWNER) != null) {
            throw new AddressException(
                    address.toString(), "parameter " + OWNER + ": an area is made by its owner, it is to open", null);
        }
        try {
            return SharedMemoryOptions.ofSize(address.size(SIZE, 0))
                    .withMode(mode(address))
                    .withLifetime(isOwned(address) ? Lifetime.OWNED : Lifetime.KEPT)
                    .withHugePages(address.flag(HUGE));
        } catch (AddressException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new AddressException(address.toString(), String.valueOf(e.getMessage()), null);
        }
    }

    private static int mode(Address address) {
        String text = address.parameter(MODE);
        if (text == null) {
            return DEFAULT_MODE;
        }
        if (!BITS.matcher(text).matches()) {
            throw new AddressException(
                    address.toString(), "parameter " + MODE + ": it is three octal digits, such as 0660", null);
        }
        return Integer.parseInt(text, OCTAL);
    }

    /** The user id that the file must have. */
    static int owner(Address address) {
        int owner = address.integer(OWNER, SharedMemoryFiles.SELF);
        if (owner < 0 && address.parameter(OWNER) != null) {
            throw new AddressException(address.toString(), "parameter " + OWNER + ": a user id is 0 or more", null);
        }
        return owner;
    }

    private static boolean isOwned(Address address) {
        return pid(address.parameter(OWNED)) != 0 || address.flag(OWNED);
    }

    private static long pid(@Nullable String value) {
        return value == null || !PID.matcher(value).matches() ? 0 : Long.parseLong(value);
    }

    /**
     * The process to which an area is to belong: the one that the address names, or this one.
     *
     * @throws AddressException if there is no such process
     */
    static ProcessIdentity ownerProcess(Address address) {
        long pid = pid(address.parameter(OWNED));
        if (pid == 0) {
            return ProcessIdentity.self();
        }
        ProcessIdentity owner = ProcessIdentity.of(pid);
        if (owner == null || !owner.isAlive()) {
            throw new AddressException(address.toString(), "parameter " + OWNED + ": there is no process " + pid, null);
        }
        return owner;
    }
}
