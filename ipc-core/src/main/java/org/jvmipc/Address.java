package org.jvmipc;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.Units;

/**
 * The name of an object that processes talk through, in the form that goes to another process, a command line, a file or
 * a log.
 *
 * <pre>{@code
 * Address ring = Address.of("ring:prices?capacity=64k&full=fail");
 * long bytes = ring.size("capacity", 4096);           // 65536
 * Address canonical = ring.withoutParameters();       // ring:prices
 * Address file = Address.of("fifo", path.toString()); // takes the path as it is and encodes what needs it
 * }</pre>
 *
 * <table>
 * <caption>Parts of {@code scheme:location?key=value&key=value}</caption>
 * <tr><th>part</th><th>form</th><th>example</th></tr>
 * <tr><td>scheme</td><td>small letters and digits, a letter first, at most 32</td><td>{@code fifo}</td></tr>
 * <tr><td>location: bare name</td><td>{@code [A-Za-z0-9._-]{1,64}}, no dot first, not all digits</td>
 * <td>{@code ring:prices}</td></tr>
 * <tr><td>location: number</td><td>as a name, all digits; a process id where the scheme says so</td>
 * <td>{@code signal:4711}</td></tr>
 * <tr><td>location: path</td><td>absolute</td><td>{@code fifo:/tmp/f}</td></tr>
 * <tr><td>location: host and port</td><td>{@code //host:port}, IPv6 in brackets, port 0 to 65535</td>
 * <td>{@code tcp://[::1]:7000}</td></tr>
 * <tr><td>key</td><td>as a name, a letter first; each once</td><td>{@code capacity}</td></tr>
 * <tr><td>value</td><td>any text without NUL; none is the empty text, and {@code true} for a flag</td>
 * <td>{@code 64k}</td></tr>
 * </table>
 *
 * <p>In locations and values {@code %41} stands for a byte of UTF-8, here {@code A}; {@code % & ?} themselves are written
 * that way. Everything is accepted unencoded that is not ambiguous. {@link #toString()} writes the canonical form, which
 * is printable ASCII: keys in alphabetical order, host in small letters, no doubled or last slash in a path. Addresses
 * with the same canonical form are equal; whether an object exists there is not looked at.
 *
 * <p><b>Errors.</b> Whatever is wrong with an address is an {@link AddressException} that names it.
 *
 * <p><b>Thread safety.</b> Immutable.
 */
public final class Address implements Comparable<Address> {
    private final String scheme;
    private final AddressLocation location;
    private final SortedMap<String, String> parameters;
    private final String text;

    private Address(String scheme, AddressLocation location, SortedMap<String, String> parameters) {
        this.scheme = scheme;
        this.location = location;
        this.parameters = Collections.unmodifiableSortedMap(parameters);
        this.text = AddressSyntax.format(scheme, location, parameters);
    }

    /**
     * Reads an address.
     *
     * @throws AddressException if the text is none
     */
    public static Address of(String text) {
        int colon = text.indexOf(':');
        String scheme = AddressSyntax.requireScheme(colon < 0 ? null : text.substring(0, colon), text);
        return AddressSyntax.naming(text, () -> {
            int question = text.indexOf('?', colon);
            String location = text.substring(colon + 1, question < 0 ? text.length() : question);
            return new Address(
                    scheme,
                    AddressLocation.of(PercentEncoding.decode(location)),
                    question < 0 ? new TreeMap<>() : AddressSyntax.parameters(text.substring(question + 1)));
        });
    }

    /**
     * Makes an address without parameters of its parts.
     *
     * @param location as {@link #location()} gives it, nothing encoded
     * @throws AddressException if they make none
     */
    public static Address of(String scheme, String location) {
        String whole = scheme + ":" + location;
        AddressSyntax.requireScheme(scheme, whole);
        return AddressSyntax.naming(
                whole,
                () -> new Address(scheme, AddressLocation.of(PercentEncoding.requireText(location)), new TreeMap<>()));
    }

    /** What kind of object it is, such as {@code fifo}, without the colon. */
    public String scheme() {
        return scheme;
    }

    /** What stands between the colon and the question mark, decoded; {@code //host:port} with its slashes. */
    public String location() {
        return location.text();
    }

    /** Whether the location is a bare name. */
    public boolean isName() {
        return location.form() == AddressLocation.Form.NAME;
    }

    /**
     * The bare name.
     *
     * @throws AddressException if the location is none
     */
    public String name() {
        require(isName(), "a name is needed here, letters, digits, dots, underscores and hyphens, not digits only");
        return location.text();
    }

    /** Whether the location is a number that can be a process id: 1 to 2147483647, no zero first. */
    public boolean isPid() {
        return location.form() == AddressLocation.Form.NUMBER
                && location.text().length() <= 10
                && location.text().charAt(0) != '0'
                && Long.parseLong(location.text()) <= Integer.MAX_VALUE;
    }

    /**
     * The process id.
     *
     * @throws AddressException if the location is none
     */
    public long pid() {
        require(isPid(), "a process id is needed here");
        return Long.parseLong(location.text());
    }

