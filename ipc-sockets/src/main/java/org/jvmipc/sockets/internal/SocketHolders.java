package org.jvmipc.sockets.internal;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Which processes have a socket open, by {@code /proc/PID/fd}: of those that this user may look into. */
public final class SocketHolders {
    private static final String PREFIX = "socket:[";

    private SocketHolders() {}

    /**
     * The processes that have them open.
     *
     * @param inodes numbers of sockets
     * @return pids, in ascending order
     */
    public static List<Long> of(Collection<Long> inodes) {
        TreeSet<Long> pids = new TreeSet<>();
        byInode(inodes).values().forEach(pids::addAll);
        return new ArrayList<>(pids);
    }

    /** The same of each socket. */
    public static Map<Long, List<Long>> byInode(Collection<Long> inodes) {
        Map<Long, List<Long>> holders = new HashMap<>();
        String[] processes = inodes.isEmpty() ? null : new File("/proc").list();
        if (processes == null) {
            return holders;
        }
        for (String process : processes) {
            if (Character.isDigit(process.charAt(0))) {
                addAll(holders, inodes, Long.parseLong(process));
            }
        }
        return holders;
    }

    private static void addAll(Map<Long, List<Long>> holders, Collection<Long> inodes, long pid) {
        String[] descriptors = new File("/proc/" + pid + "/fd").list();
        if (descriptors == null) {
            return; // has ended, or may not be looked into
        }
        for (String descriptor : descriptors) {
            long inode = inode(pid, descriptor);
            if (inode >= 0 && inodes.contains(inode)) {
                List<Long> pids = holders.computeIfAbsent(inode, key -> new ArrayList<>());
                if (!pids.contains(pid)) {
                    pids.add(pid);
                }
            }
        }
    }

    private static long inode(long pid, String descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/" + descriptor))
                    .toString();
            return target.startsWith(PREFIX)
                    ? Long.parseLong(target.substring(PREFIX.length(), target.length() - 1))
                    : -1;
        } catch (IOException | RuntimeException e) {
            return -1; // closed meanwhile
        }
    }
}
