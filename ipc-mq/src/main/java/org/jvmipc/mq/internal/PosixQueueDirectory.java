package org.jvmipc.mq.internal;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;
import org.jvmipc.Lifetime;
import org.jvmipc.LimitException;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.MqCalls;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.registry.OpenFiles;
import org.jvmipc.spi.ObjectInfo;

/** The directory in which the kernel shows queues as files, where it is mounted. */
final class PosixQueueDirectory {
    /** {@code MQUEUE_MAGIC}. */
    private static final long FILE_SYSTEM = 0x19800202;

    private PosixQueueDirectory() {}

    /** Whether the directory is one of queues. */
    static boolean isMounted(String directory) throws LimitException {
        try (Fd opened = OsCalls.open(directory, Fcntl.O_RDONLY | Fcntl.O_DIRECTORY, 0)) {
            return FileCalls.fileSystemType(opened, directory) == FILE_SYSTEM;
        } catch (LimitException e) {
            throw e; // of this process: it may be mounted
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
                        .filter(PosixQueueNames::isName)
                        .filter(name -> isOf(directory + name, user))
                        .toList();
    }

    private static boolean isOf(String path, int user) {
        FileStatus status = status(path);
        return status != null && status.uid() == user;
    }

    /** Of the file; null if there is none any more. */
    static @Nullable FileStatus status(String path) {
        try {
            return OsCalls.linkStatus(path);
        } catch (IpcException e) {
            return null; // just removed
        }
    }

    /** How things stand with queues of which there is no record: their maker, and when it made them, is not known. */
    static List<ObjectInfo> look(String directory, List<String> names) throws IOException {
        Map<String, OpenFiles.FileId> files = new HashMap<>();
        for (String name : names) {
            FileStatus status = status(directory + name);
            if (status != null) {
                files.put(name, OpenFiles.FileId.of(status));
            }
        }
        Map<OpenFiles.FileId, List<OpenFiles.Holder>> holders =
                files.isEmpty() ? Map.of() : OpenFiles.holders(new HashSet<>(files.values()), true);
        List<ObjectInfo> found = new ArrayList<>();
        for (Map.Entry<String, OpenFiles.FileId> each : files.entrySet()) {
            String name = each.getKey();
            List<Long> users = holders.getOrDefault(each.getValue(), List.of()).stream()
                    .map(OpenFiles.Holder::pid)
                    .sorted()
                    .toList();
            found.add(new ObjectInfo(
                    PosixQueueNames.address(name),
                    users.isEmpty() ? ObjectInfo.State.IDLE : ObjectInfo.State.IN_USE,
                    Lifetime.KEPT,
                    null,
                    true,
                    null,
                    sizeBytes(name),
                    users));
        }
        return found;
    }

    /** 0 of one that is not to be asked. */
    private static long sizeBytes(String name) throws LimitException {
        try (Fd queue = MqCalls.openForAttributes(name)) {
            MqCalls.Attributes attributes = MqCalls.attributes(queue, name);
            return (long) attributes.depth() * attributes.maxMessageBytes();
        } catch (LimitException e) {
            throw e; // of this process
        } catch (IOException e) {
            return 0;
        }
    }
}
