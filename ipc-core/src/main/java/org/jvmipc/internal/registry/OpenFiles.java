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
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private static final int READ = 1;
    private static final int WRITE = 2;

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
     * Which file, whatever its name.
     *
     * @param device as in {@link FileStatus#device()}
     * @param inode as in {@link FileStatus#inode()}
     */
    public record FileId(long device, long inode) {
        /** That of a file. */
        public static FileId of(FileStatus file) {
            return new FileId(file.device(), file.inode());
        }
    }

    /**
     * The processes that have the file open for reading or writing.
     *
     * @param device as in {@link FileStatus#device()}
     * @param inode as in {@link FileStatus#inode()}
     * @param withSelf whether this process counts
     * @throws IOException if that cannot be seen, for want of descriptors; an answer would be a wrong one
     */
    public static List<Holder> holders(long device, long inode, boolean withSelf) throws IOException {
        FileId file = new FileId(device, inode);
        return holders(Set.of(file), withSelf).getOrDefault(file, List.of());
    }

    /**
     * The same of many files by one walk through {@code /proc}, which takes as long as one for a single file.
     *
     * @return by file, in ascending order of pids; without those that nobody has open
     */
    public static Map<FileId, List<Holder>> holders(Set<FileId> files, boolean withSelf) throws IOException {
        Map<FileId, List<Holder>> holders = new HashMap<>();
        if (files.isEmpty()) {
            return holders;
        }
        for (long pid : pids()) {
            if (withSelf || pid != ProcessHandle.current().pid()) {
                open(pid, files).forEach((file, access) -> {
                    if (access != 0) {
                        holders.computeIfAbsent(file, key -> new ArrayList<>())
                                .add(new Holder(pid, (access & READ) != 0, (access & WRITE) != 0));
                    }
                });
            }
        }
        return holders;
    }

    static long[] pids() throws IpcException {
        String[] names = new File("/proc").list();
        if (names == null) {
            throw new IpcException("/proc cannot be listed; is it mounted?");
        }
        return Arrays.stream(names)
                .filter(name -> name.charAt(0) >= '0' && name.charAt(0) <= '9')
                .mapToLong(Long::parseLong)
                .sorted()
                .toArray();
    }

    /** Which of the files the process has open, each with {@link #READ} and {@link #WRITE}. */
    private static Map<FileId, Integer> open(long pid, Set<FileId> files) throws IOException {
        Map<FileId, Integer> open = new HashMap<>();
        for (String fd : descriptors(pid)) {
            FileId file = file("/proc/" + pid + "/fd/" + fd);
            if (file != null && files.contains(file)) {
                open.merge(file, access("/proc/" + pid + "/fdinfo/" + fd), (some, more) -> some | more);
            }
        }
        return open;
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

    static void failIfThere(String path, IOException cause) throws IpcException {
        if (new File(path).exists()) {
            throw OsCalls.asLimit(cause, "cannot see who has a file open");
        }
    }

    private static @Nullable FileId file(String link) {
        try {
            // Sockets, anonymous pipes and the like, which are most of them, have no path.
            return Files.readSymbolicLink(Path.of(link)).startsWith("/") ? FileId.of(FileCalls.status(link)) : null;
        } catch (IOException e) {
            return null; // closed meanwhile, or its process has ended: neither call needs a descriptor
        }
    }

    /** What a descriptor is open for; 0 if it names the file only, or is gone. */
    private static int access(String information) throws IOException {
        try {
            for (String line : Files.readAllLines(Path.of(information))) {
                if (line.startsWith("flags:")) {
                    int flags =
                            Integer.parseInt(line.substring("flags:".length()).strip(), 8);
                    return (flags & Fcntl.O_PATH) != 0 ? 0 : access(flags);
                }
            }
        } catch (IOException e) {
            failIfThere(information, e);
        }
        return 0;
    }

    private static int access(int flags) {
        return switch (flags & ACCESS_MODE) {
            case Fcntl.O_RDONLY -> READ;
            case Fcntl.O_WRONLY -> WRITE;
            case Fcntl.O_RDWR -> READ | WRITE;
            default -> 0;
        };
    }
}
