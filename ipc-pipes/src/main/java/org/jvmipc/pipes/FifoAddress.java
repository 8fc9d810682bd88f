package org.jvmipc.pipes;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Lifetime;
import org.jvmipc.process.ProcessIdentity;

/** The parameters of a {@code fifo:} address, and the options that they are. */
final class FifoAddress {
    private static final String SHARING = "sharing";
    private static final String CAPACITY = "capacity";
    private static final String MODE = "mode";
    private static final String OWNED = "owned";
    private static final String OWNER = "owner";
    private static final String EXACT = "exact";
    private static final int OCTAL = 8;
    private static final Pattern PID = Pattern.compile("[1-9][0-9]{0,9}");

    private FifoAddress() {}

    static Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put(
                PipeEnds.FRAMING,
                "framed (default), line, nul, len32 or raw; when opening, in the place of what was settled");
        parameters.put(SHARING, "many-senders (default), one-sender or packets");
        parameters.put(CAPACITY, "bytes it holds, default the kernel's");
        parameters.put(PipeEnds.MAX_MESSAGE, "largest message, default 16m");
        parameters.put(MODE, "permission bits, octal, default 0600; only to create");
        parameters.put(OWNED, "stale once its creator is dead, or with a pid as value that process; only to create");
        parameters.put(OWNER, "user id it must have, default one's own; only to open");
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
        return options.owner() == FifoOptions.SELF ? result : result.with(OWNER, Integer.toString(options.owner()));
    }

    /** A constant as it stands in an address. */
    static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The user id that the FIFO must have. */
    static int owner(Address address) {
        int owner = address.integer(OWNER, FifoOptions.SELF);
        if (owner < 0 && address.parameter(OWNER) != null) {
            throw new AddressException(address.toString(), "parameter " + OWNER + ": a user id is 0 or more", null);
        }
        return owner;
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
        options = options.withCapacity((int) capacity).withMode(mode(address, options.mode()));
        options = isOwned(address) ? options.withLifetime(Lifetime.OWNED) : options;
        return options.withOwner(owner(address)).withExact(address.flag(EXACT));
    }

    private static boolean isOwned(Address address) {
        return pid(address) != 0 || address.flag(OWNED);
    }

    /** The pid of the owner that an address names; 0 if it names none. */
    private static long pid(Address address) {
        String value = address.parameter(OWNED);
        return value == null || !PID.matcher(value).matches() ? 0 : Long.parseLong(value);
    }

    /**
     * The process to which a FIFO is to belong: the one that the address names, or this one.
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

    /** The options as parameters, with the names and the words that they have in an address. */
    static Map<String, String> settings(FifoOptions options) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put(PipeEnds.FRAMING, word(options.framing()));
        settings.put(SHARING, word(options.sharing()));
        settings.put(CAPACITY, Integer.toString(options.capacityBytes()));
        settings.put(PipeEnds.MAX_MESSAGE, Integer.toString(largest(options)));
        settings.put(MODE, String.format(Locale.ROOT, "%04o", options.mode()));
        return settings;
    }

    /** A packet is one write, which is no larger than {@code PIPE_BUF}, with what marks off the message in it. */
    private static int largest(FifoOptions options) {
        int max = options.maxMessageBytes();
        return options.sharing() == FifoSharing.PACKETS
                ? Math.min(max, FifoOpening.largestPacket(options.framing()))
                : max;
    }

    private static int mode(Address address, int settled) {
        String text = address.parameter(MODE);
        if (text == null) {
            return settled;
        }
        if (!text.matches("0?[0-7]{3}")) {
            throw new AddressException(
                    address.toString(), "parameter " + MODE + ": it is three octal digits, such as 0660", null);
        }
        return Integer.parseInt(text, OCTAL);
    }
}
