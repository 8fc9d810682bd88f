package org.jvmipc.pipes;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Lifetime;
import org.jvmipc.internal.registry.ObjectParameters;

/** The parameters of a {@code fifo:} address, and the options that they are. */
final class FifoAddress {
    private static final String SHARING = "sharing";
    private static final String CAPACITY = "capacity";
    private static final String EXACT = "exact";

    private FifoAddress() {}

    static Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put(
                PipeEnds.FRAMING,
                "framed (default), line, nul, len32 or raw; when opening, in the place of what was settled");
        parameters.put(SHARING, "many-senders (default), one-sender or packets");
        parameters.put(CAPACITY, "bytes it holds, default the kernel's");
        parameters.put(PipeEnds.MAX_MESSAGE, "largest message, default 16m");
        ObjectParameters.put(parameters);
        parameters.put(EXACT, "take nothing beyond the message received, so that the rest stays; only to receive");
        return parameters;
    }

    /** Those that tell another process how to open it, where no record does. */
    static Address with(Address address, FifoOptions options) {
        FifoOptions defaults = FifoOptions.defaults();
        Address result = address;
        if (options.framing() != defaults.framing()) {
            result = result.with(PipeEnds.FRAMING, word(options.framing()));
        }
        if (options.sharing() != defaults.sharing()) {
            result = result.with(SHARING, word(options.sharing()));
        }
        if (options.capacityBytes() != defaults.capacityBytes()) {
            result = result.with(CAPACITY, Integer.toString(options.capacityBytes()));
        }
        if (options.maxMessageBytes() != defaults.maxMessageBytes()) {
            result = result.with(PipeEnds.MAX_MESSAGE, Integer.toString(options.maxMessageBytes()));
        }
        if (options.exact()) {
            result = result.with(EXACT, "");
        }
        return options.owner() == FifoOptions.SELF
                ? result
                : result.with(ObjectParameters.OWNER, Integer.toString(options.owner()));
    }

    /** A constant as it stands in an address. */
    static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The options with those in their place that the address carries.
     *
     * @throws AddressException if there are no such options
     */
    static FifoOptions options(Address address, FifoOptions settled) {
        PipeOptions common = PipeEnds.options(address);
        FifoOptions options = settled;
        if (address.parameter(PipeEnds.FRAMING) != null) {
            options = options.withFraming(common.framing());
        }
        if (address.parameter(PipeEnds.MAX_MESSAGE) != null) {
            options = options.withMaxMessage(common.maxMessageBytes());
        }
        options = options.withSharing(address.choice(SHARING, FifoSharing.class, options.sharing()));
        long capacity = address.size(CAPACITY, options.capacityBytes());
        if (capacity > Integer.MAX_VALUE) {
            throw new AddressException(
                    address.toString(), "parameter " + CAPACITY + ": a pipe has at most 2147483647 bytes", null);
        }
        options = options.withCapacity((int) capacity).withMode(ObjectParameters.mode(address, options.mode()));
        options = ObjectParameters.lifetime(address) == Lifetime.OWNED ? options.withLifetime(Lifetime.OWNED) : options;
        return options.withOwner(ObjectParameters.owner(address)).withExact(address.flag(EXACT));
    }

    /** The options as parameters, with the names and the words that they have in an address. */
    static Map<String, String> settings(FifoOptions options) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put(PipeEnds.FRAMING, word(options.framing()));
        settings.put(SHARING, word(options.sharing()));
        settings.put(CAPACITY, Integer.toString(options.capacityBytes()));
        settings.put(PipeEnds.MAX_MESSAGE, Integer.toString(largest(options)));
        settings.put(ObjectParameters.MODE, ObjectParameters.octal(options.mode()));
        return settings;
    }

    /** A packet is one write, which is no larger than {@code PIPE_BUF}, with what marks off the message in it. */
    private static int largest(FifoOptions options) {
        int max = options.maxMessageBytes();
        return options.sharing() == FifoSharing.PACKETS
                ? Math.min(max, FifoOpening.largestPacket(options.framing()))
                : max;
    }
}
