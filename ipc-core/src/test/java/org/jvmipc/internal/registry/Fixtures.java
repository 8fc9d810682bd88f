package org.jvmipc.internal.registry;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jvmipc.IpcException;
import org.jvmipc.Lifetime;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.process.ProcessIdentity;

/** Objects and records of the living and of the dead. */
final class Fixtures {
    static final String SCHEME = "fifo";
    static final ObjectRemover FIFOS = () -> FileStatus.FIFO;
    static final ProcessIdentity SELF = ProcessIdentity.self();

    /** Had this process's number before it. */
    static final ProcessIdentity DEAD =
            new ProcessIdentity(SELF.pid(), SELF.startTime() + 1, SELF.bootId(), SELF.pidNamespace());

    private static final String OTHER_BOOT = "00000000-0000-4000-8000-000000000000";

    private Fixtures() {}

    /** Runs, by its number, but in another run of the machine. */
    static ProcessIdentity ofAnotherBoot() {
        return new ProcessIdentity(SELF.pid(), SELF.startTime(), OTHER_BOOT, SELF.pidNamespace());
    }

    /** Cannot be seen from here. */
    static ProcessIdentity ofAnotherNamespace() {
        return new ProcessIdentity(SELF.pid(), 1, SELF.bootId(), SELF.pidNamespace() + 1);
    }

    static RegistryRecord begun(Path path, Lifetime lifetime) {
        return RegistryRecord.begin(
                SCHEME, SCHEME + ":" + path, path.toString(), 65536, lifetime, Map.of("mode", "600"));
    }

    static RegistryRecord with(RegistryRecord record, ProcessIdentity owner) {
        return new RegistryRecord(
                record.scheme(),
                record.address(),
                record.path(),
                record.device(),
                record.inode(),
                record.birthNanos(),
                record.sizeBytes(),
                record.created(),
                record.lifetime(),
                owner,
                record.settings());
    }

    static RegistryRecord with(RegistryRecord record, long inode, long birthNanos) {
        return new RegistryRecord(
                record.scheme(),
                record.address(),
                record.path(),
                record.device(),
                inode,
                birthNanos,
                record.sizeBytes(),
                record.created(),
                record.lifetime(),
                record.owner(),
                record.settings());
    }

    static FileStatus makeFifo(Path path) throws IpcException {
        FileCalls.makeFifo(path.toString(), 0600);
        return OsCalls.linkStatus(path.toString());
    }

    static RegistryRecord put(Registry registry, RegistryRecord record) throws IpcException {
        try (ObjectLock lock = registry.lock(record.scheme(), record.path())) {
            registry.put(lock, record);
        }
        return record;
    }

    /** A FIFO with its record. */
    static RegistryRecord create(Registry registry, Path path, Lifetime lifetime, ProcessIdentity owner)
            throws IpcException {
        return put(registry, with(begun(path, lifetime), owner).made(makeFifo(path)));
    }

    /** The record of a creator that got so far as to make the FIFO. */
    static RegistryRecord createHalf(Registry registry, Path path, ProcessIdentity owner) throws IpcException {
        RegistryRecord record = put(registry, with(begun(path, Lifetime.KEPT), owner));
        makeFifo(path);
        return record;
    }

    /** A record with everything that is hard to write. */
    static RegistryRecord difficult() {
        SortedMap<String, String> settings = new TreeMap<>();
        settings.put("capacity", "64k");
        settings.put("empty", "");
        settings.put("x.Y_z-9", "a=b%25\n\u001b[31m");
        return new RegistryRecord(
                "fifo",
                "fifo:/tmp/\u00fc%20 x?y=z",
                "/tmp/\u00fc \u20ac\ud83d\ude00%\t\n=",
                (0xffff_fffeL << 32) | 0xffff_fffdL,
                -1,
                -1_000_000_001,
                Long.MAX_VALUE,
                Instant.parse("2026-11-24T18:20:15.123456789Z"),
                Lifetime.OWNED,
                SELF,
                settings);
    }
}
