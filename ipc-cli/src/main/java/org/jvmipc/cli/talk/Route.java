package org.jvmipc.cli.talk;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Framing;
import org.jvmipc.Ipc;
import org.jvmipc.UnsupportedMechanismException;
import org.jvmipc.cli.frame.CommandException;
import org.jvmipc.internal.Units;
import org.jvmipc.spi.Scheme;
import org.jvmipc.spi.Transport;

/**
 * One endpoint as the command uses it: the address to open, and how messages are marked off on this side of it.
 *
 * <p>In a stream of bytes, which is every scheme with a parameter {@code framing}, messages are marked off by, in this order:
 * the address ({@code ?framing=}), option {@code -f}, what was settled when the object was created, lines.
 *
 * @param transport its scheme
 * @param address what to open
 * @param frame how its messages are marked off on standard input and output
 * @param wire how in the stream of bytes; null where the transport keeps messages apart by itself
 * @param maxMessageBytes the largest message that may be given to it
 */
record Route(Transport transport, Address address, Frame frame, @Nullable Framing wire, long maxMessageBytes) {
    static final String FRAMING = "framing";
    static final String EXACT = "exact";

    private static final String MAX = "max";
    private static final String MAX_MESSAGE = "max-message"; // of a durable queue
    private static final long DEFAULT_MAX_BYTES = 16L << 20;

    /**
     * The route to an address.
     *
     * @param asked what {@code -f} says, or null
     * @param usual how a stream of bytes is framed where nothing tells
     */
    static Route of(Address address, @Nullable Frame asked, Frame usual) throws IOException {
        Transport transport = transport(address);
        address.checkParameters(transport.parameters().keySet());
        Map<String, String> settings = transport.settings(address);
        String recordedMax = settings.getOrDefault(MAX, settings.get(MAX_MESSAGE));
        long max = address.size(MAX, recordedMax == null ? DEFAULT_MAX_BYTES : Units.parseSize(recordedMax));
        if (!transport.parameters().containsKey(FRAMING)) {
            requireNotFramed(address, asked);
            return new Route(transport, address, asked == null ? Frame.LINE : asked, null, max);
        }
        if (address.parameter(FRAMING) != null) {
            Framing wire = address.choice(FRAMING, Framing.class, Framing.LINE);
            requireFramed(address, asked, wire);
            Frame frame = asked == null ? Frame.of(wire) : asked.onStandardStreams();
            return new Route(transport, address, frame, wire, max);
        }
        if (asked != null) {
            return new Route(transport, with(address, asked.wire()), asked.onStandardStreams(), asked.wire(), max);
        }
        String recorded = settings.get(FRAMING);
        if (recorded != null) {
            Framing wire = address.with(FRAMING, recorded).choice(FRAMING, Framing.class, Framing.LINE);
            return new Route(transport, address, Frame.of(wire), wire, max);
        }
        return new Route(transport, with(address, usual.wire()), usual.onStandardStreams(), usual.wire(), max);
    }

    private static Transport transport(Address address) throws UnsupportedMechanismException {
        Scheme scheme = Ipc.scheme(address);
        if (scheme instanceof Transport transport) {
            return transport;
        }
        throw new UnsupportedMechanismException(address + ": " + address.scheme() + " carries no messages");
    }

    private static void requireNotFramed(Address address, @Nullable Frame asked) {
        if (asked == Frame.FRAMED) {
            throw CommandException.usage(
                    "-f framed: " + address.scheme() + " keeps messages apart by itself",
                    "leave it out; -f line, nul, len32, json, raw say how they stand on standard input and output");
        }
    }

    private static void requireFramed(Address address, @Nullable Frame asked, Framing wire) {
        if (asked == Frame.FRAMED && wire != Framing.FRAMED) {
            throw CommandException.usage(
                    "-f framed, and framing=" + word(wire) + " in " + address + ": which?", "leave one of them out");
        }
    }

    private static Address with(Address address, Framing framing) {
        return address.with(FRAMING, word(framing));
    }

    private static String word(Framing framing) {
        return framing.name().toLowerCase(Locale.ROOT);
    }

    /** The same, taking nothing beyond the messages that are asked for, where the transport needs to be told so. */
    Route exact() {
        return transport.parameters().containsKey(EXACT) && address.parameter(EXACT) == null
                ? new Route(transport, address.with(EXACT, "true"), frame, wire, maxMessageBytes)
                : this;
    }

    /** Whether it is a stream of bytes, which has boundaries only as long as both sides mark them off alike. */
    boolean isByteStream() {
        return wire != null;
    }

    /** What a person calls it. */
    Address name() {
        return address.withoutParameters();
    }
}
