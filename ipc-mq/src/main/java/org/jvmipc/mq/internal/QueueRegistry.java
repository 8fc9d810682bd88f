package org.jvmipc.mq.internal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Ipc;
import org.jvmipc.Lifetime;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.registry.ObjectLock;
import org.jvmipc.internal.registry.Registry;
import org.jvmipc.internal.registry.RegistryRecord;
import org.jvmipc.mq.MessageQueueOptions;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.spi.ObjectInfo;
import org.jvmipc.spi.Survey;

/**
 * Which queues there are: those with a bare name by their directory, others by the registry's records, which a restart of the
 * machine takes away. Queues are always kept; nothing of them is ever stale.
 */
public final class QueueRegistry {
    private QueueRegistry() {}

    /** Makes a queue, and records it. */
    public static QueueDirectory create(Address address, MessageQueueOptions options) throws IOException {
        if (address.isName()) {
            QueuePaths.makeHome();
        }
        QueueDirectory directory = QueuePaths.directory(address);
        directory.create(options);
        record(directory, options);
        return directory;
    }

    private static void record(QueueDirectory directory, MessageQueueOptions options) throws IOException {
        String path = directory.path().toString();
        Registry registry = Registry.open();
        try (ObjectLock lock = registry.lock(QueuePaths.SCHEME, path)) {
            RegistryRecord record = RegistryRecord.begin(
                            QueuePaths.SCHEME,
                            QueuePaths.address(directory.path()).toString(),
                            path,
                            options.capacityBytes(),
                            Lifetime.KEPT,
                            QueueSettings.parameters(options))
                    .made(FileCalls.status(path))
                    .ownedBy(ProcessIdentity.self());
            registry.put(lock, record);
        }
    }

    /** Removes a queue with its record; false if there was none. */
    public static boolean remove(Address address) throws IOException {
        QueueDirectory directory = find(address);
        if (directory == null) {
            return false;
        }
        boolean removed = QueueOpening.remove(directory);
        Registry registry = Registry.open();
        try (ObjectLock lock = registry.lock(QueuePaths.SCHEME, directory.path().toString())) {
            if (!directory.exists()) {
                registry.delete(lock);
            }
        }
        return removed;
    }

    /** Whether there is a queue. */
    public static boolean exists(Address address) throws IOException {
        QueueDirectory directory = find(address);
        return directory != null && directory.exists();
    }

    /** Where it lies; null if the directory that it would be in is not there. */
    private static @Nullable QueueDirectory find(Address address) throws IOException {
        try {
            return QueuePaths.directory(address);
        } catch (OsException e) {
            if (e.errno() == Errno.ENOENT) {
                return null;
            }
            throw e;
        }
    }

    /** All that can be named, by address. */
    public static List<Address> list() throws IOException {
        Set<Address> addresses = new TreeSet<>();
        Path home = QueuePaths.home();
        if (Files.isDirectory(home, LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> names = Files.newDirectoryStream(home)) {
                for (Path each : names) {
                    addIfQueue(addresses, each);
                }
            }
        }
        for (RegistryRecord each : Registry.open().list(QueuePaths.SCHEME)) {
            addIfQueue(addresses, Path.of(each.path()));
        }
        return List.copyOf(addresses);
    }

    private static void addIfQueue(Set<Address> addresses, Path path) throws IOException {
        String name = String.valueOf(path.getFileName());
        if (!name.startsWith(".") && new QueueDirectory(path).exists()) {
            addresses.add(QueuePaths.address(path));
        }
    }

    /** The live processes that have the queue open, this one not among them. */
    public static List<Long> users(QueueDirectory directory) throws IOException {
        Address segment = directory.segment();
        return Ipc.scheme(segment).users(segment);
    }

    /** All that can be named, and how things stand with each. */
    public static Survey survey() throws IOException {
        List<ObjectInfo> objects = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Address each : list()) {
            try {
                objects.add(info(each));
            } catch (IOException e) {
                problems.add(each + ": " + e.getMessage());
            }
        }
        return new Survey(objects, problems);
    }

    private static ObjectInfo info(Address address) throws IOException {
        QueueDirectory directory = QueuePaths.directory(address);
        List<Long> users = users(directory);
        RegistryRecord record = recordOf(directory);
        return new ObjectInfo(
                address,
                users.isEmpty() ? ObjectInfo.State.IDLE : ObjectInfo.State.IN_USE,
                Lifetime.KEPT,
                record == null ? null : record.owner(),
                record == null || record.owner().isAlive(),
                Files.getLastModifiedTime(directory.path().resolve(QueueSettings.FILE))
                        .toInstant(),
                QueueSettings.read(directory.path()).capacityBytes(),
                users);
    }

    private static @Nullable RegistryRecord recordOf(QueueDirectory directory) throws IOException {
        String path = directory.path().toString();
        RegistryRecord record = Registry.open().find(QueuePaths.SCHEME, path);
        return record != null && record.isOf(FileCalls.status(path)) ? record : null;
    }
}
