package org.jvmipc.shm.internal;

import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.registry.ObjectFacts;
import org.jvmipc.internal.registry.ObjectParameters;
import org.jvmipc.internal.registry.ObjectPaths;
import org.jvmipc.internal.registry.RegistryRecord;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.shm.SegmentParticipant;
import org.jvmipc.spi.Removal;
import org.jvmipc.spi.Scheme;
import org.jvmipc.spi.Survey;

/**
 * A scheme whose objects are segments, or lie in segments: all but how they are made, and what is to be said of them.
 *
 * <p><b>Thread safety.</b> Stateless.
 */
public abstract class ObjectScheme implements Scheme {
    private final String name;
    private final SegmentFiles files;

    /** Of this name, with these files. */
    protected ObjectScheme(String name, SegmentFiles files) {
        this.name = name;
        this.files = files;
    }

    /** A segment that is only looked at: nothing in it is changed, and this process does not join. */
    protected record Seen(SegmentMemory memory, List<Directory.Entry> objects, List<SegmentParticipant> participants) {
        /** The object in it, which is to be of this type. */
        public Directory.Entry entry(String object, ObjectType type, String what) {
            Directory.Entry entry = Directory.find(memory, object);
            if (entry == null || entry.type() != type) {
                throw memory.damaged("there is no " + what + " '" + object + "' in it");
            }
            return entry;
        }

        /** How many threads wait for the object. */
        public int waiting(String object) {
            return participants.stream()
                    .mapToInt(each -> each.waiting().getOrDefault(object, 0))
                    .sum();
        }

        /** The process of a slot as it is shown, 0 if it shows none. */
        public Object process(int slot) {
            return participants.stream()
                    .filter(each -> each.slot() == slot)
                    .findFirst()
                    .map(each -> shown(each.process()))
                    .orElse(0L);
        }
    }

    /** A pid, if it is one here: that of another pid namespace says so, or it would be taken for another process's. */
    private static Object shown(ProcessIdentity process) {
        long namespace = process.pidNamespace();
        boolean here = namespace == 0 || namespace == ProcessIdentity.self().pidNamespace();
        return here ? (Object) process.pid() : process.pid() + " of pid namespace " + namespace;
    }

    /** What there is to say of the object itself. */
    protected abstract void describe(Seen segment, String object, Map<String, Object> facts) throws IOException;

    @Override
    public final String name() {
        return name;
    }

    @Override
    public Set<Capability> capabilities() {
        return Segments.CAPABILITIES;
    }

    /** The files of its objects, or of the segments in which they lie. */
    private SegmentFiles files(Address address) {
        return SegmentAddress.object(address) == null ? files : SegmentObjects.SEGMENTS;
    }

    @Override
    public boolean exists(Address address) throws IOException {
        String object = SegmentAddress.object(address);
        if (object == null) {
            return files.exists(address);
        }
        return SegmentObjects.SEGMENTS.exists(address)
                && Directory.find(look(address, SegmentObjects.SEGMENTS).memory, object) != null;
    }

    /** Looks at the segment in which the object of the address is, or should be. */
    protected final Seen look(Address address) throws IOException {
        Seen seen = look(address, files(address));
        requireObject(seen, address);
        return seen;
    }

    /** The name of the address's object in its segment. */
    protected final String objectName(Address address) {
        String object = SegmentAddress.object(address);
        return object == null ? name : object;
    }

    private void requireObject(Seen seen, Address address) throws IOException {
        String object = SegmentAddress.object(address);
        if (object != null && Directory.find(seen.memory, object) == null) {
            SegmentFiles kind = files(address);
            throw new OsException("open", Errno.ENOENT, "object=" + object + " in " + kind.address(kind.path(address)));
        }
    }

    private static Seen look(Address address, SegmentFiles files) throws IOException {
        String path = files.path(address);
        String name = files.address(path).toString();
        try (Fd file = files.files().open(path, ObjectParameters.owner(address), Fcntl.O_RDONLY | Fcntl.O_NONBLOCK)) {
            return look(file, name);
        }
    }

    private static Seen look(Fd file, String name) throws IOException {
        SegmentMemory memory = Memberships.look(file, name);
        try {
            List<Directory.Entry> objects = Directory.entries(memory);
            List<Participant> participants = Participant.all(memory, file, -1);
            LateErrors.come();
            return new Seen(memory, objects, Segments.named(participants, objects));
        } catch (InternalError e) {
            throw memory.cutOff(e);
        }
    }

    @Override
    public final Map<String, Object> inspect(Address address) throws IOException {
        SegmentFiles kind = files(address);
        String path = kind.path(address);
        Map<String, Object> facts = new LinkedHashMap<>();
        try (Fd file = kind.files().open(path, ObjectParameters.owner(address), Fcntl.O_RDONLY | Fcntl.O_NONBLOCK)) {
            FileStatus status = OsCalls.status(file.number());
            ObjectFacts.putFile(facts, path, status);
            Seen seen = look(file, kind.address(path).toString());
            requireObject(seen, address);
            try {
                describe(seen, objectName(address), facts);
                LateErrors.come();
            } catch (InternalError e) {
                throw seen.memory.cutOff(e);
            }
            addParticipants(facts, seen);
            addRecord(facts, kind, path, status);
        }
        return facts;
    }

    private static void addParticipants(Map<String, Object> facts, Seen seen) {
        facts.put(
                "attached",
                seen.participants.stream()
                        .filter(SegmentParticipant::alive)
                        .map(each -> shown(each.process()))
                        .toList());
        List<Object> dead = seen.participants.stream()
                .filter(each -> !each.alive())
                .map(each -> shown(each.process()))
                .toList();
        if (!dead.isEmpty()) {
            facts.put("dead, not repaired yet", dead);
        }
        facts.put("participants", seen.memory.slots());
    }

    private static void addRecord(Map<String, Object> facts, SegmentFiles kind, String path, FileStatus status)
            throws IOException {
        RegistryRecord record = kind.files().survey().record(path);
        if (record != null && record.isOf(status)) {
            ObjectFacts.putRecord(facts, record);
        }
    }

    /** A point in time as it is shown. */
    static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    @Override
    public final List<Address> list() throws IOException {
        return files.files().survey().list();
    }

    @Override
    public final Map<String, String> settings(Address address) throws IOException {
        SegmentFiles kind = files(address);
        String path = ObjectPaths.canonicalOrNull(kind.files().paths().of(address));
        return path == null ? Map.of() : kind.files().survey().settings(path);
    }

    @Override
    public final List<Long> users(Address address) throws IOException {
        SegmentFiles kind = files(address);
        String path = ObjectPaths.canonicalOrNull(kind.files().paths().of(address));
        return path == null ? List.of() : kind.files().survey().users(path);
    }

    @Override
    public final Survey survey() throws IOException {
        return files.files().survey().survey();
    }

    @Override
    public final List<Removal> removeStale(boolean dryRun) throws IOException {
        return files.files().survey().removeStale(dryRun);
    }
}
