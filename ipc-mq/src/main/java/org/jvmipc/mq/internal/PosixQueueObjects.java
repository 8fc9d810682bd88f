package org.jvmipc.mq.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.IpcException;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.MqCalls;
import org.jvmipc.internal.posix.ProcessCalls;
import org.jvmipc.internal.registry.NamedObject;
import org.jvmipc.internal.registry.ObjectParameters;
import org.jvmipc.internal.registry.ObjectRemover;
import org.jvmipc.internal.registry.RegistryRecord;
import org.jvmipc.internal.registry.RegistrySurvey;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.spi.ObjectInfo;
import org.jvmipc.spi.Survey;

/** All queues that can be known of: those with a record of ours, and those whose names show as files. */
public final class PosixQueueObjects {
    /** Finds one by its name, and asks for those who have it open. */
    public static final ObjectRemover REMOVER = new Remover();

    /** What is known of those that were made here. */
    public static final RegistrySurvey RECORDED =
            new RegistrySurvey(PosixQueues.SCHEME, REMOVER, PosixQueueNames::ofRecord);

    private PosixQueueObjects() {}

    private static final class Remover implements ObjectRemover {
        @Override
        public int fileType() {
            return FileStatus.REGULAR;
        }

        @Override
        public @Nullable NamedObject find(String path) throws IpcException {
            String name;
            try {
                name = PosixQueueNames.nameInRecord(path);
            } catch (IllegalArgumentException e) {
                throw new IpcException(String.valueOf(e.getMessage()), e);
            }
            return PosixQueueNames.namespaceInRecord(path) == PosixQueueNames.namespace()
                    ? PosixQueueName.find(name)
                    : null;
        }

        /** Nothing of a machine outlives its restart. */
        @Override
        public @Nullable String elsewhere(RegistryRecord record) {
            long namespace = PosixQueueNames.namespaceInRecord(record.path());
            return namespace == PosixQueueNames.namespace()
                            || !record.owner()
                                    .bootId()
                                    .equals(ProcessIdentity.self().bootId())
                    ? null
                    : "it is of another IPC namespace, ipc:[" + namespace + "], where alone it can be looked at";
        }

        /** The kernel does not say when a queue came to be, so it has to be as its maker would have left it. */
        @Override
        public boolean isBegun(RegistryRecord record, FileStatus object) throws IpcException {
            if (!record.owner().bootId().equals(ProcessIdentity.self().bootId())) {
                return false;
            }
            try (PosixQueueName queue = PosixQueueName.find(PosixQueueNames.nameInRecord(record.path()))) {
                return queue != null && queue.is(object) && isAsBegun(record.settings(), object, queue.attributes());
            }
        }

        private static boolean isAsBegun(
                Map<String, String> settings, FileStatus object, MqCalls.Attributes attributes) {
            return Integer.toString(attributes.depth()).equals(settings.get(PosixQueues.DEPTH))
                    && Integer.toString(attributes.maxMessageBytes()).equals(settings.get(PosixQueues.MAX_MESSAGE))
                    && attributes.messages() == 0
                    && ((object.permissions() & ~PosixQueues.OWNER_ONLY) == 0 // the umask may have taken of it
                            || ObjectParameters.octal(object.permissions())
                                    .equals(settings.get(ObjectParameters.MODE)));
        }
    }

    // ---- all of them

    /** Whether the names of queues show as files. */
    public static boolean isMounted() throws IOException {
        return PosixQueueDirectory.isMounted(PosixQueueNames.DIRECTORY);
    }

    /** Those of this user: that were made here, and where their names show as files, by other programs too. */
    public static List<Address> list() throws IOException {
        TreeSet<Address> all = new TreeSet<>(RECORDED.list());
        if (isMounted()) {
            for (String name : shown()) {
                all.add(PosixQueueNames.address(name));
            }
        }
        return List.copyOf(all);
    }

    /** The names that show and are of this namespace: a mount shows those of the namespace in which it was made, wherever it is seen. */
    private static List<String> shown() throws IOException {
        List<String> here = new ArrayList<>();
        for (String name : PosixQueueDirectory.ofUser(PosixQueueNames.DIRECTORY, ProcessCalls.effectiveUser())) {
            if (isHere(name)) {
                here.add(name);
            }
        }
        return here;
    }

    private static boolean isHere(String name) throws IOException {
        FileStatus file = PosixQueueDirectory.status(PosixQueueNames.DIRECTORY + name);
        try (PosixQueueName queue = PosixQueueName.find(name)) {
            return file != null && queue != null && queue.is(file);
        } catch (OsException e) {
            if (e.errno() == Errno.EACCES) {
                return true; // there is one of the name, of which nobody may ask more
            }
            throw e;
        }
    }

    /** The same, and how things stand with each. */
    public static Survey survey() throws IOException {
        Survey recorded = RECORDED.survey();
        if (!isMounted()) {
            return recorded.withNote("posixmq: queues that other programs have made are not seen, as "
                    + PosixQueueNames.DIRECTORY + " is not mounted; mount -t mqueue none " + PosixQueueNames.DIRECTORY);
        }
        Set<Address> known = new HashSet<>();
        recorded.objects().stream()
                .filter(object -> object.state() != ObjectInfo.State.GONE) // its name may be another program's now
                .forEach(object -> known.add(object.address()));
        List<String> others = shown().stream()
                .filter(name -> !known.contains(PosixQueueNames.address(name)))
                .toList();
        List<ObjectInfo> all = new ArrayList<>(recorded.objects());
        all.removeIf(object -> others.contains(object.address().location()));
        all.addAll(PosixQueueDirectory.look(PosixQueueNames.DIRECTORY, others));
        all.sort(Comparator.comparing(ObjectInfo::address));
        return new Survey(all, recorded.problems(), recorded.notes());
    }
}
