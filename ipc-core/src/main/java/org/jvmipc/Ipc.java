package org.jvmipc;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.jvmipc.spi.Scheme;
import org.jvmipc.spi.Transport;

/**
 * The way in by address: opens, creates, looks at and removes objects of any scheme that is on the class path.
 *
 * <pre>{@code
 * Ipc.create(Address.of("fifo:/tmp/orders"));
 * try (Sender<String> out = Ipc.sender("fifo:/tmp/orders", Codecs.utf8())) {
 *     out.send("one espresso");
 * }
 * }</pre>
 *
 * <p>Who knows the mechanism uses its own class ({@code Fifo}, {@code SharedRing}), which has its particular options and
 * answers; here is what all have in common. Schemes are found with {@link java.util.ServiceLoader} at the first call.
 *
 * <p><b>Errors.</b> An unknown scheme, or a parameter that the scheme does not have, is an {@link AddressException} that
 * lists the known ones and names the nearest. A scheme that carries no messages cannot be opened:
 * {@link UnsupportedMechanismException}. A provider that cannot be loaded spoils nothing but its own scheme; see
 * {@link #problems()}.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread.
 */
public final class Ipc {
    private Ipc() {}

    /**
     * Opens the sending side of an object that exists.
     *
     * @throws AddressException if the address does not fit
     * @throws UnsupportedMechanismException if this scheme cannot send, or not on this machine
     * @throws IOException if the object is not there or cannot be opened
     * @throws InterruptedException if opening waits for the other side and was interrupted
     */
    public static <T> Sender<T> sender(Address address, Codec<T> codec) throws IOException, InterruptedException {
        return transport(address).openSender(address, codec);
    }

    /** Opens the sending side; see {@link #sender(Address, Codec)}. */
    public static <T> Sender<T> sender(String address, Codec<T> codec) throws IOException, InterruptedException {
        return sender(Address.of(address), codec);
    }

    /**
     * Opens the sending side of an object that exists, and waits at most the given time where opening waits for the other
     * side, as a FIFO's does.
     *
     * @param timeout how long to wait; zero or less: not at all
     * @return null if the other side was not there in that time
     * @throws IOException as {@link #sender(Address, Codec)}
     * @throws InterruptedException as {@link #sender(Address, Codec)}
     */
    public static <T> @Nullable Sender<T> trySender(Address address, Codec<T> codec, Duration timeout)
            throws IOException, InterruptedException {
        return transport(address).tryOpenSender(address, codec, timeout);
    }

    /**
     * Opens the receiving side of an object that exists.
     *
     * @throws AddressException if the address does not fit
     * @throws UnsupportedMechanismException if this scheme cannot receive, or not on this machine
     * @throws IOException if the object is not there or cannot be opened
     * @throws InterruptedException if opening waits for the other side and was interrupted
     */
    public static <T> Receiver<T> receiver(Address address, Codec<T> codec) throws IOException, InterruptedException {
        return transport(address).openReceiver(address, codec);
    }

    /** Opens the receiving side; see {@link #receiver(Address, Codec)}. */
    public static <T> Receiver<T> receiver(String address, Codec<T> codec) throws IOException, InterruptedException {
        return receiver(Address.of(address), codec);
    }

    /**
     * Opens both directions at once.
     *
     * @throws AddressException if the address does not fit
     * @throws UnsupportedMechanismException if this scheme has one direction only
     * @throws IOException if the object is not there or cannot be opened
     * @throws InterruptedException if opening waits for the other side and was interrupted
     */
    public static <T> Connection<T> connection(Address address, Codec<T> codec)
            throws IOException, InterruptedException {
        return transport(address).openConnection(address, codec);
    }

    /** Opens both directions at once; see {@link #connection(Address, Codec)}. */
    public static <T> Connection<T> connection(String address, Codec<T> codec)
            throws IOException, InterruptedException {
        return connection(Address.of(address), codec);
    }

