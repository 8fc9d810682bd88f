package org.jvmipc.mq.internal;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;
import org.jvmipc.Lifetime;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.MqCalls;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.ProcessCalls;
import org.jvmipc.internal.registry.ObjectFile;
import org.jvmipc.internal.registry.ObjectLock;
import org.jvmipc.internal.registry.ObjectParameters;
import org.jvmipc.internal.registry.Registry;
import org.jvmipc.internal.registry.RegistryRecord;
import org.jvmipc.process.ProcessIdentity;

/**
 * The kernel's message queues, and the records of those that were made here. A queue is recorded by the path of {@link
 * PosixQueueNames}, and found by its name, which needs no mount.
 */
public final class PosixQueues {
    /** Their scheme. */
    public static final String SCHEME = "posixmq";

    /** How many messages one holds; only to create. */
    public static final String DEPTH = "depth";

    /** Its largest message; only to create. */
    public static final String MAX_MESSAGE = "max-message";

    /** Its mode unless another is asked for. */
    public static final int OWNER_ONLY = 0600;

    private static final String OPEN = "mq_open";
    private static final int OCTAL = 8;

    private PosixQueues() {}

    // ---- create, open, remove

    /**
     * How one is made.
     *
     * @param depth how many messages it holds
     * @param maxMessageBytes its largest message
     * @param mode its permissions, whatever the umask is
     * @param lifetime whether it is stale once its owner is dead
     * @param owner whose it is
     */
    public record Plan(int depth, int maxMessageBytes, int mode, Lifetime lifetime, ProcessIdentity owner) {
        private Map<String, String> settings() {
            return Map.of(
                    ObjectParameters.MODE,
                    ObjectParameters.octal(mode),
                    DEPTH,
                    Integer.toString(depth),
                    MAX_MESSAGE,
                    Integer.toString(maxMessageBytes));
        }
    }

    /** Makes one that must not exist. */
    public static void create(String name, Plan plan) throws IOException {
        Registry registry = Registry.open();
        try (ObjectLock lock = registry.lock(SCHEME, PosixQueueNames.recordPath(name))) {
            RegistryRecord before = registry.find(SCHEME, PosixQueueNames.recordPath(name));
            if (before != null && !before.isMade()) {
                registry.removeIfStale(lock, PosixQueueObjects.REMOVER); // a creator was killed here
            }
            if (exists(name)) {
                throw new OsException(OPEN, Errno.EEXIST, "name=" + name);
            }
            long bytes = (long) plan.depth() * plan.maxMessageBytes();
            RegistryRecord begun = RegistryRecord.begin(
                    SCHEME,
                    PosixQueueNames.address(name).toString(),
                    PosixQueueNames.recordPath(name),
                    bytes,
                    plan.lifetime(),
                    plan.settings());
            registry.put(lock, begun);
            make(registry, lock, begun, name, plan);
        }
    }

    private static void make(Registry registry, ObjectLock lock, RegistryRecord begun, String name, Plan plan)
            throws IOException {
        boolean made = false;
        try (Fd queue = MqCalls.create(name, OWNER_ONLY, plan.depth(), plan.maxMessageBytes())) {
            made = true;
            OsCalls.changeMode(queue.number(), plan.mode());
            registry.put(lock, begun.made(OsCalls.status(queue.number())).ownedBy(plan.owner()));
        } catch (IOException | RuntimeException | Error e) {
            undo(registry, lock, made ? name : null, e);
            throw e;
        }
    }

    private static void undo(Registry registry, ObjectLock lock, @Nullable String made, Throwable cause) {
        try {
            if (made != null) {
                MqCalls.unlink(made);
            }
            registry.delete(lock);
        } catch (IOException | RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    /** Whether there is one, of whomever. */
    public static boolean exists(String name) throws IOException {
        try {
            MqCalls.open(name, Fcntl.O_RDONLY).close();
            return true;
        } catch (OsException e) {
            if (e.errno() == Errno.EACCES) {
                return true; // which is not ours to read
            }
            if (e.errno() == Errno.ENOENT) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Opens one.
     *
     * @param owner the user id that it must have, {@link ObjectFile#SELF} for one's own
     * @param flags {@link Fcntl#O_RDONLY} or {@link Fcntl#O_WRONLY}
     */
    public static Fd open(String name, int owner, int flags) throws IOException {
        return open(name, owner, queue -> MqCalls.open(queue, flags));
    }

    /** Opens one for what it says of itself, for which it is enough that this user may send to it or receive from it. */
    public static Fd openForAttributes(String name, int owner) throws IOException {
        return open(name, owner, MqCalls::openForAttributes);
    }

    /** For what a queue is opened. */
    private interface Opening {
        Fd open(String name) throws IpcException;
    }

    private static Fd open(String name, int owner, Opening opening) throws IOException {
        Registry registry = Registry.open();
        RegistryRecord record = registry.find(SCHEME, PosixQueueNames.recordPath(name));
        if (record == null || (record.isMade() && record.lifetime() == Lifetime.KEPT)) {
            return openChecked(name, owner, opening);
        }
        // A cleaner asks who has it open, and removes its name: under the lock this comes before or after that.
        try (ObjectLock lock = registry.lock(SCHEME, PosixQueueNames.recordPath(name))) {
            finish(registry, lock, name);
            return openChecked(name, owner, opening);
        }
    }

    /** Its creator was killed while it made it: does what is left to do. What is not its is left as it is. */
    private static void finish(Registry registry, ObjectLock lock, String name) throws IOException {
        RegistryRecord record = registry.find(SCHEME, lock.path());
        if (record == null || record.isMade()) {
            return;
        }
        try (PosixQueueName queue = PosixQueueName.find(name)) {
            String mode = record.settings().getOrDefault(ObjectParameters.MODE, "");
            if (queue == null
                    || !mode.matches("[0-7]{1,4}")
                    || !registry.isHalfMade(lock, PosixQueueObjects.REMOVER, queue.status())) {
                registry.delete(lock);
                return;
            }
            queue.changeMode(Integer.parseInt(mode, OCTAL));
            registry.put(lock, record.made(queue.status()));
        }
    }

    private static Fd openChecked(String name, int owner, Opening opening) throws IOException {
        Fd queue = opening.open(name);
        boolean done = false;
        try {
            int uid = OsCalls.status(queue.number()).uid();
            int wanted = owner == ObjectFile.SELF ? ProcessCalls.effectiveUser() : owner;
            if (uid != wanted) {
                throw new IpcException(PosixQueueNames.address(name) + ": refused, it belongs to user " + uid
                        + " and not to " + wanted + "; name that owner if it is meant to be his");
            }
            done = true;
            return queue;
        } finally {
            if (!done) {
                queue.close();
            }
        }
    }

    /** Removes the name and the record; false if there was no name. */
    public static boolean remove(String name) throws IOException {
        Registry registry = Registry.open();
        try (ObjectLock lock = registry.lock(SCHEME, PosixQueueNames.recordPath(name))) {
            boolean removed = MqCalls.unlink(name);
            registry.delete(lock);
            return removed;
        }
    }

    /** What can be said of the file of one that is open, in {@code inspect}. */
    public static FileStatus status(Fd queue) throws IOException {
        return OsCalls.status(queue.number());
    }
}
