package org.jvmipc.shm.sync;

import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.LockCalls;
import org.jvmipc.internal.registry.ObjectFile;
import org.jvmipc.internal.registry.Registry;
import org.jvmipc.internal.registry.RegistryRecord;
import org.jvmipc.shm.internal.LockHolders;

/** What can be said of a file lock without taking it. */
final class LockInspection {
    private static final int OCTAL = 8;

    private LockInspection() {}

    static Map<String, Object> of(String path, FileMutexOptions options) throws IOException {
        Registry registry = Registry.open();
        Map<String, Object> facts = new LinkedHashMap<>();
        try (ObjectFile file = ObjectFile.find(FileMutexRegistry.SCHEME, path, FileStatus.REGULAR, options.owner())) {
            FileStatus status = file.status();
            facts.put("path", path);
            facts.put("mode", "0" + Integer.toString(status.permissions(), OCTAL));
            facts.put("uid", status.uid());
            facts.put("size", status.sizeBytes());
            addHolder(facts, file, RangeKey.of(status, options.start(), options.length()));
            RegistryRecord record = registry.find(FileMutexRegistry.SCHEME, path);
            if (record != null && record.isOf(status)) {
                facts.put("lifetime", record.lifetime().name().toLowerCase(Locale.ROOT));
                facts.put("created", record.created().toString());
                facts.put("owner", record.owner().pid());
                facts.put("owner alive", record.owner().isAlive());
                facts.put("stale", registry.isStale(record));
            }
        }
        return facts;
    }

    /** The kernel says whether it is held, and by which process only of locks that are a process's own. */
    private static void addHolder(Map<String, Object> facts, ObjectFile file, RangeKey key) throws IOException {
        LockCalls.Conflict conflict;
        try (Fd fd = file.open(Fcntl.O_RDONLY | Fcntl.O_NONBLOCK)) {
            conflict = LockCalls.conflict(fd, key.start(), key.kernelLength());
        }
        if (conflict == null) {
            facts.put("held", "no");
            return;
        }
        facts.put("held", conflict.exclusive() ? "exclusive" : "shared");
        if (conflict.pid() != 0) {
            facts.put("holder", conflict.pid());
            return;
        }
        LockHolders.Holder holder = conflict.exclusive() ? holder(key) : null;
        if (holder != null) {
            facts.put("holder", holder.pid());
            facts.put("since", Instant.ofEpochMilli(holder.sinceMillis()).toString());
        }
    }

    private static LockHolders.@Nullable Holder holder(RangeKey key) {
        LockHolders holders = LockHolders.shared();
        LockHolders.Holder holder = holders == null ? null : holders.holder(key.holderKey());
        return holder != null && holder.isAlive() ? holder : null;
    }
}
