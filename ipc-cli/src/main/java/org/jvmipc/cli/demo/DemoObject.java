package org.jvmipc.cli.demo;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jvmipc.Address;
import org.jvmipc.Ipc;
import org.jvmipc.internal.registry.Registry;
import org.jvmipc.internal.registry.RegistryRecord;
import org.jvmipc.spi.ObjectInfo;

/**
 * An object of one run, by a name in the runtime directory that no other run has. It is owned: should this process be killed,
 * the next run finds it stale and removes it.
 */
public final class DemoObject implements Closeable {
    private static final String PREFIX = "ipc-demo-";

    private final String name;
    private final Address address;

    private DemoObject(String name, Address address) {
        this.name = name;
        this.address = address;
    }

    /** What makes an object. */
    @FunctionalInterface
    public interface Maker {
        /**
         * Makes it, with {@link org.jvmipc.Lifetime#OWNED}.
         *
         * @return what another process opens it by
         */
        Address make(String name) throws IOException;
    }

    /** Makes the object of a scheme for a run; there is one of each scheme. */
    public static DemoObject create(DemoRun run, String scheme, Maker maker) throws IOException {
        removeStale(scheme);
        String name = PREFIX + ProcessHandle.current().pid() + "-" + Long.toHexString(run.id());
        DemoObject made = new DemoObject(name, maker.make(name));
        run.closeBySignal(made);
        return made;
    }

    /** The same by the scheme itself, with parameters that only creation needs. */
    public static DemoObject create(DemoRun run, String scheme, String... parameters) throws IOException {
        return create(run, scheme, name -> {
            Address wanted = Address.of(scheme, name).with("owned", "");
            for (String parameter : parameters) {
                String[] pair = parameter.split("=", 2);
                wanted = wanted.with(pair[0], pair[1]);
            }
            return Ipc.create(wanted);
        });
    }

    /** Those of demos that were killed, and no others: what else is stale is not the business of a demo. */
    private static void removeStale(String scheme) throws IOException {
        for (ObjectInfo object : Ipc.scheme(scheme).survey().objects()) {
            String location = object.address().location(); // of a kernel queue with a slash before its name
            if (object.state().isLeftOver() && location.startsWith(PREFIX, location.startsWith("/") ? 1 : 0)) {
                Ipc.remove(object.address());
            }
        }
    }

    /** What another process opens it by. */
    public Address address() {
        return address;
    }

    /** Removes it. */
    @Override
    public void close() throws IOException {
        Ipc.remove(address);
    }

    /** What is still there of some, in words. */
    public static List<String> leftovers(DemoObject... objects) throws IOException {
        List<String> left = new ArrayList<>();
        for (DemoObject object : objects) {
            left.addAll(object.leftovers());
        }
        return left;
    }

    private List<String> leftovers() throws IOException {
        List<String> left = new ArrayList<>();
        if (Ipc.exists(address)) {
            left.add("the object " + address);
        }
        for (RegistryRecord record : Registry.open().list(address.scheme())) {
            if (String.valueOf(Path.of(record.path()).getFileName()).startsWith(name)) {
                left.add("the record of " + address);
            }
        }
        return left;
    }
}