    /**
     * Opens the welcoming side, from which connections are accepted.
     *
     * @throws AddressException if the address does not fit
     * @throws UnsupportedMechanismException if this scheme makes no connections
     * @throws IOException if the address is taken, or it cannot be opened
     */
    public static <T> Listener<T> listener(Address address, Codec<T> codec) throws IOException {
        return transport(address).openListener(address, codec);
    }

    /** Opens the welcoming side; see {@link #listener(Address, Codec)}. */
    public static <T> Listener<T> listener(String address, Codec<T> codec) throws IOException {
        return listener(Address.of(address), codec);
    }

    /**
     * Creates an object, which must not exist. Its settings are parameters of the address.
     *
     * @return its canonical address, without the parameters that only creation needs
     * @throws AddressException if the address does not fit
     * @throws UnsupportedMechanismException if objects of this scheme are not made by name
     * @throws IOException if it exists, or could not be created
     */
    public static Address create(Address address) throws IOException {
        return checked(address).create(address);
    }

    /**
     * Whether an object exists now.
     *
     * @throws AddressException if the address does not fit
     * @throws IOException if that could not be found out
     */
    public static boolean exists(Address address) throws IOException {
        return checked(address).exists(address);
    }

    /**
     * What can be said of an object without disturbing it: names in the order in which to show them, and values.
     *
     * @throws AddressException if the address does not fit
     * @throws IOException if there is no such object
     */
    public static Map<String, Object> inspect(Address address) throws IOException {
        return checked(address).inspect(address);
    }

    /**
     * The objects of one scheme that this user has made and can name.
     *
     * @param scheme the scheme's name, without the colon
     * @throws AddressException if there is no such scheme
     * @throws IOException if they could not be looked through
     */
    public static List<Address> list(String scheme) throws IOException {
        return scheme(scheme).list();
    }

    /**
     * Removes an object's name.
     *
     * @return false if there was none
     * @throws AddressException if the address does not fit
     * @throws IOException if it could not be removed
     */
    public static boolean remove(Address address) throws IOException {
        return checked(address).remove(address);
    }

    /** The names of all schemes that can be used, by alphabet. */
    public static SortedSet<String> schemes() {
        return Schemes.shared().names();
    }

    /**
     * The scheme of this name.
     *
     * @param name without the colon
     * @throws AddressException if there is none; lists the known ones and names the nearest
     */
    public static Scheme scheme(String name) {
        return Schemes.shared().scheme(name, name);
    }

    /**
     * The scheme of an address.
     *
     * @throws AddressException if there is none; lists the known ones and names the nearest
     */
    public static Scheme scheme(Address address) {
        return Schemes.shared().scheme(address.scheme(), address.toString());
    }

    /**
     * The command line options that a JVM needs to use every transport on this class path, each once, by the names of the
     * schemes. An option is one argument: {@code --add-opens=module/package=ALL-UNNAMED}.
     */
    public static List<String> jvmArguments() {
        Set<String> arguments = new LinkedHashSet<>();
        for (Scheme scheme : Schemes.shared().all()) {
            if (scheme instanceof Transport transport) {
                arguments.addAll(transport.jvmArguments());
            }
        }
        return List.copyOf(arguments);
    }

    /** What is wrong with the providers on the class path, a line each: those that cannot be loaded, names taken twice. */
    public static List<String> problems() {
        return Schemes.shared().problems();
    }

    private static Scheme checked(Address address) {
        Scheme scheme = scheme(address);
        address.checkParameters(scheme.parameters().keySet());
        return scheme;
    }

    private static Transport transport(Address address) throws UnsupportedMechanismException {
        if (checked(address) instanceof Transport transport) {
            return transport;
        }
        throw new UnsupportedMechanismException(address + ": " + address.scheme()
                + " carries no messages; it can be created, inspected, listed and removed");
    }
}
