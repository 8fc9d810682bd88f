package org.jvmipc.shm.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.jvmipc.shm.sync.FileMutex;
import org.jvmipc.shm.sync.Hold;

/**
 * How long locking and unlocking takes when nobody else wants the lock: the median of short windows, in one thread.
 *
 * <pre>PIN=same CPUS=0,1 config/bench org.jvmipc.shm.bench.LockBench [WINDOWS]</pre>
 */
public final class LockBench {
    private static final int WINDOW = 2_000;
    private static final int WARM_UP = 200_000;

    private LockBench() {}

    /** Runs one measurement. */
    public static void main(String[] words) throws Exception {
        int windows = words.length == 0 ? 300 : Integer.parseInt(words[0]);
        Path directory = Files.createTempDirectory("lock-bench");
        Path path = directory.resolve("lock");
        try (FileMutex mutex = FileMutex.openOrCreate(path)) {
            run(mutex, WARM_UP);
            double[] nanos = new double[windows];
            for (int i = 0; i < windows; i++) {
                long begin = System.nanoTime();
                run(mutex, WINDOW);
                nanos[i] = (System.nanoTime() - begin) / (double) WINDOW;
            }
            Arrays.sort(nanos);
            System.out.printf(
                    Locale.ROOT,
                    "{\"mechanism\":\"filemutex\",\"mode\":\"uncontended\",\"ns_per_op\":%.1f,"
                            + "\"ns_lowest\":%.1f,\"windows\":%d}%n",
                    nanos[windows / 2],
                    nanos[0],
                    windows);
        } finally {
            FileMutex.remove(path);
            Files.delete(directory);
        }
    }

    private static void run(FileMutex mutex, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            Hold hold = mutex.lock();
            hold.close();
        }
    }
}
