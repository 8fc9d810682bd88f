package org.jvmipc.internal.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.IpcException;
import org.jvmipc.Lifetime;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.testkit.Campaign;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.NoLeaks;

@Timeout(120)
@ExtendWith(NoLeaks.class)
class RegistryCrashIT {
    /** Kills of creators. */
    private static final int KILLS = Campaign.size(10, 500);

    private static final int SIGKILL = 9;
    private static final int AT_ONCE = 2;
    private static final int CLEANERS = 3;
    private static final int STALE = 20;

    @TempDir
    Path temporary;

    private Path directory;
    private Path objects;
    private Registry registry;

    @BeforeEach
    void open() throws Exception {
        directory = temporary.resolve("registry");
        objects = Files.createDirectory(temporary.resolve("objects"));
        registry = Registry.at(directory);
    }

    private ChildJvm start(Class<? extends ChildProgram> program, Object... arguments) throws Exception {
        List<Object> all = new ArrayList<>(List.of(directory));
        Collections.addAll(all, arguments);
        return Children.start(ChildMain.launcher(program, all.toArray()));
    }

    private static void kill(ChildJvm child) throws Exception {
        assertTrue(child.isAlive(), () -> child + " has failed: " + child.lastErrorLines());
        child.kill();
        assertEquals(SIGKILL, child.awaitExit().signal(), () -> child + " has failed: " + child.lastErrorLines());
    }

    private static List<String> names(Path directory) throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private void assertNothingLeft() throws Exception {
        assertEquals(List.of(), names(objects));
        assertEquals(List.of(".lock"), names(directory));
    }

    private void makeStale(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            Path path = objects.resolve("x" + i);
            if (i % 3 == 0) {
                Fixtures.createHalf(registry, path, Fixtures.DEAD);
            } else {
                Fixtures.create(registry, path, Lifetime.OWNED, Fixtures.DEAD);
            }
        }
    }

    // ---- creators

    /** One after the other and each other's rivals: they die anywhere between the lock and the last record. */
    @Test
    @Timeout(600)
    void aKilledCreatorIsNoObstacle() throws Exception {
        Random random = new Random();
        for (int killed = 0; killed < KILLS; killed += AT_ONCE) {
            List<ChildJvm> creators = new ArrayList<>();
            try {
                for (int i = 0; i < AT_ONCE; i++) {
                    creators.add(ChildMain.launcher(RegistryPrograms.Creator.class, directory, objects)
                            .start());
                }
                for (ChildJvm creator : creators) {
                    creator.awaitReady();
                    LockSupport.parkNanos(random.nextInt(10_000_000));
                    kill(creator);
                }
            } finally {
                for (ChildJvm creator : creators) {
                    creator.close();
                }
            }
            // Every other time the next creators are the first to find what was left.
            if (random.nextBoolean()) {
                for (int i = 0; i < RegistryPrograms.Creator.OBJECTS; i++) {
                    RegistryPrograms.create(registry, objects.resolve("object" + i), Lifetime.OWNED);
                    RegistryPrograms.remove(registry, objects.resolve("object" + i));
                }
            }
        }
        registry.removeStale("fifo", Fixtures.FIFOS, false);
        assertNothingLeft();
    }

    @Test
    void whatAKilledOneOwnedIsStaleAndWhatItKeptIsNot() throws Exception {
        Path owned = objects.resolve("owned");
        Path kept = objects.resolve("kept");
        try (ChildJvm first = start(RegistryPrograms.Owner.class, owned, "OWNED");
                ChildJvm second = start(RegistryPrograms.Owner.class, kept, "KEPT")) {
            assertEquals(
                    first.identity(), registry.find("fifo", owned.toString()).owner());
            assertEquals(
                    List.of(),
                    registry.removeStale("fifo", Fixtures.FIFOS, false).entries());
            kill(first);
            kill(second);
        }
        assertEquals(
                1, registry.removeStale("fifo", Fixtures.FIFOS, false).removed().size());
        assertEquals(List.of("kept"), names(objects));
    }

    // ---- cleaners

    @Test
    void ofSeveralCleanersOneRemovesEach() throws Exception {
        makeStale(STALE);
        Path gate = temporary.resolve("gate");
        List<ChildJvm> cleaners = new ArrayList<>();
        try {
            for (int i = 0; i < CLEANERS; i++) {
                cleaners.add(ChildMain.launcher(
                                RegistryPrograms.CleanerProgram.class, directory, gate, temporary.resolve("by" + i))
                        .start());
            }
            for (ChildJvm cleaner : cleaners) {
                cleaner.awaitReady();
            }
            Files.createFile(gate);
            for (ChildJvm cleaner : cleaners) {
                Children.assertExit(0, cleaner);
            }
        } finally {
            for (ChildJvm cleaner : cleaners) {
                cleaner.close();
            }
        }
        List<String> removed = new ArrayList<>();
        for (int i = 0; i < CLEANERS; i++) {
            removed.addAll(Files.readAllLines(temporary.resolve("by" + i)));
        }
        assertEquals(STALE, removed.size(), removed::toString);
        assertEquals(STALE, removed.stream().distinct().count(), removed::toString);
        assertNothingLeft();
    }

    @Test
    void theNextCleanerDoesWhatAKilledOneHasLeft() throws Exception {
        Random random = new Random();
        for (int i = 0; i < 2; i++) {
            makeStale(STALE);
            Path gate = temporary.resolve("gate" + i);
            try (ChildJvm cleaner = start(RegistryPrograms.CleanerProgram.class, gate, temporary.resolve("by"))) {
                Files.createFile(gate);
                LockSupport.parkNanos(random.nextInt(100_000_000));
                cleaner.kill();
                cleaner.awaitExit();
            }
            registry.removeStale("fifo", Fixtures.FIFOS, false);
            assertNothingLeft();
        }
    }

    // ---- holders of locks

    @Test
    void aKilledHolderGivesItsLockBack() throws Exception {
        try (ChildJvm holder = start(RegistryPrograms.Locker.class, "/x")) {
            assertNull(registry.tryLock("fifo", "/x"));
            kill(holder);
            try (ObjectLock lock = registry.lock("fifo", "/x")) {
                assertNotNull(lock);
            }
        }
    }

    @Test
    void aStoppedHolderKeepsItsLockAndNoOther() throws Exception {
        Registry impatient = Registry.at(directory, Duration.ofMillis(30));
        try (ChildJvm holder = start(RegistryPrograms.Locker.class, "/x")) {
            Children.stop(holder);
            IpcException error = assertThrows(IpcException.class, () -> impatient.lock("fifo", "/x"));
            assertTrue(error.getMessage().contains("it may be stopped"), error.getMessage());
            try (ObjectLock other = impatient.lock("fifo", "/y")) {
                assertNotNull(other);
            }
            Children.goOn(holder);
        }
    }
}