    /** Whether the location is an absolute path. */
    public boolean isPath() {
        return location.form() == AddressLocation.Form.PATH;
    }

    /**
     * The absolute path.
     *
     * @throws AddressException if the location is none, or this JVM cannot express it because of its locale
     */
    public Path path() {
        require(isPath(), "an absolute path is needed here");
        return AddressSyntax.naming(text, location::path);
    }

    /** Whether the location is {@code //host:port}. */
    public boolean isHostAndPort() {
        return location.form() == AddressLocation.Form.HOST_AND_PORT;
    }

    /**
     * The host: a name, an IPv4 address, or an IPv6 address without its brackets.
     *
     * @throws AddressException if the location has none
     */
    public String host() {
        String host = location.host();
        require(host != null, "//host:port is needed here");
        return Objects.requireNonNull(host);
    }

    /**
     * The port, 0 to 65535.
     *
     * @throws AddressException if the location has none
     */
    public int port() {
        require(isHostAndPort(), "//host:port is needed here");
        return location.port();
    }

    private void require(boolean condition, String reason) {
        if (!condition) {
            throw new AddressException(text, reason, null);
        }
    }

    /** All parameters, decoded, by alphabetical order of their keys; unmodifiable. */
    public Map<String, String> parameters() {
        return parameters;
    }

    /** The value of a parameter, decoded: empty if it has none, null if there is no such parameter. */
    public @Nullable String parameter(String key) {
        return parameters.get(key);
    }

    /**
     * The value of a parameter as a size, {@code 512 64k 16m 1g}.
     *
     * @param defaultBytes the answer if there is no such parameter
     * @return bytes, 0 or more, or the default
     * @throws AddressException if it is no size
     */
    public long size(String key, long defaultBytes) {
        return typed(key, defaultBytes, Units::parseSize);
    }

    /**
     * The value of a parameter as a duration, {@code 100us 200ms 5s 1m 1h 2d}.
     *
     * @param defaultDuration the answer if there is no such parameter
     * @return zero or more, or the default
     * @throws AddressException if it is no duration
     */
    public Duration duration(String key, Duration defaultDuration) {
        return typed(key, defaultDuration, Units::parseDuration);
    }

    /**
     * The value of a parameter as a decimal number.
     *
     * @param defaultValue the answer if there is no such parameter
     * @throws AddressException if it is none of 32 bits
     */
    public int integer(String key, int defaultValue) {
        return typed(key, defaultValue, AddressSyntax::parseInteger);
    }

    /**
     * Whether a parameter is there and says yes: {@code ?key} or {@code ?key=true}.
     *
     * @throws AddressException if its value is neither empty nor {@code true} nor {@code false}
     */
    public boolean flag(String key) {
        return typed(key, false, AddressSyntax::parseFlag);
    }

    /**
     * The value of a parameter as one of the constants, which are written small and with hyphens: {@code MANY_READERS} is
     * {@code many-readers}.
     *
     * @param defaultChoice the answer if there is no such parameter
     * @throws AddressException if it is none of them; names the nearest
     */
    public <E extends Enum<E>> E choice(String key, Class<E> type, E defaultChoice) {
        String value = parameters.get(key);
        return value == null ? defaultChoice : AddressSyntax.choice(text, key, value, type);
    }

    private <V> V typed(String key, V defaultValue, Function<String, V> parser) {
        String value = parameters.get(key);
        if (value == null) {
            return defaultValue;
        }
        return AddressSyntax.naming(text, "parameter " + key + ": ", () -> parser.apply(value));
    }

    /**
     * Checks that there are no other parameters than these.
     *
     * @throws AddressException for the first unknown one; names the nearest
     */
    public void checkParameters(Set<String> known) {
        for (String key : parameters.keySet()) {
            AddressSyntax.requireKnown(text, scheme, key, known);
        }
    }

    /**
     * This address with one parameter set, in the place of the one there was.
     *
     * @param value not encoded; may be empty
     * @throws AddressException if that makes no address
     */
    public Address with(String key, String value) {
        return AddressSyntax.naming(text + " with " + key + "=" + value, () -> {
            SortedMap<String, String> changed = new TreeMap<>(parameters);
            changed.put(AddressSyntax.requireKey(key), PercentEncoding.requireText(value));
            return new Address(scheme, location, changed);
        });
    }

    /** This address without a parameter, which need not be there. */
    public Address without(String key) {
        SortedMap<String, String> changed = new TreeMap<>(parameters);
        changed.remove(key);
        return new Address(scheme, location, changed);
    }

    /** This address without parameters: what names the object, and nothing else. */
    public Address withoutParameters() {
        return new Address(scheme, location, new TreeMap<>());
    }

    /** By canonical form. */
    @Override
    public int compareTo(Address other) {
        return text.compareTo(other.text);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Address address && text.equals(address.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The canonical form, which {@link #of(String)} reads back as an equal address. */
    @Override
    public String toString() {
        return text;
    }
}
