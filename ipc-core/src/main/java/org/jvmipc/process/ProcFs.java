package org.jvmipc.process;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code /proc} says of a process; see {@code proc_pid_stat(5)}. Loads little: it runs at the start of every child. */
final class ProcFs {
    /** More than a line of stat can have: 52 numbers and a name of at most 64 characters. */
    private static final int STAT_BYTES = 2048;

    /** Fields counted from the state, which is number 3 in the manual. */
    private static final int STATE = 0;

    private static final int PARENT = 1;
    private static final int GROUP = 2;
    private static final int START_TIME = 19;

    /** Empty until it was read. */
    private static volatile String bootId = "";

    private ProcFs() {}

    /**
     * A line of {@code /proc/<pid>/stat}, as far as needed.
     *
     * @param pid its number
     * @param state its state's letter, such as {@code R}, {@code S}, {@code T}, {@code Z}
     * @param parent its parent's number
     * @param group its process group
     * @param startTime when it started, in clock ticks since boot
     */
    record Stat(long pid, char state, long parent, long group, long startTime) {
        /** Whether it has ended: nobody has waited for it yet, or it is about to vanish. */
        boolean hasEnded() {
            return state == 'Z' || state == 'X' || state == 'x';
        }
    }

    /** The process's line, or null if there is no such process, or no descriptor left to read of it. */
    static @Nullable Stat stat(long pid) {
        try {
            return read(pid);
        } catch (IOException e) {
            return null;
        }
    }

    /** This process's line, or null if it cannot be read. */
    static @Nullable Stat ownStat() {
        try {
            return read(ProcessHandle.current().pid(), "self");
        } catch (IOException e) {
            return null;
        }
    }

    /**
     * The process's line.
     *
     * @throws IOException if there is no such process, or it cannot be read for want of descriptors
     */
    static Stat read(long pid) throws IOException {
        return read(pid, Long.toString(pid));
    }

    private static Stat read(long pid, String name) throws IOException {
        byte[] line = new byte[STAT_BYTES];
        int length;
        String path = directory(name).concat("/stat");
        try (FileInputStream in = new FileInputStream(path)) {
            length = in.read(line);
        }
        Stat stat = length <= 0 ? null : parse(pid, new String(line, 0, length, StandardCharsets.ISO_8859_1));
        if (stat == null) {
            throw new IOException(path.concat(" is empty"));
        }
        return stat;
    }

    private static String directory(String name) {
        return "/proc/".concat(name);
    }

    /** Whether that very process runs; false only if it certainly does not, also when there is no descriptor left. */
    static boolean isAlive(long pid, long startTime) {
        Stat stat = stat(pid);
        if (stat == null) {
            return new File(directory(Long.toString(pid))).exists();
        }
        return stat.startTime() == startTime && !stat.hasEnded();
    }

    /**
     * Whether the numbers in {@code /proc} are those that this process knows: it may be missing, or be that of the namespace
     * this one was unshared from, and then who is not in it is not dead.
     */
    static boolean showsOwnNamespace() {
        try {
            String self = Files.readSymbolicLink(Path.of("/proc/self")).toString();
            return self.equals(Long.toString(ProcessHandle.current().pid()));
        } catch (IOException e) {
            return false;
        }
    }

    /** The name, in parentheses, may hold any character: so the fields are counted from the last closing one. */
    static @Nullable Stat parse(long pid, String line) {
        int nameEnd = line.lastIndexOf(')');
        if (nameEnd < 0 || nameEnd + 2 >= line.length()) {
            return null;
        }
        String[] fields = line.substring(nameEnd + 2).split(" ", -1);
        if (fields.length <= START_TIME) {
            return null;
        }
        return new Stat(
                pid,
                fields[STATE].charAt(0),
                Long.parseLong(fields[PARENT]),
                Long.parseLong(fields[GROUP]),
                Long.parseLong(fields[START_TIME]));
    }

    /** All processes that have not ended. */
    static List<Stat> all() {
        List<Stat> result = new ArrayList<>();
        String[] names = new File("/proc").list();
        for (String name : names == null ? new String[0] : names) {
            if (name.charAt(0) < '0' || name.charAt(0) > '9') {
                continue;
            }
            Stat stat = stat(Long.parseLong(name));
            if (stat != null && !stat.hasEnded()) {
                result.add(stat);
            }
        }
        return result;
    }

    /** The inode of the process's pid namespace, or 0 if it cannot be seen. */
    static long pidNamespace(String process) {
        try {
            // pid:[4026531836]
            String link = Files.readSymbolicLink(Path.of("/proc", process, "ns", "pid"))
                    .toString();
            return Long.parseLong(link.substring(link.indexOf('[') + 1, link.indexOf(']')));
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }

    /** The id that the kernel chose at its start, or empty if it cannot be read. */
    static String bootId() {
        String id = bootId;
        if (id.isEmpty()) {
            try {
                id = Files.readString(Path.of("/proc/sys/kernel/random/boot_id"))
                        .strip();
                bootId = id;
            } catch (IOException e) {
                return ""; // perhaps another time
            }
        }
        return id;
    }
}
