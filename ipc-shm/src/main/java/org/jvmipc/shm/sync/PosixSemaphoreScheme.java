package org.jvmipc.shm.sync;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.registry.ObjectFacts;
import org.jvmipc.internal.registry.RegistryRecord;
import org.jvmipc.shm.internal.PosixSemaphores;
import org.jvmipc.shm.internal.SegmentAddress;
import org.jvmipc.spi.Removal;
import org.jvmipc.spi.Scheme;
import org.jvmipc.spi.Survey;

/** The scheme {@code posixsem:}, see {@link PosixSemaphore}. */
public final class PosixSemaphoreScheme implements Scheme {
    /** For {@link java.util.ServiceLoader}. */
    public PosixSemaphoreScheme() {}

    @Override
    public String name() {
        return PosixSemaphores.SCHEME;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public Map<String, String> parameters() {
        return SegmentAddress.posixSemaphoreParameters();
    }

    @Override
    public Address create(Address address) throws IOException {
        try (PosixSemaphore semaphore = PosixSemaphore.create(address, address.integer(SegmentAddress.VALUE, 1))) {
            return semaphore.address();
        }
    }

    @Override
    public boolean exists(Address address) throws IOException {
        return PosixSemaphores.exists(PosixSemaphores.name(address));
    }

    @Override
    public Map<String, Object> inspect(Address address) throws IOException {
        String name = PosixSemaphores.name(address);
        String path = PosixSemaphores.path(name);
        Map<String, Object> facts = new LinkedHashMap<>();
        try (PosixSemaphore semaphore = PosixSemaphore.open(address);
                Fd file = FileCalls.name(path)) {
            FileStatus status = OsCalls.status(file.number());
            ObjectFacts.putFile(facts, path, status);
            facts.put("value", semaphore.value());
            facts.put("users", users(address));
            RegistryRecord record = PosixSemaphores.OBJECTS.record(path);
            if (record != null && record.isOf(status)) {
                ObjectFacts.putRecord(facts, record);
            }
        } catch (OsException e) {
            throw e.errno() == Errno.ENOENT ? new OsException("open", e.errno(), "path=" + path) : e;
        }
        return facts;
    }

    @Override
    public List<Address> list() throws IOException {
        return PosixSemaphores.OBJECTS.list();
    }

    @Override
    public boolean remove(Address address) throws IOException {
        return PosixSemaphore.remove(address);
    }

    @Override
    public List<Long> users(Address address) throws IOException {
        return PosixSemaphores.users(PosixSemaphores.name(address));
    }

    @Override
    public Survey survey() throws IOException {
        return PosixSemaphores.OBJECTS.survey();
    }

    @Override
    public List<Removal> removeStale(boolean dryRun) throws IOException {
        return PosixSemaphores.OBJECTS.removeStale(dryRun);
    }
}
