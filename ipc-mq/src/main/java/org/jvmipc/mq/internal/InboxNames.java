package org.jvmipc.mq.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.internal.registry.ObjectParameters;
import org.jvmipc.shm.RingFamily;

/** The addresses of inboxes, {@code inbox:NAME} and {@code inbox:PID}, and the rings that they name. */
public final class InboxNames {
    /** The scheme. */
    public static final String SCHEME = "inbox";

    /** The rings. */
    public static final RingFamily RINGS = RingFamily.of(SCHEME, "inbox");

    private InboxNames() {}

    /** The parameters that an address may carry, each with its line of help. */
    public static Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("senders", "how many may have it open to send at one time, default 8; only to receive");
        parameters.put("size", "bytes it holds of each sender, a power of two, default 1m; only to receive");
        parameters.put("max-message", "largest message, less than half the size, default 16m or that; only to receive");
        parameters.put("full", "block (default) or refuse: what a send does then; only to receive");
        parameters.put("waiting", "spin, adaptive (default) or sleep: how this end waits");
        return parameters;
    }

    /**
     * Checks that it names an inbox.
     *
     * @return the address
     * @throws AddressException if it does not
     */
    public static Address require(Address address) {
        ObjectParameters.require(address, SCHEME, parameters());
        if (!address.isName() && !address.isPid()) {
            throw new AddressException(address.toString(), "the address of an inbox is inbox:NAME or inbox:PID", null);
        }
        return address;
    }
}
