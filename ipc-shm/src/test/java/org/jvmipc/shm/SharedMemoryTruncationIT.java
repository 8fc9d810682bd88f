package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.Jvms;
import org.jvmipc.testkit.NoLeaks;

/** A mapped file is cut off: the JVM lives, and each way to touch a variable says what is wrong. On every JDK here. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedMemoryTruncationIT {
    private static final String INTERPRETER = "-Xint";
    private static final int SIZE = 1 << 16;
    private static final int FIRST_THAT_THROWS_AT_A_POLL = 20;
    /** Calls until Java 17 says so. */
    private static final int AT_MOST = Jvms.feature() < FIRST_THAT_THROWS_AT_A_POLL ? 64 : 1;

    private static final int WARM = 200_000;

    @TempDir
    Path directory;

    static List<Arguments> jvms() throws Exception {
        List<Arguments> all = new ArrayList<>();
        for (Path home : Jvms.homes()) {
            for (String compiler : List.of("-XX:TieredStopAtLevel=1", "-XX:TieredStopAtLevel=4")) {
                all.add(Arguments.of(home, compiler));
            }
            // Without any compiler an atomic operation ends Java 17: there the load before it does not throw at once.
            if (feature(home) >= FIRST_THAT_THROWS_AT_A_POLL) {
                all.add(Arguments.of(home, INTERPRETER));
            }
        }
        return all;
    }

    private static int feature(Path home) throws IOException {
        for (String line : Files.readAllLines(home.resolve("release"))) {
            if (line.startsWith("JAVA_VERSION=")) {
                return Runtime.Version.parse(line.substring(line.indexOf('"') + 1, line.lastIndexOf('"')))
                        .feature();
            }
        }
        return Jvms.feature();
    }

    /** What touches the memory, by name. */
    private static Map<String, LongSupplier> accesses(MemoryArea area) {
        SharedInt word = area.int32(4096);
        SharedLong number = area.int64(8192);
        SharedLongArray array = area.longs(12_288, 100);
        SharedCounter counter = area.counter(16_384, 4);
        Map<String, LongSupplier> accesses = new LinkedHashMap<>();
        accesses.put("int get", word::get);
        accesses.put("int getAcquire", word::getAcquire);
        accesses.put("int getVolatile", word::getVolatile);
        accesses.put("int set", () -> done(() -> word.set(1)));
        accesses.put("int setRelease", () -> done(() -> word.setRelease(1)));
        accesses.put("int setVolatile", () -> done(() -> word.setVolatile(1)));
        accesses.put("int compareAndSet", () -> word.compareAndSet(0, 0) ? 1 : 0);
        accesses.put("int getAndAdd", () -> word.getAndAdd(1));
        accesses.put("int getAndSet", () -> word.getAndSet(0));
        accesses.put("int updateAndGet", () -> word.updateAndGet(value -> value));
        accesses.put("long get", number::get);
        accesses.put("long setVolatile", () -> done(() -> number.setVolatile(1)));
        accesses.put("long compareAndSet", () -> number.compareAndSet(0, 0) ? 1 : 0);
        accesses.put("long getAndAdd", () -> number.getAndAdd(1));
        accesses.put("long getAndSet", () -> number.getAndSet(0));
        accesses.put("array get", () -> array.get(7));
        accesses.put("array getAndAdd", () -> array.getAndAdd(7, 1));
        accesses.put("counter add", () -> done(counter::increment));
        accesses.put("counter sum", counter::sum);
        return accesses;
    }

    private static long done(Runnable access) {
        access.run();
        return 1;
    }

    static final class Touches implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            Path path = Path.of(arguments[0]);
            boolean hot = Boolean.parseBoolean(arguments[1]);
            try (SharedMemory memory = SharedMemory.open(path)) {
                Map<String, LongSupplier> accesses = accesses(memory.area(0, SIZE));
                if (hot) {
                    accesses.values().forEach(access -> touchOften(access, WARM));
                }
                parent.ready();
                if (hot) {
                    requireDamage("under load", () -> {
                        while (true) {
                            accesses.values().forEach(access -> touchOften(access, 100));
                        }
                    });
                }
                while (Files.size(path) > 0) {
                    Thread.onSpinWait();
                }
                accesses.forEach((name, access) -> requireDamage(name, () -> touchOften(access, AT_MOST)));
            }
        }

        @SuppressWarnings("UnusedVariable")
        private static volatile long sum;

        @SuppressWarnings("NonAtomicVolatileUpdate") // of one thread
        private static void touchOften(LongSupplier access, int times) {
            for (int i = 0; i < times; i++) {
                sum += access.getAsLong(); // a load that nobody wants is none
            }
        }

        private static void requireDamage(String name, Runnable access) {
            try {
                access.run();
            } catch (DamagedSegmentException e) {
                return;
            } catch (InternalError e) {
                if (Jvms.feature() < FIRST_THAT_THROWS_AT_A_POLL) { // met on the way

                    return;
                }
                throw new AssertionError(name + ": of Java's own kind: " + e, e);
            }
            throw new AssertionError(name + ": nothing was thrown");
        }
    }

    @ParameterizedTest
    @MethodSource("jvms")
    void aJvmWhoseMemoryIsCutOffLives(Path home, String compiler) throws Exception {
        for (boolean hot : compiler.equals(INTERPRETER) ? new boolean[] {false} : new boolean[] {true, false}) {
            Path path = directory.resolve("m");
            SharedMemory.create(path, SIZE).close();
            try (ChildJvm child = Children.start(ChildMain.launcher(Touches.class, path, hot)
                            .javaHome(home)
                            .jvmArguments(compiler, "-XX:ErrorFile=" + directory.resolve("hs_err")));
                    RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                file.setLength(0);
                Children.assertExit(0, child);
            }
            try (Stream<Path> files = Files.list(directory)) {
                assertEquals(List.of(path), files.toList(), "no report of a crash");
            }
            SharedMemory.remove(path);
        }
    }
}
