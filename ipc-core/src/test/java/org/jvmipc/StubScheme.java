package org.jvmipc;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jvmipc.spi.Scheme;

/** A scheme that carries no messages, {@code ipcteststub}, for the tests of {@link Ipc}: names in a map of this JVM. */
public class StubScheme implements Scheme {
    private static final Map<String, Boolean> OBJECTS = new ConcurrentHashMap<>();

    @Override
    public String name() {
        return "ipcteststub";
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public Map<String, String> parameters() {
        return Map.of("capacity", "how much fits");
    }

    @Override
    public final Address create(Address address) {
        OBJECTS.put(address.withoutParameters().toString(), true);
        return address.withoutParameters();
    }

    @Override
    public final boolean exists(Address address) {
        return OBJECTS.containsKey(address.withoutParameters().toString());
    }

    @Override
    public final Map<String, Object> inspect(Address address) throws IOException {
        if (!exists(address)) {
            throw new FileNotFoundException(address.toString());
        }
        return Map.of("capacity", address.size("capacity", 0));
    }

    @Override
    public final List<Address> list() {
        return OBJECTS.keySet().stream()
                .map(Address::of)
                .filter(address -> address.scheme().equals(name()))
                .sorted()
                .toList();
    }

    @Override
    public final boolean remove(Address address) {
        return OBJECTS.remove(address.withoutParameters().toString()) != null;
    }
}
