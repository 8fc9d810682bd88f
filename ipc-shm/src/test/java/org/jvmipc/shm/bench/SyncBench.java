package org.jvmipc.shm.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.jvmipc.Address;
import org.jvmipc.shm.sync.SharedMutex;
import org.jvmipc.shm.sync.SharedSemaphore;

/**
 * How long a pair of lock and unlock, or P and V, takes in shared memory when nobody else wants it: the median of short
 * windows, in one thread.
 *
 * <pre>PIN=same config/bench org.jvmipc.shm.bench.SyncBench mutex|plain|robust [WINDOWS]</pre>
 */
public final class SyncBench {
    private static final int WINDOW = 20_000;
    private static final int WARM_UP = 1_000_000;

    private SyncBench() {}

    private interface Pair {
        void run(int count) throws InterruptedException;
    }

    /** Runs one measurement. */
    public static void main(String[] words) throws Exception {
        String kind = words[0];
        int windows = words.length == 1 ? 300 : Integer.parseInt(words[1]);
        Path directory = Files.createTempDirectory("sync-bench");
        try {
            if (kind.equals("mutex")) {
                Address address = Address.of("mutex", directory.resolve("m").toString());
                try (SharedMutex mutex = SharedMutex.create(address)) {
                    measure(kind, windows, count -> lock(mutex, count));
                }
                SharedMutex.remove(address);
            } else {
                Address address = Address.of("sem", directory.resolve("s").toString());
                try (SharedSemaphore semaphore = SharedSemaphore.create(address, 1, kind.equals("robust"))) {
                    measure(kind, windows, count -> acquire(semaphore, count));
                }
                SharedSemaphore.remove(address);
            }
        } finally {
            Files.delete(directory);
        }
    }

    private static void lock(SharedMutex mutex, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            SharedMutex.MutexHold hold = mutex.lock();
            hold.close();
        }
    }

    private static void acquire(SharedSemaphore semaphore, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            semaphore.acquire();
            semaphore.release();
        }
    }

    private static void measure(String kind, int windows, Pair pair) throws InterruptedException {
        pair.run(WARM_UP);
        double[] nanos = new double[windows];
        for (int i = 0; i < windows; i++) {
            long begin = System.nanoTime();
            pair.run(WINDOW);
            nanos[i] = (System.nanoTime() - begin) / (double) WINDOW;
        }
        Arrays.sort(nanos);
        System.out.printf(
                Locale.ROOT,
                "{\"mechanism\":\"%s\",\"mode\":\"uncontended\",\"ns_per_op\":%.2f,\"ns_lowest\":%.2f,\"windows\":%d}%n",
                kind,
                nanos[windows / 2],
                nanos[0],
                windows);
    }
}
