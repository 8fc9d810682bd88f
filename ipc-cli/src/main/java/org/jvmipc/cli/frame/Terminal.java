package org.jvmipc.cli.frame;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a standard stream is connected to, one by one: {@code System.console()} looks at two of them together. Asks
 * {@code /proc} so that the native library need not be loaded for it.
 */
public final class Terminal {
    private Terminal() {}

    /** Whether the descriptor is a terminal. */
    public static boolean isTerminal(int fd) {
        String target = target(fd);
        return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
    }

    /** Whether the descriptor is an anonymous pipe or a socket. */
    public static boolean isPipe(int fd) {
        String target = target(fd);
        return target.startsWith("pipe:") || target.startsWith("socket:");
    }

    private static String target(int fd) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
        } catch (IOException e) {
            return ""; // closed, or no /proc: neither
        }
    }
}
