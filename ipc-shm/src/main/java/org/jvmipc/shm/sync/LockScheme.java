package org.jvmipc.shm.sync;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.registry.ObjectPaths;
import org.jvmipc.internal.registry.RegistryRecord;
import org.jvmipc.shm.internal.FileLocks;
import org.jvmipc.shm.internal.SegmentAddress;
import org.jvmipc.spi.Removal;
import org.jvmipc.spi.Scheme;
import org.jvmipc.spi.Survey;

/** The scheme {@code lock:}, see {@link FileMutex}. */
public final class LockScheme implements Scheme {
    private static final int OCTAL = 8;

    /** For {@link java.util.ServiceLoader}. */
    public LockScheme() {}

    @Override
    public String name() {
        return "lock";
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put(FileLocks.START, "where the range of bytes begins that is locked, default 0");
        parameters.put(FileLocks.LENGTH, "how many bytes it has, default 0: to the end of the file");
        SegmentAddress.putCreation(parameters);
        SegmentAddress.putOwner(parameters);
        return parameters;
    }

    @Override
    public Address create(Address address) throws IOException {
        try (FileMutex mutex = FileMutex.create(address)) {
            return mutex.address().withoutParameters();
        }
    }

    @Override
    public boolean exists(Address address) throws IOException {
        return FileLocks.exists(address);
    }

    @Override
    public Map<String, Object> inspect(Address address) throws IOException {
        String path = FileLocks.path(address);
        Map<String, Object> facts = new LinkedHashMap<>();
        try (Fd file = FileLocks.files().open(path, SegmentAddress.owner(address), Fcntl.O_RDONLY | Fcntl.O_NONBLOCK)) {
            FileStatus status = FileLocks.status(file);
            facts.put("path", path);
            facts.put("mode", "0" + Integer.toString(status.permissions(), OCTAL));
            facts.put("uid", status.uid());
            facts.put("size", status.sizeBytes());
            FileLocks.describe(address, file, status, facts);
            facts.put("users", users(address));
            RegistryRecord record = FileLocks.files().survey().record(path);
            if (record != null && record.isOf(status)) {
                facts.put("lifetime", record.lifetime().name().toLowerCase(Locale.ROOT));
                facts.put("created", record.created().toString());
                facts.put("owner", record.owner().pid());
                facts.put("owner alive", record.owner().isAlive());
            }
        }
        return facts;
    }

    @Override
    public List<Address> list() throws IOException {
        return FileLocks.files().survey().list();
    }

    @Override
    public boolean remove(Address address) throws IOException {
        return FileMutex.remove(address);
    }

    @Override
    public Map<String, String> settings(Address address) throws IOException {
        String path = ObjectPaths.canonicalOrNull(FileLocks.files().paths().of(address));
        return path == null ? Map.of() : FileLocks.files().survey().settings(path);
    }

    @Override
    public List<Long> users(Address address) throws IOException {
        String path = ObjectPaths.canonicalOrNull(FileLocks.files().paths().of(address));
        return path == null ? List.of() : FileLocks.files().survey().users(path);
    }

    @Override
    public Survey survey() throws IOException {
        return FileLocks.files().survey().survey();
    }

    @Override
    public List<Removal> removeStale(boolean dryRun) throws IOException {
        return FileLocks.files().survey().removeStale(dryRun);
    }
}
