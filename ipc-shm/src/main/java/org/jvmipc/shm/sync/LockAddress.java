package org.jvmipc.shm.sync;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.internal.registry.ObjectParameters;

/** The parameters of a {@code lock:} address, and the options that they are. */
final class LockAddress {
    private static final String START = "start";
    private static final String LENGTH = "length";

    private LockAddress() {}

    static Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put(START, "first byte of the range that is locked, default 0");
        parameters.put(LENGTH, "bytes of the range, default and 0: all that comes after its start");
        ObjectParameters.put(parameters);
        return parameters;
    }

    /** The address by which another process locks the same. */
    static Address of(String path, FileMutexOptions options) throws IOException {
        Address result = LockFiles.OBJECTS.paths().address(path);
        if (options.start() != 0) {
            result = result.with(START, Long.toString(options.start()));
        }
        if (options.start() + options.length() != Long.MAX_VALUE) {
            result = result.with(LENGTH, Long.toString(options.length()));
        }
        return options.owner() == FileMutexOptions.SELF
                ? result
                : result.with(ObjectParameters.OWNER, Integer.toString(options.owner()));
    }

    /**
     * The address of a range of the file.
     *
     * @param length 0 up to the end
     */
    static Address of(Address file, long start, long length) {
        Address result = file.withoutParameters();
        if (start != 0) {
            result = result.with(START, Long.toString(start));
        }
        return length == 0 ? result : result.with(LENGTH, Long.toString(length));
    }

    /**
     * The options that the address carries.
     *
     * @throws AddressException if there are no such options
     */
    static FileMutexOptions options(Address address) {
        long start = address.size(START, 0);
        long length = address.size(LENGTH, 0);
        FileMutexOptions defaults = FileMutexOptions.defaults();
        FileMutexOptions options = defaults.withMode(ObjectParameters.mode(address, defaults.mode()))
                .withLifetime(ObjectParameters.lifetime(address))
                .withOwner(ObjectParameters.owner(address));
        try {
            return options.withRange(start, length == 0 ? Long.MAX_VALUE - start : length);
        } catch (IllegalArgumentException e) {
            throw new AddressException(address.toString(), String.valueOf(e.getMessage()), null);
        }
    }
}
