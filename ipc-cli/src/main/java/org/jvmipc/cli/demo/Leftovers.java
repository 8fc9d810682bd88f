package org.jvmipc.cli.demo;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jvmipc.IpcException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.DeathWatch;
import org.jvmipc.process.ProcessIdentity;

/**
 * What this process holds that it did not hold before: children and descriptors. Files are not
 * looked for: those in the common directories may be another process's.
 */
final class Leftovers {
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final long PAUSE_MILLIS = 5;

    private final Set<String> before = held();

    private Leftovers() {}

    /** Remembers what there is now. */
    static Leftovers since() throws IOException {
        // The first channel on a file makes the JDK open a socket that it keeps.
        FileChannel.open(Path.of("/dev/null"), StandardOpenOption.READ).close();
        openWhatTheWatchOfDeathsKeeps();
        return new Leftovers();
    }

    /** It is one of this JVM, for all whose death is ever to be told. */
    private static void openWhatTheWatchOfDeathsKeeps() {
        ProcessIdentity self = ProcessIdentity.self();
        try (DeathWatch.Watched watched = DeathWatch.watch(self.pid(), self.startTime(), () -> {})) {
            Objects.requireNonNull(watched, "this process is dead");
        } catch (IpcException e) {
            // processes cannot be watched here: nothing is opened later, either
        }
    }

    /** What has been added, in words. What threads of the toolkit are still about to give back gets a second. */
    List<String> list() throws InterruptedException {
        Deadline deadline = Deadline.after(GRACE);
        while (true) {
            Set<String> now = held();
            now.removeAll(before);
            if (now.isEmpty() || deadline.passed()) {
                return new ArrayList<>(now);
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private static Set<String> held() {
        Set<String> all = new TreeSet<>();
        ProcessHandle.current().children().forEach(child -> all.add("process " + child.pid()));
        addDescriptors(all);
        return all;
    }

    private static void addDescriptors(Set<String> all) {
        try (DirectoryStream<Path> fds = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path fd : fds) {
                String target = target(fd);
                if (!target.isEmpty() && !isOfTheJvm(target)) {
                    all.add("descriptor " + fd.getFileName() + " (" + target + ")");
                }
            }
        } catch (IOException e) {
            all.add("descriptors that cannot be listed: " + e.getMessage());
        }
    }

    /** What a JVM opens when it first needs it, and keeps: jars, libraries, sources of random numbers, memory of the native layer. */
    private static boolean isOfTheJvm(String target) {
        return target.endsWith(".jar")
                || target.endsWith(".so")
                || target.endsWith("random")
                || target.endsWith(" (deleted)")
                || target.startsWith("/proc/")
                || target.startsWith("/sys/");
    }

    private static String target(Path fd) {
        try {
            return Files.readSymbolicLink(fd).toString();
        } catch (IOException e) {
            return ""; // closed since it was listed
        }
    }
}
