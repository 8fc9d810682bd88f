package org.jvmipc.mq.internal;

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

/** A queue by its name. This process does not count as having it open. */
final class PosixQueueName implements NamedObject {
    private final String name;
    private final Fd queue;
    private final FileStatus status;
    private final MqCalls.Attributes attributes;

    private PosixQueueName(String name, Fd queue, FileStatus status, MqCalls.Attributes attributes) {
        this.name = name;
        this.queue = queue;
        this.status = status;
        this.attributes = attributes;
    }

    /** The queue of this name, with its slash; null if there is none. */
    static @Nullable PosixQueueName find(String name) throws IpcException {
        Fd named;
        MqCalls.Attributes attributes;
        try (Fd open = MqCalls.openForAttributes(name)) {
            attributes = MqCalls.attributes(open.number(), name);
            named = nameOnly(open);
        } catch (OsException e) {
            if (e.errno() == Errno.ENOENT) {
                return null;
            }
            throw e;
        }
        try {
            return new PosixQueueName(name, named, OsCalls.status(named.number()), attributes);
        } catch (IpcException e) {
            named.close();
            throw e;
        }
    }

    /** The same as {@link FileCalls#name} for a queue that is open. */
    private static Fd nameOnly(Fd queue) throws IpcException {
        return OsCalls.open("/proc/self/fd/" + queue.number(), Fcntl.O_PATH, 0);
    }

    @Override
    public FileStatus status() {
        return status;
    }

    /** What it said of itself when it was found. */
    MqCalls.Attributes attributes() {
        return attributes;
    }

    void changeMode(int mode) throws IpcException {
        FileCalls.changeMode(queue, mode, PosixQueueNames.path(name));
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
}
