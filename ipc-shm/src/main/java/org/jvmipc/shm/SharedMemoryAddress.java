package org.jvmipc.shm;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.internal.registry.ObjectParameters;

/** The parameters of a {@code shm:} address, and the options that they are. */
final class SharedMemoryAddress {
    static final String SIZE = "size";
    static final String HUGE = "huge";
    private static final int DEFAULT_MODE = 0600;

    private SharedMemoryAddress() {}

    static Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put(SIZE, "bytes it has, such as 64k; needed to create, only to create");
        ObjectParameters.put(parameters);
        parameters.put(HUGE, "ask the kernel for huge pages");
        return parameters;
    }

    /** The options of one that is created. */
    static SharedMemoryOptions options(Address address) {
        if (address.parameter(SIZE) == null) {
            throw new AddressException(
                    address.toString(),
                    "to create a shared memory area its size is needed",
                    address.with(SIZE, "64k").toString());
        }
        if (address.parameter(ObjectParameters.OWNER) != null) {
            throw new AddressException(
                    address.toString(),
                    "parameter " + ObjectParameters.OWNER + ": an area is made by its owner, it is to open",
                    null);
        }
        try {
            return SharedMemoryOptions.ofSize(address.size(SIZE, 0))
                    .withMode(ObjectParameters.mode(address, DEFAULT_MODE))
                    .withLifetime(ObjectParameters.lifetime(address))
                    .withHugePages(address.flag(HUGE));
        } catch (AddressException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new AddressException(address.toString(), String.valueOf(e.getMessage()), null);
        }
    }
}
