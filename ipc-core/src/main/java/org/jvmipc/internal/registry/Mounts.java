package org.jvmipc.internal.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jvmipc.process.ProcessIdentity;

/** Whether a path that is empty here is empty for the process that wrote it down. */
final class Mounts {
    private Mounts() {}

    /**
     * Whether the process has, as far as can be told, the same files in front of it. In a container, which the pid namespace
     * stands for here, the same path may be another file; and so it may, though pids are shared, in a service with a
     * {@code /tmp} of its own. Of a dead process only the former is known.
     */
    static boolean areSharedWith(ProcessIdentity process) {
        if (!process.isAlive()) {
            ProcessIdentity self = ProcessIdentity.self();
            return !process.bootId().equals(self.bootId())
                    || process.pidNamespace() == 0
                    || process.pidNamespace() == self.pidNamespace();
        }
        return isSame("/proc/self/ns/mnt", "/proc/" + process.pid() + "/ns/mnt")
                && process.pidNamespace() == ProcessIdentity.self().pidNamespace();
    }

    private static boolean isSame(String link, String other) {
        try {
            return Files.readSymbolicLink(Path.of(link)).equals(Files.readSymbolicLink(Path.of(other)));
        } catch (IOException e) {
            return false; // not to be seen, or just ended
        }
    }
}
