package org.jvmipc.shm;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.registry.ObjectFacts;
import org.jvmipc.internal.registry.ObjectFile;
import org.jvmipc.internal.registry.ObjectParameters;
import org.jvmipc.internal.registry.ObjectPaths;
import org.jvmipc.internal.registry.OpenFiles;
import org.jvmipc.internal.registry.RegistryRecord;
import org.jvmipc.spi.Removal;
import org.jvmipc.spi.Scheme;
import org.jvmipc.spi.Survey;

/**
 * The scheme {@code shm:}, raw shared memory areas: {@code shm:/path}, or {@code shm:NAME} in the runtime directory. They are
 * opened by {@link SharedMemory}; nothing is sent through them.
 */
public final class SharedMemoryScheme implements Scheme {
    /** For {@link java.util.ServiceLoader}. */
    public SharedMemoryScheme() {}

    @Override
    public String name() {
        return SharedMemoryFiles.SCHEME;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.ZERO_COPY);
    }

    @Override
    public Map<String, String> parameters() {
        return SharedMemoryAddress.parameters();
    }

    @Override
    public Address create(Address address) throws IOException {
        try (SharedMemory memory = SharedMemory.create(address)) {
            return memory.address();
        }
    }

    @Override
    public boolean exists(Address address) throws IOException {
        return SharedMemoryFiles.exists(SharedMemoryFiles.OBJECTS.paths().of(address), ObjectParameters.owner(address));
    }

    @Override
    public Map<String, Object> inspect(Address address) throws IOException {
        String path = SharedMemoryFiles.canonical(address);
        Map<String, Object> facts = new LinkedHashMap<>();
        if (SharedMemoryFiles.isOfProcess(path)) {
            try (SharedMemory memory = SharedMemory.openReadOnly(address)) {
                facts.put("path", path);
                facts.put("size", memory.size());
            }
            return facts;
        }
        try (ObjectFile file =
                ObjectFile.find(SharedMemoryFiles.SCHEME, path, FileStatus.REGULAR, ObjectParameters.owner(address))) {
            FileStatus status = file.status();
            ObjectFacts.putFile(facts, path, status);
            facts.put("size", status.sizeBytes());
            facts.put("allocated", status.allocatedBytes());
            facts.put(
                    "users",
                    OpenFiles.holders(status.device(), status.inode(), true).stream()
                            .map(OpenFiles.Holder::pid)
                            .toList());
            RegistryRecord record = SharedMemoryFiles.OBJECTS.record(path, status);
            if (record != null) {
                facts.put("huge", record.settings().containsKey(SharedMemoryAddress.HUGE));
                ObjectFacts.putRecord(facts, record);
            }
        }
        return facts;
    }

    @Override
    public List<Address> list() throws IOException {
        return SharedMemoryFiles.OBJECTS.survey().list();
    }

    @Override
    public boolean remove(Address address) throws IOException {
        return SharedMemoryFiles.remove(SharedMemoryFiles.OBJECTS.paths().of(address), ObjectParameters.owner(address));
    }

    @Override
    public Map<String, String> settings(Address address) throws IOException {
        String path =
                ObjectPaths.canonicalOrNull(SharedMemoryFiles.OBJECTS.paths().of(address));
        return path == null ? Map.of() : SharedMemoryFiles.OBJECTS.survey().settings(path);
    }

    @Override
    public List<Long> users(Address address) throws IOException {
        String path =
                ObjectPaths.canonicalOrNull(SharedMemoryFiles.OBJECTS.paths().of(address));
        return path == null ? List.of() : SharedMemoryFiles.OBJECTS.survey().users(path);
    }

    @Override
    public Survey survey() throws IOException {
        return SharedMemoryFiles.OBJECTS.survey().survey();
    }

    @Override
    public List<Removal> removeStale(boolean dryRun) throws IOException {
        return SharedMemoryFiles.OBJECTS.survey().removeStale(dryRun);
    }
}
