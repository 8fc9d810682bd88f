package org.jvmipc.shm.sync;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.internal.registry.ObjectParameters;
import org.jvmipc.internal.registry.ObjectPaths;
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
        return LockFiles.SCHEME;
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
        String path = ObjectPaths.canonical(LockFiles.OBJECTS.paths().of(address));
        FileMutexOptions options = LockAddress.options(address);
        try (FileMutex made = FileMutex.create(path, options, ObjectParameters.ownerProcess(address))) {
            return made.address();
        }
    }

    @Override
    public boolean exists(Address address) throws IOException {
        return LockFiles.exists(LockFiles.OBJECTS.paths().of(address), ObjectParameters.owner(address));
    }

    @Override
    public Map<String, Object> inspect(Address address) throws IOException {
        return LockInspection.of(
                ObjectPaths.canonical(LockFiles.OBJECTS.paths().of(address)), LockAddress.options(address));
    }

    @Override
    public List<Address> list() throws IOException {
        return LockFiles.OBJECTS.survey().list();
    }

    @Override
    public Map<String, String> settings(Address address) throws IOException {
        String path = ObjectPaths.canonicalOrNull(LockFiles.OBJECTS.paths().of(address));
        return path == null ? Map.of() : LockFiles.OBJECTS.survey().settings(path);
    }

    @Override
    public List<Long> users(Address address) throws IOException {
        String path = ObjectPaths.canonicalOrNull(LockFiles.OBJECTS.paths().of(address));
        return path == null ? List.of() : LockFiles.OBJECTS.survey().users(path);
    }

    @Override
    public Survey survey() throws IOException {
        return LockFiles.OBJECTS.survey().survey();
    }

    @Override
    public List<Removal> removeStale(boolean dryRun) throws IOException {
        return LockFiles.OBJECTS.survey().removeStale(dryRun);
    }

    @Override
    public boolean remove(Address address) throws IOException {
        return LockFiles.remove(LockFiles.OBJECTS.paths().of(address), ObjectParameters.owner(address));
    }
}
