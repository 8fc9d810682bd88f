package org.jvmipc.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jvmipc.testkit.Await;

/** A private cache of the launcher, and who works in it: the script that makes archives, and the JVMs it starts. */
record MakerProcesses(Path cacheHome) {
    /** Two JVMs in a row, beside all the others of the tests. */
    private static final Duration LONGEST = Duration.ofSeconds(100);

    /** The archives that are finished. */
    List<Path> archives() throws IOException {
        return find("*.jsa");
    }

    /** The folders in which one is being made, or was. */
    List<Path> unfinished() throws IOException {
        return find("making.*");
    }

    /** The folders of JNA's library. */
    List<Path> libraries() throws IOException {
        return find("jna-*");
    }

    private List<Path> find(String pattern) throws IOException {
        List<Path> found = new ArrayList<>();
        Path all = cacheHome.resolve("jvm-ipc");
        if (Files.isDirectory(all)) {
            try (DirectoryStream<Path> checkouts = Files.newDirectoryStream(all)) {
                for (Path checkout : checkouts) {
                    addMatching(checkout, pattern, found);
                }
            }
        }
        return found;
    }

    private static void addMatching(Path directory, String pattern, List<Path> found) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, pattern)) {
            files.forEach(found::add);
        }
    }

    /** Whoever has this cache in its command line: not the command itself, once it needs no archive or has none. */
    List<ProcessHandle> alive() {
        return ProcessHandle.allProcesses().filter(this::isMaker).toList();
    }

    private boolean isMaker(ProcessHandle process) {
        try {
            byte[] words = Files.readAllBytes(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
            return new String(words, StandardCharsets.UTF_8).contains("\0" + cacheHome + "/");
        } catch (IOException e) {
            return false; // it has ended
        }
    }

    /** Waits until nobody works in it. */
    void awaitRest() throws Exception {
        Await.until("the end of what works in " + cacheHome, LONGEST, () -> alive().isEmpty());
    }
}
