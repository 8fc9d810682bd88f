package org.jvmipc.testkit;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Which JVMs there are on this machine, and what this one can do. */
public final class Jvms {
    /**
     * What makes a short-lived JVM start fast: only the first compiler, the simplest collector, the shared archive. None
     * of it changes what a program does.
     */
    public static final List<String> FAST_START =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-XX:-UsePerfData", "-Xmx256m");

    private static final Path INSTALLED = Path.of("/usr/lib/jvm");

    private Jvms() {}

    /** The {@code java} command of the JVM this runs in. */
    public static Path java() {
        return java(Path.of(System.getProperty("java.home")));
    }

    /** The {@code java} command of a JDK. */
    public static Path java(Path home) {
        return home.resolve("bin").resolve("java");
    }

    /** The feature release of this JVM, such as 17. */
    public static int feature() {
        return Runtime.version().feature();
    }

    /** The homes of the JDKs that are installed here, this one first, each real directory once. */
    public static List<Path> homes() throws IOException {
        Path own = Path.of(System.getProperty("java.home")).toRealPath();
        TreeSet<Path> others = new TreeSet<>();
        if (Files.isDirectory(INSTALLED)) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(INSTALLED)) {
                for (Path home : found) {
                    if (Files.isExecutable(java(home))) {
                        others.add(home.toRealPath());
                    }
                }
            }
        }
        others.remove(own);
        List<Path> homes = new ArrayList<>(List.of(own));
        homes.addAll(others);
        return homes;
    }

    /** Starts a virtual thread; there are some from Java 21 on. */
    public static Thread startVirtualThread(Runnable body) {
        try {
            return (Thread)
                    Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, body);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            throw new UnsupportedOperationException("no virtual threads in Java " + feature(), e);
        }
    }
}
