package org.jvmipc.shm.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.LimitException;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.posix.ProcFiles;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;

/**
 * A mapping goes when the collector finds its buffer, and the kernel has a limit for the number of mappings, at which a JVM ends that
 * has to map something for itself. So it never comes near it, however many are opened and closed while nothing is collected.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MappingLimitIT {
    private static final int PAGE = 4096;

    /** So many are allowed where it shall not take long to come there. */
    private static final int FEW = 1_000;

    @TempDir
    Path directory;

    /** So large that nothing is collected by itself. */
    private static JvmLauncher launcher(Class<? extends ChildProgram> program, Path file, String... more) {
        return ChildMain.launcher(program, file)
                .jvmArguments("-XX:+UseSerialGC", "-Xms700m", "-Xmn500m", "-Xmx700m")
                .jvmArguments(more);
    }

    private Path file() throws IOException {
        return Files.write(directory.resolve("f"), new byte[PAGE]);
    }

    private static int limit() {
        return (int) ProcFiles.number("/proc/sys/vm/max_map_count");
    }

    private static long mapped() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.count();
        }
    }

    /** Maps and forgets more often than there can be mappings. */
    static final class Forgets implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            parent.ready();
            int limit = limit();
            try (Fd named = FileCalls.name(arguments[0]);
                    Fd file = FileCalls.reopen(named, Fcntl.O_RDWR, arguments[0])) {
                for (int i = 0; i < limit + 5_000; i++) {
                    assertEquals(
                            PAGE,
                            Mapping.of(file.number(), false, 0, PAGE, arguments[0])
                                    .capacity());
                    if (i % 10_000 == 0) {
                        assertTrue(mapped() < limit / 2, "too many mappings: " + mapped() + " of " + limit);
                    }
                }
            }
        }
    }

    @Test
    void whatIsForgottenIsCollectedInTime() throws Exception {
        assumeTrue(limit() <= 200_000, "vm.max_map_count is so large here that it would take too long");
        try (ChildJvm child = launcher(Forgets.class, file()).start()) {
            Children.assertExit(0, child);
        }
    }

    /** Opens and closes segments, whose handles are known to a safety net until the collector has found them. */
    static final class Closes implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            parent.ready();
            Address place = Address.of("segment", arguments[0]);
            Segment.create(place, SegmentOptions.defaults()).close();
            for (int i = 0; i < 4 * FEW; i++) {
                Segment.open(place).close();
            }
            Segment.remove(place);
        }
    }

    @Test
    void whatIsClosedIsCollectedInTime() throws Exception {
        Path file = directory.resolve("s");
        try (ChildJvm child =
                launcher(Closes.class, file, "-Dorg.jvmipc.mappings=" + FEW).start()) {
            Children.assertExit(0, child);
        }
    }

    /** Maps and keeps, until it is told. */
    static final class Keeps implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            parent.ready();
            int limit = limit();
            Object[] kept = new Object[limit];
            try (Fd named = FileCalls.name(arguments[0]);
                    Fd file = FileCalls.reopen(named, Fcntl.O_RDWR, arguments[0])) {
                LimitException e = assertThrows(LimitException.class, () -> {
                    for (int i = 0; i < limit; i++) {
                        kept[i] = Mapping.of(file.number(), false, 0, PAGE, arguments[0]);
                    }
                });
                assertTrue(e.getMessage().contains(arguments[0]), e.getMessage());
                assertEquals("vm.max_map_count", e.limit());
                assertEquals(limit, e.value());
            }
            try (FileChannel channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.READ)) {
                assertEquals(
                        PAGE,
                        channel.map(FileChannel.MapMode.READ_ONLY, 0, PAGE).capacity(),
                        "the JVM itself can");
            }
        }
    }

    @Test
    void tooManyThatAreKeptAreRefusedByName() throws Exception {
        assumeTrue(limit() <= 200_000, "vm.max_map_count is so large here that it would take too long");
        try (ChildJvm child = launcher(Keeps.class, file()).start()) {
            Children.assertExit(0, child);
        }
    }

    @Test
    void whereNothingIsCollectedOnDemandItIsRefusedAsWell() throws Exception {
        assumeTrue(limit() <= 200_000, "vm.max_map_count is so large here that it would take too long");
        try (ChildJvm child =
                launcher(Keeps.class, file(), "-XX:+DisableExplicitGC").start()) {
            Children.assertExit(0, child);
        }
    }
}
