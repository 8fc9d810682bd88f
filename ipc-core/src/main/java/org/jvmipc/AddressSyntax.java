package org.jvmipc;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.Quoted;
import org.jvmipc.internal.Suggestions;

/**
 * The grammar of an {@link Address} around its location: what may be a scheme, a key and a query, and the canonical form.
 *
 * <p><b>Thread safety.</b> Stateless.
 */
final class AddressSyntax {
    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9]{0,31}");
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,10}");
    private static final Pattern KEY = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,63}");

    private AddressSyntax() {}

    /** Runs a step whose errors have only their reason, and names the address in them. */
    static <T> T naming(String address, Supplier<T> step) {
        return naming(address, "", step);
    }

    /** Runs a step whose errors have only their reason, and names the address and the part of it in them. */
    static <T> T naming(String address, String part, Supplier<T> step) {
        try {
            return step.get();
        } catch (AddressException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new AddressException(address, part + e.getMessage(), null, e);
        }
    }

    static boolean isScheme(String scheme) {
        return SCHEME.matcher(scheme).matches();
    }

    /**
     * Checks a scheme, which begins the address.
     *
     * @param scheme null if the address has no colon
     * @throws AddressException if it cannot be one
     */
    static String requireScheme(@Nullable String scheme, String address) {
        if (scheme == null) {
            throw new AddressException(address, "no scheme; an address is scheme:location, as fifo:/tmp/f", null);
        }
        if (!isScheme(scheme)) {
            String small = scheme.toLowerCase(Locale.ROOT);
            throw new AddressException(
                    address,
                    "what stands before the colon is no scheme; that is small letters and digits (ASCII), at most 32",
                    isScheme(small) ? small + ":" : null);
        }
        return scheme;
    }

    /**
     * Checks a key of the query.
     *
     * @throws IllegalArgumentException with the reason, if it cannot be one
     */
    static String requireKey(String key) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("the parameter " + Quoted.of(key)
                    + " has no proper key; that is letters, digits, dots, underscores and hyphens, a letter first");
        }
        return key;
    }

    /**
     * Reads what stands behind the question mark.
     *
     * @throws IllegalArgumentException with the reason, if it is malformed or has a key twice
     */
    static SortedMap<String, String> parameters(String query) {
        SortedMap<String, String> parameters = new TreeMap<>();
        int start = 0;
        while (start <= query.length()) {
            int ampersand = query.indexOf('&', start);
            int end = ampersand < 0 ? query.length() : ampersand;
            String parameter = query.substring(start, end);
            int equals = parameter.indexOf('=');
            String key = requireKey(equals < 0 ? parameter : parameter.substring(0, equals));
            String value = equals < 0 ? "" : PercentEncoding.decode(parameter.substring(equals + 1));
            if (parameters.putIfAbsent(key, value) != null) {
                throw new IllegalArgumentException("the parameter " + key + " is given twice");
            }
            start = end + 1;
        }
        return parameters;
    }

    /**
     * Checks that a parameter is known to the scheme.
     *
     * @throws AddressException if it is not; names the nearest
     */
    static void requireKnown(String address, String scheme, String key, Set<String> known) {
        if (!known.contains(key)) {
            String list = known.isEmpty() ? "it takes none" : "known: " + String.join(", ", new TreeSet<>(known));
            throw new AddressException(
                    address, scheme + " has no parameter " + key + " (" + list + ")", Suggestions.nearest(key, known));
        }
    }

    /**
     * Reads one of the constants, which are written small and with hyphens.
     *
     * @throws AddressException if it is none of them; names the nearest
     */
    static <E extends Enum<E>> E choice(String address, String key, String value, Class<E> type) {
        SortedMap<String, E> choices = new TreeMap<>();
        for (E constant : type.getEnumConstants()) {
            choices.put(constant.name().toLowerCase(Locale.ROOT).replace('_', '-'), constant);
        }
        E choice = choices.get(value);
        if (choice == null) {
            String nearest = Suggestions.nearest(value, choices.keySet());
            throw new AddressException(
                    address,
                    "parameter " + key + " is one of " + String.join(", ", choices.keySet()),
                    nearest == null ? null : key + "=" + nearest);
        }
        return choice;
    }

    /**
     * Reads a decimal number of 32 bits.
     *
     * @throws IllegalArgumentException if it is none; names it
     */
    static int parseInteger(String value) {
        long number = INTEGER.matcher(value).matches() ? Long.parseLong(value) : Long.MAX_VALUE;
        if (number < Integer.MIN_VALUE || number > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    Quoted.of(value) + " is no whole number from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE);
        }
        return (int) number;
    }

    /**
     * Reads yes or no.
     *
     * @throws IllegalArgumentException if it is neither; names it
     */
    static boolean parseFlag(String value) {
        return switch (value) {
            case "", "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(Quoted.of(value) + " is neither true nor false");
        };
    }

    /** The canonical form. */
    static String format(String scheme, AddressLocation location, SortedMap<String, String> parameters) {
        StringBuilder text = new StringBuilder(scheme).append(':').append(location.encoded());
        char separator = '?';
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            text.append(separator).append(parameter.getKey());
            if (!parameter.getValue().isEmpty()) {
                text.append('=').append(PercentEncoding.encode(parameter.getValue(), ""));
            }
            separator = '&';
        }
        return text.toString();
    }
}
