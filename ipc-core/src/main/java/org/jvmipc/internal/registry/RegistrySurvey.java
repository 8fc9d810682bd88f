package org.jvmipc.internal.registry;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.IpcException;
import org.jvmipc.Lifetime;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;
import org.jvmipc.internal.Quoted;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.spi.ObjectInfo;
import org.jvmipc.spi.ObjectInfo.State;
import org.jvmipc.spi.Removal;
import org.jvmipc.spi.Survey;

/**
 * What a {@link org.jvmipc.spi.Scheme} whose objects are files with records tells of them: a line for each of its methods.
 *
 * <pre>{@code
 * static final RegistrySurvey OBJECTS = new RegistrySurvey("segment", REMOVER, SegmentPaths::address);
 *
 * public Survey survey() throws IOException {
 *     return OBJECTS.survey();
 * }
 * }</pre>
 *
 * <p>Records may be of anybody's making: one that cannot be read, or tells of what no address names, is a problem that is
 * told, and keeps none of the others from being told of.
 *
 * <p><b>Thread safety.</b> Stateless.
 */
public final class RegistrySurvey {
    private final String scheme;
    private final ObjectRemover remover;
    private final Naming naming;

    /** How a scheme names its objects. */
    public interface Naming {
        /**
         * The canonical address of the object at the path.
         *
         * @throws IllegalArgumentException if no address of the scheme names it
         */
        Address address(String path) throws IOException;
    }

    /** The objects of one scheme. */
    public RegistrySurvey(String scheme, ObjectRemover remover, Naming naming) {
        this.scheme = scheme;
        this.remover = remover;
        this.naming = naming;
    }

    // ---- one object

    /**
     * The record of the object at the path: of the very file that is there, or of one that a creator left unfinished.
     *
     * @return null if there is no object, or the record is of another file, or there is none
     * @throws org.jvmipc.CorruptDataException if it is damaged
     */
    public @Nullable RegistryRecord record(String path) throws IOException {
        RegistryRecord record = Registry.open().find(scheme, path);
        if (record == null) {
            return null;
        }
        FileStatus object = object(path);
        return object != null && (record.isOf(object) || !record.isMade()) ? record : null;
    }

    /** {@link org.jvmipc.spi.Scheme#settings} where the record has them as they stand in an address. */
    public Map<String, String> settings(String path) throws IOException {
        RegistryRecord record = record(path);
        return record == null || !record.isMade() ? Map.of() : record.settings();
    }

    /** {@link org.jvmipc.spi.Scheme#users} of the object at the path. */
    public List<Long> users(String path) throws IOException {
        FileStatus object = object(path);
        if (object == null) {
            return List.of();
        }
        RegistryRecord found = Registry.open().find(scheme, path);
        RegistryRecord record = found != null && found.isOf(object) ? found : null;
        List<OpenFiles.Holder> holders = record == null
                ? OpenFiles.holders(object.device(), object.inode(), true)
                : remover.holders(record, object);
        TreeSet<Long> users = new TreeSet<>();
        holders.forEach(holder -> users.add(holder.pid()));
        users.remove(ProcessHandle.current().pid());
        if (record != null
                && record.lifetime() == Lifetime.OWNED
                && record.owner().isAlive()) {
            users.add(record.owner().pid());
        }
        return List.copyOf(users);
    }

    /** The file at the path if it is of the type that this scheme's objects are. */
    private @Nullable FileStatus object(String path) throws IpcException {
        try (NamedObject object = remover.find(path)) {
            return object != null && object.status().type() == remover.fileType() ? object.status() : null;
        }
    }

    // ---- all objects

    /** {@link org.jvmipc.spi.Scheme#list}. */
    public List<Address> list() throws IOException {
        List<Address> addresses = new ArrayList<>();
        Registry registry = Registry.open();
        for (RegistryRecord record : registry.list(scheme)) {
            Address address = record.isMade() && isThere(registry, record) ? addressOrNull(record) : null;
            if (address != null) {
                addresses.add(address);
            }
        }
        return addresses;
    }

    /** False of one that cannot be looked at, too: {@link #survey} tells why. */
    private boolean isThere(Registry registry, RegistryRecord record) throws IOException {
        try {
            return remover.elsewhere(record) == null && registry.staleness(record, remover) != Staleness.OBJECT_GONE;
        } catch (LimitException e) {
            throw e; // of this process: all may be in order
        } catch (IpcException e) {
            return false;
        }
    }

