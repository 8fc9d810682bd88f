package org.jvmipc.shm.sync;

import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.LockCalls;
import org.jvmipc.internal.registry.ObjectFacts;
import org.jvmipc.internal.registry.ObjectFile;
import org.jvmipc.internal.registry.RegistryRecord;
import org.jvmipc.shm.internal.LockHolders;

/** What can be said of a file lock without taking it. */
final class LockInspection {
    private LockInspection() {}

    static Map<String, Object> of(String path, FileMutexOptions options) throws IOException {
        Map<String, Object> facts = new LinkedHashMap<>();
        try (ObjectFile file = ObjectFile.find(LockFiles.SCHEME, path, FileStatus.REGULAR, options.owner())) {
            FileStatus status = file.status();
            ObjectFacts.putFile(facts, path, status);
            facts.put("size", status.sizeBytes());
            addHolder(facts, file, RangeKey.of(status, options.start(), options.length()));
            RegistryRecord record = LockFiles.OBJECTS.record(path, status);
            if (record != null) {
                ObjectFacts.putRecord(facts, record);
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
