package org.jvmipc.cli.manage;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jvmipc.IpcException;
import org.jvmipc.internal.posix.ProcessCalls;

/**
 * The file that tells a HotSpot JVM, when it gets SIGQUIT, that it is to listen rather than to print a thread dump: it has to be the
 * user's own, or the JVM takes no notice of it. Who has made it deletes it.
 *
 * <p><b>Thread safety.</b> Of one thread.
 */
final class AttachTrigger implements AutoCloseable {
    private final Path file;
    private final boolean made;

    private AttachTrigger(Path file, boolean made) {
        this.file = file;
        this.made = made;
    }

    /**
     * Makes it, unless another one of this user who attaches just now has.
     *
     * @param directory that process's {@code /tmp}, by a path that outlives the process
     * @throws IpcException if there is one of another user
     */
    static AttachTrigger of(Path directory, long pid) throws IOException {
        Path file = directory.resolve(".attach_pid" + pid);
        while (true) {
            try {
                Files.createFile(file);
                return new AttachTrigger(file, true);
            } catch (FileAlreadyExistsException e) {
                if (isOwn(file)) {
                    return new AttachTrigger(file, false);
                } // else it has gone meanwhile
            }
        }
    }

    /**
     * Whether a file of {@code /tmp} is there, links not followed.
     *
     * @throws IpcException if it is another user's
     */
    static boolean isOwn(Path file) throws IOException {
        try {
            Object uid = Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
            if (!uid.equals(ProcessCalls.effectiveUser())) {
                throw new IpcException(file.getFileName() + " in /tmp is another user's");
            }
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Whether it is there still: that of another one goes when he is done, and a JVM without it prints its threads. */
    boolean isThere() throws IOException {
        return isOwn(file);
    }

    @Override
    public void close() throws IOException {
        if (made) {
            Files.deleteIfExists(file);
        }
    }
}
