package org.jvmipc.internal.registry;

import org.jvmipc.IpcException;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.LockCalls;

/**
 * Mutual exclusion on one object, between processes and threads: held while it is created, removed or cleaned away. The
 * kernel gives it back when its holder dies.
 *
 * <p><b>Never wait for one while holding another</b>: two that do so in opposite order wait for each other until their time
 * is up. {@link Registry#tryLock} may be used.
 *
 * <p><b>Thread safety.</b> Of the thread that got it; a second lock on the same object excludes the first, in the same thread
 * too.
 */
public final class ObjectLock implements AutoCloseable {
    private final Registry registry;
    private final ObjectKey key;
    private final Fd fd;

    ObjectLock(Registry registry, ObjectKey key, Fd fd) {
        this.registry = registry;
        this.key = key;
        this.fd = fd;
    }

    /** The object, if the lock is still held and is one of that registry. */
    ObjectKey require(Registry asked) {
        if (asked != registry || !fd.isOpen()) {
            throw new IllegalStateException(
                    fd.isOpen()
                            ? "the lock on " + key + " is of another registry"
                            : "the lock on " + key + " was closed");
        }
        return key;
    }

    /** The absolute path of the object. */
    public String path() {
        return key.path();
    }

    /** Gives it back; the second time it does nothing. */
    @Override
    public void close() {
        if (!fd.isOpen()) {
            return;
        }
        try (fd) {
            // By closing alone it would stay locked as long as a process being started at this moment has the
            // descriptor.
            LockCalls.unlock(fd, key.lockByte(), 1);
        } catch (IpcException e) {
            // Then closing alone it is. What was done under the lock is done: an error would say that it is not.
        }
    }

    @Override
    public String toString() {
        return "lock on " + key;
    }
}
