package org.jvmipc.shm.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jvmipc.Address;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.SharedLong;
import org.jvmipc.shm.SharedMemory;
import org.jvmipc.shm.SharedMemoryOptions;
import org.jvmipc.shm.sync.SharedSemaphore;
import org.jvmipc.testkit.bench.Cpus;

/**
 * What a mutex, a half of a read-write lock, or a semaphore in shared memory costs.
 *
 * <pre>PIN=same config/bench org.jvmipc.shm.bench.SyncBench mutex|read|write|plain|robust MODE [N]</pre>
 *
 * <p>MODE is one of
 * <ul>
 * <li>{@code alone}: a pair of lock and unlock, or P and V, when nobody else wants it, in ns;
 * <li>{@code contended}: the same while a second JVM does so all the time;
 * <li>{@code handover}: a ping-pong of two JVMs over two plain semaphores, round trip in ns;
 * <li>{@code idle}: waits for N seconds, and how much of a processor that takes, in percent;
 * <li>{@code open}: opening by name and closing in a warm JVM, in ns.
 * </ul>
 */
public final class SyncBench {
    private static final int WINDOW = 20_000;
    private static final int WARM_UP = 1_000_000;
    private static final int ROUND_TRIPS = 50_000;

    private final String kind;
    private final Path directory;

    private SyncBench(String kind, Path directory) {
        this.kind = kind;
        this.directory = directory;
    }

    /** Runs one measurement. */
    public static void main(String[] words) throws Exception {
        if (ParentJvm.isPresent()) {
            child(words);
            return;
        }
        if (words.length < 2) {
            System.err.println("usage: SyncBench mutex|read|write|plain|robust alone|contended|handover|idle|open [N]");
            System.exit(2);
        }
        Path directory = Files.createTempDirectory("sync-bench");
        try {
            new SyncBench(words[0], directory).run(words[1], words.length == 2 ? 0 : Integer.parseInt(words[2]));
        } finally {
            Files.delete(directory);
        }
    }

    private void run(String mode, int n) throws Exception {
        try (Guarded first = Guarded.create(kind, directory.resolve("first"), 1)) {
            switch (mode) {
                case "alone" -> {
                    first.pairs(WARM_UP);
                    print(mode, Figures.ofWindows(n == 0 ? 300 : n, WINDOW, first::pairs));
                }
                case "contended" -> contended(first, n == 0 ? 50 : n);
                case "handover" -> handover(n == 0 ? ROUND_TRIPS : n);
                case "idle" -> idle(first, n == 0 ? 10 : n);
                case "open" -> {
                    first.openings(1_000);
                    print(mode, Figures.ofWindows(n == 0 ? 100 : n, 20, first::openings));
                }
                default -> throw new IllegalArgumentException("no such mode: " + mode);
            }
        }
    }

    private void print(String mode, String figures) {
        System.out.println("{\"name\":\"ours." + kind + "\",\"mode\":\"" + mode + "\"," + figures + "}");
    }

    private void contended(Guarded guarded, int windows) throws Exception {
        guarded.pairs(WARM_UP);
        Path path = directory.resolve("stop");
        try (SharedMemory memory = SharedMemory.create(path, SharedMemoryOptions.ofSize(Long.BYTES));
                ChildJvm child = launcher()
                        .handOver("guarded", guarded.address())
                        .handOver("stop", memory.address())
                        .arguments(kind, "contended")
                        .start()) {
            child.awaitReady();
            pin(child);
            guarded.pairs(WINDOW);
            print("contended", Figures.ofWindows(windows, WINDOW, guarded::pairs));
            memory.area(0, Long.BYTES).int64(0).setVolatile(1);
            child.awaitExit();
        } finally {
            SharedMemory.remove(path);
        }
    }

    private static void pin(ChildJvm child) throws IOException, InterruptedException {
        Cpus.pin(child.pid(), 1);
        Cpus.pin(ProcessHandle.current().pid(), 0);
    }

    private void handover(int count) throws Exception {
        if (!kind.equals("plain")) {
            throw new IllegalArgumentException("only permits of a plain semaphore are given by who has not taken them");
        }
        Address ping = Address.of("sem", directory.resolve("ping").toString());
        Address pong = Address.of("sem", directory.resolve("pong").toString());
        try (SharedSemaphore out = SharedSemaphore.create(ping, 0, false);
                SharedSemaphore in = SharedSemaphore.create(pong, 0, false);
                ChildJvm child = launcher()
                        .handOver("ping", ping)
                        .handOver("pong", pong)
                        .arguments(kind, "handover", Integer.toString(count))
                        .start()) {
            child.awaitReady();
            pin(child);
            roundTrips(out, in, new long[WARM_UP / 10]);
            long[] nanos = new long[count];
            roundTrips(out, in, nanos);
            child.awaitExit();
            print("handover", Figures.ofEach(nanos));
        } finally {
            SharedSemaphore.remove(ping);
            SharedSemaphore.remove(pong);
        }
    }

    private static void roundTrips(SharedSemaphore out, SharedSemaphore in, long[] nanos) throws InterruptedException {
        long last = System.nanoTime();
        for (int i = 0; i < nanos.length; i++) {
            out.release();
            in.acquire();
            long now = System.nanoTime();
            nanos[i] = now - last;
            last = now;
        }
    }

    /** Another thread holds it; the process does nothing but wait. */
    private void idle(Guarded guarded, int seconds) throws Exception {
        guarded.take();
        Thread waiter = new Thread(guarded::waitForIt, "waiter");
        waiter.setDaemon(true);
        waiter.start();
        Figures.sleep(2); // the JVM has come to rest, its compiler too
        long before = Figures.processorNanos();
        Figures.sleep(seconds);
        long used = Figures.processorNanos() - before;
        print("idle", Figures.percent(used, seconds));
        guarded.give();
        waiter.join();
    }

    private static JvmLauncher launcher() {
        return JvmLauncher.of(SyncBench.class).jvmArguments("-XX:+UseSerialGC", "-Xms256m", "-Xmx256m");
    }

    private static void child(String[] words) throws Exception {
        ParentJvm parent = ParentJvm.get();
        if (words[1].equals("contended")) {
            try (Guarded guarded = Guarded.open(words[0], parent.address("guarded"));
                    SharedMemory memory = SharedMemory.open(parent.address("stop"))) {
                guarded.pairs(WARM_UP);
                SharedLong stop = memory.area(0, Long.BYTES).int64(0);
                parent.ready();
                while (stop.getVolatile() == 0) {
                    guarded.pairs(100);
                }
            }
            return;
        }
        try (SharedSemaphore in = SharedSemaphore.open(parent.address("ping"));
                SharedSemaphore out = SharedSemaphore.open(parent.address("pong"))) {
            parent.ready();
            for (int left = WARM_UP / 10 + Integer.parseInt(words[2]); left > 0; left--) {
                in.acquire();
                out.release();
            }
        }
    }
}
