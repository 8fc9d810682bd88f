package org.jvmipc.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What this process holds at one moment, as the kernel sees it.
 *
 * @param fds descriptor number to what it is open on, without those the JVM opens for itself
 * @param children process id to its command
 * @param files temporary files of ours, and everything below the directories watched
 */
record Holdings(Map<Integer, String> fds, Map<Long, String> children, Set<Path> files) {
    private static final Path OWN_FDS = Path.of("/proc/self/fd");
    private static final List<String> OF_THE_JVM = List.of(".jar", ".so", ".jsa", "/lib/modules");

    static {
        // What the JDK opens at the first use of a channel, and never closes.
        try (SeekableByteChannel channel = Files.newByteChannel(Path.of("/dev/null"))) {
            channel.read(ByteBuffer.allocate(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Holdings now(List<Path> directories) throws IOException {
        return new Holdings(openFds(), childProcesses(), files(directories));
    }

    /** What is here and was not then, one readable line each. */
    List<String> since(Holdings before) {
        List<String> lines = new ArrayList<>();
        fds.forEach((number, target) -> {
            if (!target.equals(before.fds.get(number))) {
                lines.add("fd " + number + " -> " + target);
            }
        });
        children.forEach((pid, command) -> {
            if (!before.children.containsKey(pid)) {
                lines.add("child " + pid + " " + command);
            }
        });
        files.stream().filter(file -> !before.files.contains(file)).forEach(file -> lines.add("file " + file));
        return lines;
    }

    private static Map<Integer, String> openFds() throws IOException {
        Map<Integer, String> open = new TreeMap<>();
        try (DirectoryStream<Path> links = Files.newDirectoryStream(OWN_FDS)) {
            for (Path link : links) {
                try {
                    String target = Files.readSymbolicLink(link).toString();
                    if (!isOfTheJvm(target)) {
                        open.put(Integer.parseInt(link.getFileName().toString()), target);
                    }
                } catch (NoSuchFileException e) {
                    // closed since the directory was read
                }
            }
        }
        return open;
    }

    private static boolean isOfTheJvm(String target) {
        return target.startsWith("/proc/") // this listing itself, and what the JVM reads about its machine
                || target.startsWith("/sys/")
                || target.equals("/dev/random")
                || target.equals("/dev/urandom")
                || (target.contains("/ffi") && target.endsWith(" (deleted)")) // code that libffi made, kept by JNA
                || target.startsWith("/memfd:libffi")
                || OF_THE_JVM.stream().anyMatch(target::endsWith);
    }

    private static Map<Long, String> childProcesses() {
        Set<Long> pids =
                ProcessHandle.current().children().map(ProcessHandle::pid).collect(Collectors.toSet());
        Map<Long, String> children = new TreeMap<>();
        for (long pid : pids) {
            children.put(pid, commandOf(pid));
        }
        return children;
    }

    private static String commandOf(long pid) {
        try {
            Path proc = Path.of("/proc", Long.toString(pid));
            String command =
                    Files.readString(proc.resolve("cmdline")).replace('\0', ' ').trim();
            return command.isEmpty() ? Files.readString(proc.resolve("stat")).trim() + " (zombie)" : command;
        } catch (IOException e) { // no such file, or no such process while it was read
            return "(just ended)";
        }
    }

    private static Set<Path> files(List<Path> directories) throws IOException {
        Set<Path> found = new TreeSet<>();
        for (Path temporary : new HashSet<>(List.of(Path.of(System.getProperty("java.io.tmpdir")), Path.of("/tmp")))) {
            try (DirectoryStream<Path> ours = Files.newDirectoryStream(temporary, "ipc*")) {
                ours.forEach(found::add);
            } catch (NoSuchFileException | NotDirectoryException e) {
                // nothing there, then
            }
        }
        for (Path directory : directories) {
            try (Stream<Path> below = Files.walk(directory)) {
                below.forEach(found::add);
            } catch (NoSuchFileException | UncheckedIOException e) {
                // it, or something below it, went away: the next look tells
            }
        }
        return found;
    }
}
