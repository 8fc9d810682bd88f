package org.jvmipc.signals;

import java.io.IOException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.UnsupportedMechanismException;
import org.jvmipc.spi.Transport;

/**
 * The scheme {@code signal:PID}: the process's queue of signals, to send into. What a message is {@link #parameters()}
 * say: by default a number in decimal digits, the value of a real-time signal; an empty message is a signal without a
 * value.
 *
 * <p>To receive, a process asks for signals by number: {@link Signals#receive}.
 */
public final class SignalTransport implements Transport {
    static final String SCHEME = "signal";
    static final String SIGNAL = "signal";
    static final String VALUE = "value";

    static final Set<Capability> CAPABILITIES = Set.copyOf(EnumSet.of(
            Capability.RELIABLE,
            Capability.ORDERED,
            Capability.BOUNDED,
            Capability.MANY_SENDERS,
            Capability.PEER_DETECTION));

    /** For {@link java.util.ServiceLoader}. */
    public SignalTransport() {}

    @Override
    public String name() {
        return SCHEME;
    }

    @Override
    public Set<Capability> capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put(SIGNAL, "which signal, default RTMIN+1");
        parameters.put(
                VALUE, "what a message is: text, a decimal number (default), or binary, 4 or 8 bytes, low byte first");
        return parameters;
    }

    @Override
    public <T> Sender<T> openSender(Address address, Codec<T> codec) throws IOException {
        return SignalSender.open(address, codec);
    }

    @Override
    public <T> Receiver<T> openReceiver(Address address, Codec<T> codec) throws IOException {
        throw new UnsupportedMechanismException(
                address + ": a process receives its own signals only, and asks for them by number: Signals.receive");
    }

    @Override
    public Address create(Address address) throws IOException {
        throw unnamed(address, "created");
    }

    @Override
    public boolean remove(Address address) throws IOException {
        throw unnamed(address, "removed; Signals.send sends it a signal that ends it");
    }

    private static UnsupportedMechanismException unnamed(Address address, String verb) {
        return new UnsupportedMechanismException(
                address + ": a process's queue of signals lives as long as the process and cannot be " + verb);
    }

    @Override
    public boolean exists(Address address) throws IOException {
        return Signals.exists(address.pid());
    }

    /** How full its queue is, and what it does with which signals. */
    @Override
    public Map<String, Object> inspect(Address address) throws IOException {
        return SignalInspection.of(address.pid());
    }

    @Override
    public List<Address> list() {
        return List.of(); // they are the processes of the system
    }
}
