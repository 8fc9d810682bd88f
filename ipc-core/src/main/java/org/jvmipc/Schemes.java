package org.jvmipc;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jvmipc.internal.Suggestions;
import org.jvmipc.spi.Scheme;

/**
 * The {@link Scheme}s that a class loader provides. A provider that cannot be loaded, or two for one name, spoil that
 * name only: the problem is kept, and told with the error when the name is asked for.
 *
 * <p><b>Thread safety.</b> Immutable after loading.
 */
final class Schemes {
    /** A loader that cannot get past a bad provider would fail for ever. */
    private static final int MOST_PROBLEMS = 100;

    private final SortedMap<String, Scheme> byName = new TreeMap<>();
    private final SortedMap<String, String> ambiguous = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();

    private Schemes() {}

    /** Loaded by whoever asks first, once for this JVM. */
    private static final class Shared {
        // Not the thread's context loader: it would make the answer depend on which thread came first.
        static final Schemes INSTANCE = load(Objects.requireNonNull(Schemes.class.getClassLoader()));
    }

    /** The schemes beside this class. */
    static Schemes shared() {
        return Shared.INSTANCE;
    }

    /** Loads all providers that a class loader sees. */
    static Schemes load(ClassLoader loader) {
        Schemes schemes = new Schemes();
        Iterator<ServiceLoader.Provider<Scheme>> providers =
                ServiceLoader.load(Scheme.class, loader).stream().iterator();
        while (schemes.problems.size() < MOST_PROBLEMS) {
            String provider = "a provider of " + Scheme.class.getName();
            try {
                if (!providers.hasNext()) {
                    break;
                }
                ServiceLoader.Provider<Scheme> found = providers.next();
                provider = found.type().getName();
                schemes.add(found.get());
            } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
                schemes.problems.add(provider + " cannot be loaded: " + explain(e));
            }
        }
        return schemes;
    }

    /** The error and what it stems from; the loader's own text names neither the exception nor its message. */
    private static String explain(Throwable e) {
        Throwable cause = e.getCause();
        return e.getMessage() + (cause == null ? "" : " (" + cause + ")");
    }

    private void add(Scheme scheme) {
        String name = scheme.name();
        String provider = scheme.getClass().getName();
        if (!AddressSyntax.isScheme(name)) {
            problems.add(provider + " has the name '" + name + "', which no address can have");
            return;
        }
        Scheme other = byName.putIfAbsent(name, scheme);
        if (other != null) {
            String both = ambiguous.getOrDefault(name, other.getClass().getName()) + ", " + provider;
            ambiguous.put(name, both);
        }
    }

    /** The usable names. */
    SortedSet<String> names() {
        SortedSet<String> names = new TreeSet<>(byName.keySet());
        names.removeAll(ambiguous.keySet());
        return names;
    }

    /**
     * Finds a scheme.
     *
     * @param value what the error names: the address, or the scheme
     * @throws AddressException if there is no such scheme, or more than one
     */
    Scheme scheme(String name, String value) {
        String providers = ambiguous.get(name);
        if (providers != null) {
            throw new AddressException(
                    value, "scheme " + name + " has several providers on the class path: " + providers, null);
        }
        Scheme scheme = byName.get(name);
        if (scheme == null) {
            String nearest = Suggestions.nearest(name, names());
            throw new AddressException(value, unknown(name), nearest == null ? null : nearest + ":");
        }
        return scheme;
    }

    private String unknown(String name) {
        String known = byName.isEmpty() ? "none on the class path" : "known: " + String.join(", ", names());
        String reason = "unknown scheme " + name + " (" + known + ")";
        return problems.isEmpty() ? reason : reason + "; " + String.join("; ", problems);
    }

    /** What could not be loaded or used, a line each. */
    List<String> problems() {
        List<String> all = new ArrayList<>(problems);
        ambiguous.forEach((name, both) -> all.add("scheme " + name + " has several providers: " + both));
        return List.copyOf(all);
    }

    /** All usable schemes, by name. */
    List<Scheme> all() {
        List<Scheme> all = new ArrayList<>();
        byName.forEach((name, scheme) -> {
            if (!ambiguous.containsKey(name)) {
                all.add(scheme);
            }
        });
        return all;
    }
}
