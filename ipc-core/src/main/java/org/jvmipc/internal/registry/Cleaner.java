package org.jvmipc.internal.registry;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;
import org.jvmipc.Lifetime;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.ProcessCalls;
import org.jvmipc.internal.registry.CleanUp.Outcome;

/**
 * Removes one stale object, under its lock. Everything is proven again there: what was read before may be of another life.
 *
 * <p>The object goes first, then the record. Killed in between, a cleaner leaves a record without an object, which the next
 * one removes; the other way round it would leave an object that nobody knows to be stale.
 */
final class Cleaner {
    /** The longest tick of a kernel that is in use. */
    private static final long TICK_NANOS = 10_000_000;

    private final Registry registry;
    private final RecordFiles files;
    private final ObjectRemover remover;
    private final boolean dryRun;

    Cleaner(Registry registry, RecordFiles files, ObjectRemover remover, boolean dryRun) {
        this.registry = registry;
        this.files = files;
        this.remover = remover;
        this.dryRun = dryRun;
    }

    static Staleness staleness(RegistryRecord record) throws IpcException {
        try (NamedObject object = NamedFile.find(record.path())) {
            return staleness(record, object, false);
        }
    }

    static Staleness staleness(RegistryRecord record, ObjectRemover remover) throws IpcException {
        if (remover.elsewhere(record) != null) {
            return Staleness.NONE;
        }
        try (NamedObject object = remover.find(record.path())) {
            return staleness(record, object, false);
        }
    }

    private static Staleness staleness(RegistryRecord record, @Nullable NamedObject object, boolean locked) {
        if (!record.isMade()) {
            return locked || !record.owner().isAlive() ? Staleness.HALF_MADE : Staleness.NONE;
        }
        if (object == null || !record.isOf(object.status())) {
            return Mounts.areSharedWith(record.owner()) ? Staleness.OBJECT_GONE : Staleness.NONE;
        }
        return record.lifetime() == Lifetime.OWNED && !record.owner().isAlive() ? Staleness.OWNER_DEAD : Staleness.NONE;
    }

    /** Cleans away one of many: what is wrong with it does not keep the others from being cleaned away. */
    CleanUp.@Nullable Entry cleanListed(RegistryRecord record) {
        try {
            if (staleness(record, remover) == Staleness.NONE) {
                return null;
            }
            if (dryRun) { // touches nothing, so it keeps nobody else from it
                return clean(ObjectKey.of(record));
            }
            try (ObjectLock lock = registry.tryLock(record.scheme(), record.path())) {
                return lock != null
                        ? clean(lock.require(registry))
                        : new CleanUp.Entry(record, Outcome.SKIPPED, "another process is busy with it");
            }
        } catch (IOException e) {
            return new CleanUp.Entry(record, Outcome.SKIPPED, String.valueOf(e.getMessage()));
        }
    }

    /** Removes the object, whose lock is held, if it is stale, or answers null. */
    CleanUp.@Nullable Entry clean(ObjectKey key) throws IOException {
        RecordFiles.Found found = files.read(key.fileName());
        if (found == null) {
            return null; // another cleaner was here
        }
        RegistryRecord record = found.record();
        if (remover.elsewhere(record) != null) {
            return null;
        }
        try (NamedObject object = remover.find(record.path())) {
            return switch (staleness(record, object, !dryRun)) {
                case NONE -> null;
                case OBJECT_GONE -> forget(
                        key, record, object == null ? "the object is gone" : "another file has the object's place");
                case OWNER_DEAD -> removeOrSkip(key, record, object, "its owner, process " + pid(record) + ", is dead");
                case HALF_MADE -> cleanHalfMade(key, found, object);
            };
        }
    }

    /**
     * The creator looked that nothing was there, wrote the record, and then perhaps made the object. What was there before
     * the record all the same is not the creator's: its creation had failed.
     */
    private CleanUp.Entry cleanHalfMade(ObjectKey key, RecordFiles.Found found, @Nullable NamedObject object)
            throws IOException {
        RegistryRecord record = found.record();
        if (object == null) {
            return forget(key, record, "process " + pid(record) + " stopped before it had made it");
        }
        if (!isHalfMade(found, object.status())) {
            return forget(
                    key, record, "process " + pid(record) + " stopped before it had made it; what is there is not its");
        }
        return removeOrSkip(key, record, object, "process " + pid(record) + " stopped while it made it");
    }

    /** Whether the file may be what the creator, who has stopped, had begun. */
    boolean isHalfMade(RecordFiles.Found found, FileStatus object) throws IpcException {
        return !found.record().isMade()
                && notOurs(object) == null
                && isYounger(object, found.file())
                && remover.isBegun(found.record(), object);
    }

    /**
     * Both births are of the kernel's one clock, which some file systems read finely and others once in a tick. Where one is
     * unknown (tmpfs before Linux 5.19) the creator's look has to do, or nobody could create anything there again; a
     * mechanism whose objects have none looks closer ({@link ObjectRemover#isBegun}).
     */
    private static boolean isYounger(FileStatus object, FileStatus record) {
        return record.birthNanos() == 0
                || object.birthNanos() == 0
                || object.birthNanos() >= record.birthNanos() - TICK_NANOS;
    }

    private CleanUp.Entry removeOrSkip(
            ObjectKey key, RegistryRecord record, @Nullable NamedObject object, String reason) throws IOException {
        if (object == null) {
            return forget(key, record, "the object is gone");
        }
        String foreign = notOurs(object.status());
        if (foreign != null) {
            return new CleanUp.Entry(record, Outcome.SKIPPED, foreign);
        }
        try (ObjectRemover.Exclusion exclusion = remover.exclude(record.path(), object.status())) {
            if (exclusion == null) {
                return new CleanUp.Entry(record, Outcome.SKIPPED, "another process is opening it; " + reason);
            }
            List<OpenFiles.Holder> holders = remover.holders(record, object.status());
            if (!holders.isEmpty()) {
                return new CleanUp.Entry(record, Outcome.SKIPPED, "in use by " + pids(holders) + "; " + reason);
            }
            if (!dryRun) {
                object.unlink();
                files.remove(key);
            }
            return new CleanUp.Entry(record, Outcome.REMOVED, reason);
        }
    }

    private CleanUp.Entry forget(ObjectKey key, RegistryRecord record, String reason) throws IpcException {
        if (!dryRun) {
            files.remove(key);
        }
        return new CleanUp.Entry(record, Outcome.FORGOTTEN, reason);
    }

    /** Why a file may not be touched, or null. */
    private @Nullable String notOurs(FileStatus object) throws IpcException {
        if (object.type() != remover.fileType()) {
            return "what is there is a " + object.typeName();
        }
        if (object.uid() != ProcessCalls.effectiveUser()) {
            return "it belongs to user " + object.uid();
        }
        return object.links() == 1 ? null : "it has " + object.links() + " names";
    }

    private static long pid(RegistryRecord record) {
        return record.owner().pid();
    }

    private static String pids(List<OpenFiles.Holder> holders) {
        return holders.stream()
                .map(holder -> Long.toString(holder.pid()))
                .collect(Collectors.joining(", ", holders.size() == 1 ? "process " : "processes ", ""));
    }
}
