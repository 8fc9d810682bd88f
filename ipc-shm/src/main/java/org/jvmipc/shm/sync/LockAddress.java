package org.jvmipc.shm.sync;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Lifetime;
import org.jvmipc.process.ProcessIdentity;

/** The parameters of a {@code lock:} address, and the options that they are. */
final class LockAddress {
    private static final String START = "start";
    private static final String LENGTH = "length";
    private static final String MODE = FileMutexRegistry.MODE;
    private static final String OWNED = "owned";
    private static final String OWNER = "owner";
    private static final int OCTAL = 8;
    private static final Pattern PID = Pattern.compile("[1-9][0-9]{0,9}");

    private LockAddress() {}

    static Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put(START, "first byte of the range that is locked, default 0");
        parameters.put(LENGTH, "bytes of the range, default and 0: all that comes after its start");
        parameters.put(MODE, "permission bits, octal, default 0600; only to create");
        parameters.put(OWNED, "stale once its creator is dead, or with a pid as value that process; only to create");
        parameters.put(OWNER, "user id it must have, default one's own; only to open");
        return parameters;
    }

    /** Checks scheme and parameters. */
    static void require(Address address) {
        if (!address.scheme().equals(FileMutexRegistry.SCHEME)) {
            throw new AddressException(address.toString(), "a file lock's scheme is lock", null);
        }
        address.checkParameters(parameters().keySet());
    }

    /** The address by which another process locks the same. */
    static Address of(String path, FileMutexOptions options) throws IOException {
        Address result = FileMutexRegistry.PATHS.address(path);
        if (options.start() != 0) {
            result = result.with(START, Long.toString(options.start()));
        }
        if (options.start() + options.length() != Long.MAX_VALUE) {
            result = result.with(LENGTH, Long.toString(options.length()));
        }
        return options.owner() == FileMutexOptions.SELF
                ? result
                : result.with(OWNER, Integer.toString(options.owner()));
    }

    /** The user id that the file must have. */
    static int owner(Address address) {
        int owner = address.integer(OWNER, FileMutexOptions.SELF);
        if (owner < 0 && address.parameter(OWNER) != null) {
            throw new AddressException(address.toString(), "parameter " + OWNER + ": a user id is 0 or more", null);
        }
        return owner;
    }

    /**
     * The options that the address carries.
     *
     * @throws AddressException if there are no such options
     */
    static FileMutexOptions options(Address address) {
        long start = address.size(START, 0);
        long length = address.size(LENGTH, 0);
        FileMutexOptions options =
                FileMutexOptions.defaults().withMode(mode(address)).withOwner(owner(address));
        if (pid(address) != 0 || address.flag(OWNED)) {
            options = options.withLifetime(Lifetime.OWNED);
        }
        try {
            return options.withRange(start, length == 0 ? Long.MAX_VALUE - start : length);
        } catch (IllegalArgumentException e) {
            throw new AddressException(address.toString(), String.valueOf(e.getMessage()), null);
        }
    }

    /** The pid of the owner that an address names; 0 if it names none. */
    private static long pid(Address address) {
        String value = address.parameter(OWNED);
        return value == null || !PID.matcher(value).matches() ? 0 : Long.parseLong(value);
    }

    /**
     * The process to which a file is to belong: the one that the address names, or this one.
     *
     * @throws AddressException if there is no such process
     */
    static ProcessIdentity ownerProcess(Address address) {
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

    private static int mode(Address address) {
        String text = address.parameter(MODE);
        if (text == null) {
            return FileMutexOptions.defaults().mode();
        }
        if (!text.matches("0?[0-7]{3}")) {
            throw new AddressException(
                    address.toString(), "parameter " + MODE + ": it is three octal digits, such as 0660", null);
        }
        return Integer.parseInt(text, OCTAL);
    }
}
