package org.jvmipc.internal.registry;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.jvmipc.internal.posix.FileStatus;

/** What {@code inspect} says of every object that is a file, in the same words. */
public final class ObjectFacts {
    private ObjectFacts() {}

    /** Which file it is. */
    public static void putFile(Map<String, Object> facts, String path, FileStatus status) {
        facts.put("path", path);
        facts.put("mode", ObjectParameters.octal(status.permissions()));
        facts.put("uid", status.uid());
    }

    /** What was recorded when it was made. */
    public static void putRecord(Map<String, Object> facts, RegistryRecord record) throws IOException {
        putRecord(facts, record, Registry.open().isStale(record));
    }

    /** The same of an object that is found by its mechanism. */
    public static void putRecord(Map<String, Object> facts, RegistryRecord record, ObjectRemover remover)
            throws IOException {
        putRecord(facts, record, Registry.open().isStale(record, remover));
    }

    private static void putRecord(Map<String, Object> facts, RegistryRecord record, boolean stale) {
        facts.put("lifetime", record.lifetime().name().toLowerCase(Locale.ROOT));
        facts.put("created", record.created().toString());
        facts.put("owner", record.owner().pid());
        facts.put("owner alive", record.owner().isAlive());
        facts.put("stale", stale);
    }
}