    /** {@link org.jvmipc.spi.Scheme#removeStale}; what has no address is removed without a word. */
    public List<Removal> removeStale(boolean dryRun) throws IOException {
        List<Removal> removals = new ArrayList<>();
        for (CleanUp.Entry entry :
                Registry.open().removeStale(scheme, remover, dryRun).entries()) {
            Address address = addressOrNull(entry.record());
            if (address != null) {
                removals.add(new Removal(address, outcome(entry.outcome()), entry.reason()));
            }
        }
        return removals;
    }

    /**
     * Removes those that are left over among those whose address, as it is recorded, this is true of; the others are not even
     * looked at.
     */
    public void removeStale(Predicate<String> which) throws IOException {
        Registry.open().removeStale(scheme, remover, false, record -> which.test(record.address()));
    }

    private static Removal.Outcome outcome(CleanUp.Outcome outcome) {
        return switch (outcome) {
            case REMOVED -> Removal.Outcome.REMOVED;
            case FORGOTTEN -> Removal.Outcome.FORGOTTEN;
            case SKIPPED -> Removal.Outcome.SKIPPED;
        };
    }

    private @Nullable Address addressOrNull(RegistryRecord record) throws IOException {
        try {
            return naming.address(record.path());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** {@link org.jvmipc.spi.Scheme#survey}. */
    public Survey survey() throws IOException {
        Registry registry = Registry.open();
        List<String> problems = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        List<Seen> seen = new ArrayList<>();
        for (RecordFiles.Found found : registry.found(scheme, problems)) {
            try {
                Seen one = look(registry, found);
                if (one != null) {
                    seen.add(one);
                }
            } catch (ElsewhereException e) {
                notes.add(String.valueOf(e.getMessage())); // nothing is wrong with it
            } catch (LimitException e) {
                throw e; // of this process: all may be in order
            } catch (IpcException e) {
                problems.add(scheme + ":" + Quoted.of(found.record().path()) + " cannot be looked at"
                        + (e instanceof OsException os ? ": " + os.errnoName() : ""));
            } catch (IllegalArgumentException e) {
                problems.add(scheme + ":" + Quoted.of(found.record().path()) + " is recorded; no address names it");
            }
        }
        Map<RegistryRecord, FileStatus> usable = new HashMap<>();
        for (Seen one : seen) {
            if (one.usable != null) {
                usable.put(one.record, one.usable);
            }
        }
        Map<RegistryRecord, List<OpenFiles.Holder>> holders = remover.holders(usable);
        return new Survey(
                seen.stream()
                        .map(one -> info(one, holders.getOrDefault(one.record, List.of())))
                        .sorted(Comparator.comparing(ObjectInfo::address))
                        .toList(),
                problems,
                notes);
    }

    /**
     * An object, before it is asked who uses it.
     *
     * @param unused how things stand with it if nobody does
     * @param usable what may be used; null if there is nothing
     */
    private record Seen(RegistryRecord record, Address address, State unused, @Nullable FileStatus usable) {}

    /** An object that only processes elsewhere can look at. */
    private static final class ElsewhereException extends IpcException {
        private static final long serialVersionUID = 1L;

        private ElsewhereException(String message) {
            super(message);
        }
    }

    /** Looks at one object; null if it is being made now. */
    private @Nullable Seen look(Registry registry, RecordFiles.Found found) throws IOException {
        RegistryRecord record = found.record();
        Address address = naming.address(record.path());
        String elsewhere = remover.elsewhere(record);
        if (elsewhere != null) {
            throw new ElsewhereException(address + ": " + elsewhere);
        }
        FileStatus object = object(record.path());
        if (!record.isMade()) {
            boolean begun = object != null && registry.isHalfMade(found, remover, object);
            return record.owner().isAlive() ? null : new Seen(record, address, State.UNFINISHED, begun ? object : null);
        }
        if (object != null && record.isOf(object)) {
            boolean stale =
                    record.lifetime() == Lifetime.OWNED && !record.owner().isAlive();
            return new Seen(record, address, stale ? State.STALE : State.IDLE, object);
        }
        if (!Mounts.areSharedWith(record.owner())) {
            throw new IpcException(address + ": made by a process that has other files before it");
        }
        return new Seen(record, address, State.GONE, null);
    }

    private static ObjectInfo info(Seen seen, List<OpenFiles.Holder> holders) {
        RegistryRecord record = seen.record;
        return new ObjectInfo(
                seen.address,
                holders.isEmpty() ? seen.unused : State.IN_USE,
                record.lifetime(),
                record.owner(),
                record.owner().isAlive(),
                record.created(),
                record.sizeBytes(),
                holders.stream().map(OpenFiles.Holder::pid).sorted().toList());
    }
}
