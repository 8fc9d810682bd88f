package org.jvmipc.mq;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.registry.ObjectParameters;
import org.jvmipc.mq.internal.PosixQueueNames;
import org.jvmipc.mq.internal.PosixQueues;

/** What the parameters of an address {@code posixmq:} say. */
final class PosixQueueAddress {
    /** The priority of what is sent. */
    static final String PRIORITY = "priority";

    private static final Map<String, String> PARAMETERS = known();

    private PosixQueueAddress() {}

    private static Map<String, String> known() {
        Map<String, String> known = new LinkedHashMap<>();
        known.put(PosixQueues.DEPTH, "how many messages it holds, default 10; only to create");
        known.put(PosixQueues.MAX_MESSAGE, "largest message, default 8k; only to create");
        known.put(PRIORITY, "of what is sent, 0 (default) to 32767; only to send");
        ObjectParameters.put(known);
        return Collections.unmodifiableMap(known);
    }

    static Map<String, String> parameters() {
        return PARAMETERS;
    }

    static String name(Address address) {
        return PosixQueueNames.name(address, PARAMETERS);
    }

    /** Opens what the address names, of the owner that it names. */
    static Fd open(Address address, int flags) throws IOException {
        return PosixQueues.open(name(address), ObjectParameters.owner(address), flags);
    }

    /** Opens it, of the owner that the address names, for what it says of itself: for reading, or if need be for writing. */
    static Fd openForAttributes(Address address) throws IOException {
        return PosixQueues.openForAttributes(name(address), ObjectParameters.owner(address));
    }

    /** What it is made with. */
    static PosixMessageQueueOptions options(Address address) {
        PosixMessageQueueOptions defaults = PosixMessageQueueOptions.defaults();
        long bytes = address.size(PosixQueues.MAX_MESSAGE, defaults.maxMessageBytes());
        try {
            return new PosixMessageQueueOptions(
                    address.integer(PosixQueues.DEPTH, defaults.depth()), (int) Math.min(Integer.MAX_VALUE, bytes));
        } catch (AddressException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new AddressException(address.toString(), String.valueOf(e.getMessage()), null);
        }
    }

    static PosixQueues.Plan plan(Address address, PosixMessageQueueOptions options) {
        return new PosixQueues.Plan(
                options.depth(),
                options.maxMessageBytes(),
                mode(address),
                ObjectParameters.lifetime(address),
                ObjectParameters.ownerProcess(address));
    }

    private static int mode(Address address) {
        int mode = ObjectParameters.mode(address, PosixQueues.OWNER_ONLY);
        if ((mode & PosixQueues.OWNER_ONLY) == 0) {
            throw new AddressException(
                    address.toString(),
                    "parameter " + ObjectParameters.MODE + ": it is " + ObjectParameters.octal(mode)
                            + ", and leaves its owner neither reading (0400) nor writing (0200), without one of which"
                            + " the kernel does not let him look at the queue",
                    null);
        }
        return mode;
    }

    static int priority(Address address) {
        int priority = address.integer(PRIORITY, 0);
        try {
            return PosixMessageSender.requirePriority(priority);
        } catch (IllegalArgumentException e) {
            throw new AddressException(address.toString(), String.valueOf(e.getMessage()), null);
        }
    }
}
