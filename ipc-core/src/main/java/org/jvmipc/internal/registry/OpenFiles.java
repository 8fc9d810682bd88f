package org.jvmipc.internal.registry;

import java.io.File;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.OsCalls;

/**
 * Who has a file open, by {@code /proc/PID/fd}; the files themselves are not touched. Seen are the processes that this
 * user may look into: his own but for those that keep themselves private, and for root all; of this pid namespace only. The
 * answer is of this moment: who may open the file meanwhile is for the caller to exclude.
 */
public final class OpenFiles {
    private static final int ACCESS_MODE = 3;

    private OpenFiles() {}

    /**
     * A process that has it open.
     *
     * @param pid its number
     * @param canRead whether one of its descriptors is for reading
     * @param canWrite whether one of its descriptors is for writing
     */
    public record Holder(long pid, boolean canRead, boolean canWrite) {}

    /**
     * The processes that have the file open for reading or writing.
     *
     * @param device as in {@link FileStatus#device()}
     * @param inode as in {@link FileStatus#inode()}
     * @param withSelf whether this process counts
     * @throws IOException if that cannot be seen, for want of descriptors; an answer would be a wrong one
     */
    public static List<Holder> holders(long device, long inode, boolean withSelf) throws IOException {
        long self = ProcessHandle.current().pid();
        List<Holder> holders = new ArrayList<>();
        String[] names = new File("/proc").list();
        if (names == null) {
            throw new IpcException("/proc cannot be listed; is it mounted?");
        }
        for (String name : names) {
            if (name.charAt(0) >= '0' && name.charAt(0) <= '9' && (withSelf || Long.parseLong(name) != self)) {
                Holder holder = holder(Long.parseLong(name), device, inode);
                if (holder != null) {
                    holders.add(holder);
                }
            }
        }
        return holders;
    }

    private static @Nullable Holder holder(long pid, long device, long inode) throws IOException {
        boolean canRead = false;
        boolean canWrite = false;
        for (String fd : descriptors(pid)) {
            if (isOf("/proc/" + pid + "/fd/" + fd, device, inode)) {
                int access = access("/proc/" + pid + "/fdinfo/" + fd);
                canRead |= access == Fcntl.O_RDONLY || access == Fcntl.O_RDWR;
                canWrite |= access == Fcntl.O_WRONLY || access == Fcntl.O_RDWR;
            }
        }
        return canRead || canWrite ? new Holder(pid, canRead, canWrite) : null;
    }

    /** None if the process has ended, or may not be looked into; to have no descriptor left for looking is an error. */
    private static List<String> descriptors(long pid) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> fds = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path fd : fds) {
                names.add(String.valueOf(fd.getFileName()));
            }
        } catch (AccessDeniedException | NoSuchFileException e) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            return names; // it ended meanwhile
        } catch (FileSystemException e) {
            failIfThere("/proc/" + pid, e);
        }
        return names;
    }

    private static void failIfThere(String path, IOException cause) throws IpcException {
        if (new File(path).exists()) {
            throw OsCalls.asLimit(cause, "cannot see who has a file open");
        }
    }

    private static boolean isOf(String link, long device, long inode) {
        try {
            // Sockets, anonymous pipes and the like, which are most of them, have no path.
            if (!Files.readSymbolicLink(Path.of(link)).startsWith("/")) {
                return false;
            }
            FileStatus status = FileCalls.status(link);
            return status.inode() == inode && status.device() == device;
        } catch (IOException e) {
            return false; // closed meanwhile, or its process has ended: neither call needs a descriptor
        }
    }

    /** {@code O_RDONLY}, {@code O_WRONLY}, {@code O_RDWR}; -1 if it names the file only, or is gone. */
    private static int access(String information) throws IOException {
        try {
            for (String line : Files.readAllLines(Path.of(information))) {
                if (line.startsWith("flags:")) {
                    int flags =
                            Integer.parseInt(line.substring("flags:".length()).strip(), 8);
                    return (flags & Fcntl.O_PATH) != 0 ? -1 : flags & ACCESS_MODE;
                }
            }
        } catch (IOException e) {
            failIfThere(information, e);
        }
        return -1;
    }
}
