package org.jvmipc.mq.internal;

import java.io.File;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.MqCalls;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.registry.NamedObject;

/** A queue by its name, and the names where the kernel shows them as files. */
final class PosixQueueName implements NamedObject {
    /** {@code MQUEUE_MAGIC}. */
    private static final long FILE_SYSTEM = 0x19800202;

    private final String name;
    private final Fd queue;
    private final FileStatus status;

    private PosixQueueName(String name, Fd queue, FileStatus status) {
        this.name = name;
        this.queue = queue;
        this.status = status;
    }

    /** The queue of this name, with its slash; null if there is none. This process does not count as having it open. */
    static @Nullable PosixQueueName find(String name) throws IpcException {
        Fd named;
        try (Fd open = MqCalls.open(name, Fcntl.O_RDONLY)) {
            named = PosixQueues.nameOnly(open);
        } catch (OsException e) {
            if (e.errno() == Errno.ENOENT) {
                return null;
            }
            throw e;
        }
        try {
            return new PosixQueueName(name, named, OsCalls.status(named.number()));
        } catch (IpcException e) {
            named.close();
            throw e;
        }
    }

    @Override
    public FileStatus status() {
        return status;
    }

    void changeMode(int mode) throws IpcException {
        FileCalls.changeMode(queue, mode, PosixQueues.path(name));
    }

    /** The kernel removes by name only; so it is looked before whether it still is this one's. */
    @Override
    public void unlink() throws IpcException {
        try (PosixQueueName now = find(name)) {
            if (now != null && now.is(status)) {
                MqCalls.unlink(name);
            }
        }
    }

    @Override
    public void close() {
        queue.close();
    }

    // ---- where they show

    /** Whether the directory is one of queues. */
    static boolean isMounted(String directory) {
        try (Fd opened = OsCalls.open(directory, Fcntl.O_RDONLY | Fcntl.O_DIRECTORY, 0)) {
            return FileCalls.fileSystemType(opened, directory) == FILE_SYSTEM;
        } catch (IpcException e) {
            return false;
        }
    }

    /** The names of a user's queues, each with its slash. */
    static List<String> ofUser(String directory, int user) {
        String[] names = new File(directory).list();
        return names == null
                ? List.of()
                : Arrays.stream(names)
                        .map(name -> "/" + name)
                        .filter(PosixQueues::isName)
                        .filter(name -> isOf(directory + name, user))
                        .toList();
    }

    private static boolean isOf(String path, int user) {
        try {
            return OsCalls.linkStatus(path).uid() == user;
        } catch (IpcException e) {
            return false; // just removed
        }
    }
}
