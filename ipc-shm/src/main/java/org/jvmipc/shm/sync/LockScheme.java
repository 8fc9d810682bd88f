package org.jvmipc.shm.sync;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.internal.registry.ObjectPaths;
import org.jvmipc.internal.registry.RegistryRecord;
import org.jvmipc.spi.Removal;
import org.jvmipc.spi.Scheme;
import org.jvmipc.spi.Survey;

/**
 * The scheme {@code lock:}, mutual exclusion by file lock: {@code lock:/path}, or {@code lock:NAME} in the runtime directory.
 * Any regular file of this user can be locked, whether it was created here or not.
 */
public final class LockScheme implements Scheme {
    /** For {@link java.util.ServiceLoader}. */
    public LockScheme() {}

    @Override
    public String name() {
        return FileMutexRegistry.SCHEME;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public Map<String, String> parameters() {
        return LockAddress.parameters();
    }

    @Override
    public Address create(Address address) throws IOException {
        String path = ObjectPaths.canonical(FileMutexRegistry.PATHS.of(address));
        FileMutexOptions options = LockAddress.options(address);
        try (FileMutex made = FileMutex.create(path, options, LockAddress.ownerProcess(address))) {
            return made.address();
        }
    }

    @Override
    public boolean exists(Address address) throws IOException {
        return FileMutexRegistry.exists(FileMutexRegistry.PATHS.of(address), LockAddress.owner(address));
    }

    @Override
    public Map<String, Object> inspect(Address address) throws IOException {
        return LockInspection.of(
                ObjectPaths.canonical(FileMutexRegistry.PATHS.of(address)), LockAddress.options(address));
    }

    @Override
    public List<Address> list() throws IOException {
        return FileMutexRegistry.OBJECTS.list();
    }

    @Override
    public Map<String, String> settings(Address address) throws IOException {
        String path = ObjectPaths.canonicalOrNull(FileMutexRegistry.PATHS.of(address));
        RegistryRecord record = path == null ? null : FileMutexRegistry.OBJECTS.record(path);
        return record == null
                ? Map.of()
                : Map.of(FileMutexRegistry.MODE, String.format(Locale.ROOT, "%04o", FileMutexRegistry.mode(record)));
    }

    @Override
    public List<Long> users(Address address) throws IOException {
        String path = ObjectPaths.canonicalOrNull(FileMutexRegistry.PATHS.of(address));
        return path == null ? List.of() : FileMutexRegistry.OBJECTS.users(path);
    }

    @Override
    public Survey survey() throws IOException {
        return FileMutexRegistry.OBJECTS.survey();
    }

    @Override
    public List<Removal> removeStale(boolean dryRun) throws IOException {
        return FileMutexRegistry.OBJECTS.removeStale(dryRun);
    }

    @Override
    public boolean remove(Address address) throws IOException {
        return FileMutexRegistry.remove(FileMutexRegistry.PATHS.of(address), LockAddress.owner(address));
    }
}
