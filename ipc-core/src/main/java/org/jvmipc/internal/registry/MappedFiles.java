package org.jvmipc.internal.registry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.posix.FileStatus;

/**
 * Who has a file mapped, by {@code /proc/PID/maps}: for what is closed after it was mapped, which {@link OpenFiles} does not
 * see. Seen are the processes that this user may look into, of this pid namespace.
 */
public final class MappedFiles {
    private static final int HEXADECIMAL = 16;

    /** Of a line of maps: addresses, permissions, offset, device, inode, path. */
    private static final int DEVICE_FIELD = 3;

    private static final int INODE_FIELD = 4;
    private static final int FIELDS = 6;

    private MappedFiles() {}

    /**
     * The processes that have one of the files mapped, by file, in ascending order of pids.
     *
     * @throws IOException if that cannot be seen, for want of descriptors; an answer would be a wrong one
     */
    public static Map<OpenFiles.FileId, List<OpenFiles.Holder>> holders(Set<OpenFiles.FileId> files)
            throws IOException {
        Map<OpenFiles.FileId, List<OpenFiles.Holder>> holders = new HashMap<>();
        if (files.isEmpty()) {
            return holders;
        }
        for (long pid : OpenFiles.pids()) {
            for (OpenFiles.FileId file : mapped(pid, files)) {
                holders.computeIfAbsent(file, key -> new ArrayList<>()).add(new OpenFiles.Holder(pid, true, true));
            }
        }
        return holders;
    }

    /** None if it has ended, or is not for us to look into; to have no descriptor left for looking is an error. */
    private static Set<OpenFiles.FileId> mapped(long pid, Set<OpenFiles.FileId> files) throws IOException {
        Set<OpenFiles.FileId> mapped = new HashSet<>();
        Path maps = Path.of("/proc", Long.toString(pid), "maps");
        try {
            for (String line : Files.readAllLines(maps, StandardCharsets.ISO_8859_1)) {
                OpenFiles.FileId file = file(line);
                if (file != null && files.contains(file)) {
                    mapped.add(file);
                }
            }
        } catch (AccessDeniedException | NoSuchFileException e) {
            return Set.of();
        } catch (FileSystemException e) {
            OpenFiles.failIfThere("/proc/" + pid, e);
        } catch (IOException e) {
            return mapped; // it ended meanwhile
        }
        return mapped;
    }

    private static OpenFiles.@Nullable FileId file(String line) {
        String[] fields = line.split(" +", FIELDS);
        if (fields.length <= INODE_FIELD || fields[INODE_FIELD].equals("0")) {
            return null;
        }
        String[] device = fields[DEVICE_FIELD].split(":", -1);
        return new OpenFiles.FileId(
                FileStatus.device(Integer.parseInt(device[0], HEXADECIMAL), Integer.parseInt(device[1], HEXADECIMAL)),
                Long.parseLong(fields[INODE_FIELD]));
    }
}
