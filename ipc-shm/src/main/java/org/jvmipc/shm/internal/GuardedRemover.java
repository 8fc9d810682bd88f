package org.jvmipc.shm.internal;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.registry.ObjectFile;
import org.jvmipc.internal.registry.ObjectRemover;
import org.jvmipc.internal.registry.OpenFiles;
import org.jvmipc.internal.registry.RegistryRecord;

/**
 * Asks the guard before an object is removed that is left over. What the guard has locked stays locked until the next one is
 * asked for, or this is closed: the name is gone by then.
 */
final class GuardedRemover implements ObjectRemover, AutoCloseable {
    private final String scheme;
    private final RemovalGuard guard;
    private final boolean dryRun;
    private @Nullable Fd claimed;

    GuardedRemover(String scheme, RemovalGuard guard, boolean dryRun) {
        this.scheme = scheme;
        this.guard = guard;
        this.dryRun = dryRun;
    }

    @Override
    public int fileType() {
        return FileStatus.REGULAR;
    }

    @Override
    public List<OpenFiles.Holder> holders(RegistryRecord record, FileStatus object) throws IOException {
        close();
        List<OpenFiles.Holder> holders = ObjectRemover.super.holders(record, object);
        if (!holders.isEmpty() || guard == RemovalGuard.NONE) {
            return holders;
        }
        try (ObjectFile file = ObjectFile.find(scheme, record.path(), FileStatus.REGULAR, ObjectFile.SELF)) {
            claimed = guard.claim(file);
        }
        if (claimed == null) { // by a process that cannot be looked into: its number is not known
            return List.of(new OpenFiles.Holder(0, true, true));
        }
        if (dryRun) {
            close();
        }
        return List.of();
    }

    @Override
    public void close() {
        if (claimed != null) {
            claimed.close();
            claimed = null;
        }
    }
}
