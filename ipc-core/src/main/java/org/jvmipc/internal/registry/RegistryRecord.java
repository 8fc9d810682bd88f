package org.jvmipc.internal.registry;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jvmipc.Lifetime;
import org.jvmipc.internal.Quoted;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.process.ProcessIdentity;

/**
 * What the registry knows of one named object.
 *
 * <pre>{@code
 * RegistryRecord begun = RegistryRecord.begin("fifo", "fifo:/tmp/x", "/tmp/x", 65536, Lifetime.OWNED, settings);
 * registry.put(lock, begun);                  // first: whoever dies now leaves a record that tells of it
 * ... make the object, name it, check it ...
 * registry.put(lock, begun.made(status));
 * }</pre>
 *
 * <p><b>Thread safety.</b> Immutable.
 *
 * @param scheme what kind of object it is, such as {@code fifo}
 * @param address its address
 * @param path its absolute path
 * @param device the device that holds it, as in {@link FileStatus}; 0 while it is being made
 * @param inode its number there; 0 while it is being made
 * @param birthNanos when the file came to be, as in {@link FileStatus}; 0 if unknown
 * @param sizeBytes how much it holds, by its creator's choice
 * @param created when its creator began
 * @param lifetime whether it is stale once its owner is dead
 * @param owner the process that created it, or took it over, or for which it was created
 * @param settings what was chosen at creation and cannot be changed; unmodifiable
 */
public record RegistryRecord(
        String scheme,
        String address,
        String path,
        long device,
        long inode,
        long birthNanos,
        long sizeBytes,
        Instant created,
        Lifetime lifetime,
        ProcessIdentity owner,
        SortedMap<String, String> settings) {
    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9]{0,31}");
    private static final Pattern KEY = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,63}");

    /** Checks the values. */
    public RegistryRecord {
        requireScheme(scheme);
        requirePath(path);
        Escapes.requireText(address);
        if (sizeBytes < 0) {
            throw new IllegalArgumentException("size is " + sizeBytes + "; it must not be negative");
        }
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
        settings.forEach((key, value) -> {
            if (!KEY.matcher(key).matches()) {
                throw new IllegalArgumentException("not the name of a setting: " + Quoted.of(key));
            }
            Escapes.requireText(value);
        });
    }

    /** The record of an object that this process is about to make. */
    public static RegistryRecord begin(
            String scheme,
            String address,
            String path,
            long sizeBytes,
            Lifetime lifetime,
            Map<String, String> settings) {
        ProcessIdentity self = ProcessIdentity.self();
        return new RegistryRecord(
                scheme, address, path, 0, 0, 0, sizeBytes, Instant.now(), lifetime, self, new TreeMap<>(settings));
    }

    /** The same when the object has been made and is this file. */
    public RegistryRecord made(FileStatus object) {
        return new RegistryRecord(
                scheme,
                address,
                path,
                object.device(),
                object.inode(),
                object.birthNanos(),
                sizeBytes,
                created,
                lifetime,
                owner,
                settings);
    }

    /**
     * The same belonging to another process than its creator. For one that is made: while it is being made its owner is who
     * makes it.
     */
    public RegistryRecord ownedBy(ProcessIdentity process) {
        return new RegistryRecord(
                scheme, address, path, device, inode, birthNanos, sizeBytes, created, lifetime, process, settings);
    }

    /** Whether the object exists, as far as its creator has got. */
    public boolean isMade() {
        return inode != 0;
    }

    /** Whether this is the file that was made, and not one that has its place, or its inode number, now. */
    public boolean isOf(FileStatus object) {
        return isMade()
                && device == object.device()
                && inode == object.inode()
                && (birthNanos == 0 || object.birthNanos() == 0 || birthNanos == object.birthNanos());
    }

    static void requireScheme(String scheme) {
        if (!SCHEME.matcher(scheme).matches()) {
            throw new IllegalArgumentException("not a scheme: " + Quoted.of(scheme));
        }
    }

    static void requirePath(String path) {
        if (!path.startsWith("/") || path.endsWith("/")) {
            throw new IllegalArgumentException("not the absolute path of a file: " + Quoted.of(path));
        }
        Escapes.requireText(path);
    }
}
