package org.jvmipc.cli.broken;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.spi.Scheme;

/** A scheme with a bug. It is there only for a command whose {@code IPC_CLASS_PATH} has it. */
public final class BrokenScheme implements Scheme {
    /** For {@link java.util.ServiceLoader}. */
    public BrokenScheme() {}

    @Override
    public String name() {
        return "broken";
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public Map<String, String> parameters() {
        return Map.of();
    }

    @Override
    public Address create(Address address) {
        throw new IllegalStateException("broken for a test");
    }

    @Override
    public boolean exists(Address address) {
        return false;
    }

    @Override
    public Map<String, Object> inspect(Address address) {
        return Map.of();
    }

    @Override
    public List<Address> list() {
        return List.of();
    }

    @Override
    public boolean remove(Address address) {
        return false;
    }
}
