package org.jvmipc.shm.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** Figures of a measurement as they are printed. */
final class Figures {
    private Figures() {}

    interface Work {
        void run(int count) throws IOException, InterruptedException;
    }

    /** The median of short windows: of what one operation takes in each. */
    static String ofWindows(int windows, int window, Work work) throws IOException, InterruptedException {
        double[] nanos = new double[windows];
        for (int i = 0; i < windows; i++) {
            long begin = System.nanoTime();
            work.run(window);
            nanos[i] = (System.nanoTime() - begin) / (double) window;
        }
        Arrays.sort(nanos);
        return String.format(
                Locale.ROOT, "\"p50_ns\":%.2f,\"min_ns\":%.2f,\"windows\":%d", nanos[windows / 2], nanos[0], windows);
    }

    static String ofEach(long[] nanos) {
        Arrays.sort(nanos);
        return "\"p50_ns\":" + nanos[nanos.length / 2] + ",\"p99_ns\":" + nanos[(int) (nanos.length * 0.99)] + ",\"n\":"
                + nanos.length;
    }

    static String percent(long nanos, int seconds) {
        return String.format(Locale.ROOT, "\"cpu_percent\":%.3f,\"seconds\":%d", nanos / 1e7 / seconds, seconds);
    }

    /** What all threads of this process that live have had of a processor ({@code schedstat}). */
    static long processorNanos() throws IOException {
        long nanos = 0;
        try (var tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path task : tasks) {
                nanos += Long.parseLong(
                        Files.readString(task.resolve("schedstat")).split(" ", 2)[0]);
            }
        }
        return nanos;
    }

    static void sleep(int seconds) throws InterruptedException {
        Thread.sleep(seconds * 1_000L);
    }
}
