package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.Ipc;
import org.jvmipc.internal.RuntimeDirectory;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.shm.MemoryArea;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Campaign;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.MemoryDirectory;
import org.jvmipc.testkit.NoLeaks;

/**
 * Three processes make, open, lock, close, remove and clean up things of the same names at the same time, and are killed at it
 * one after the other. None ever meets an error that is not to be expected, none hangs, and nothing is left behind.
 */
@ExtendWith(NoLeaks.class)
@Timeout(value = 240, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RacingLivesIT implements NoLeaks.WarmUp {
    private static final Duration TIME = Duration.ofSeconds(Campaign.size(3, 60));
    private static final int AT_A_TIME = 3;
    private static final int MOST_LIVES = 4096;

    /** One is killed after so many steps, or fewer. */
    private static final int MOST_STEPS = 40;

    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    private final String name = "race-" + ProcessHandle.current().pid();

    @Override
    public void warmUp() throws Exception {
        live(1);
    }

    @Test
    void nothingHangsAndNothingIsLeft() throws Exception {
        Set<String> before = names();
        int lives = live(MOST_LIVES);
        System.out.println(lives + " lives of processes were ended by force");
        removeStale();
        Set<String> left = names();
        left.removeAll(before);
        assertEquals(Set.of(), left, "left behind");
    }

    /** So many lives at most; how many there were. */
    private int live(int most) throws Exception {
        Address place = Address.of("segment", directory.resolve("control").toString());
        SegmentOptions options = SegmentOptions.defaults().withSize(2L * MOST_LIVES * Long.BYTES);
        List<Life> alive = new ArrayList<>();
        try (Segment control = Segment.create(place, options)) {
            MemoryArea progress = control.createArea("progress", MOST_LIVES * Long.BYTES);
            long end = System.nanoTime() + TIME.toNanos();
            int lives = 0;
            while (lives < most && (System.nanoTime() - end < 0 || lives < AT_A_TIME)) {
                while (alive.size() < Math.min(AT_A_TIME, most)) {
                    alive.add(new Life(
                            ChildMain.launcher(RacingLives.class, name, place, lives)
                                    .start(),
                            lives));
                    lives++;
                }
                alive.remove(ThreadLocalRandom.current().nextInt(alive.size())).end(progress);
            }
            for (Life each : alive) {
                each.end(progress);
            }
            alive.clear();
            return lives;
        } finally {
            for (Life each : alive) {
                each.child.close();
            }
            Segment.remove(place);
        }
    }

    private record Life(ChildJvm child, int number) {
        /** When it has done something, at any point of what it does then. */
        private void end(MemoryArea progress) throws Exception {
            int steps = ThreadLocalRandom.current().nextInt(MOST_STEPS);
            try (child) {
                Await.until(child + " does something", () -> {
                    assertTrue(child.isAlive(), () -> child + " has ended: " + child.lastErrorLines());
                    return progress.int64(number * Long.BYTES).getVolatile() > steps;
                });
                child.kill();
                assertEquals(9, child.awaitExit().signal(), () -> child + ": " + child.lastErrorLines());
            }
        }
    }

    /** All of it belonged to those who are dead, so it is stale. */
    private void removeStale() throws IOException {
        for (String scheme : RacingLives.SCHEMES) {
            Ipc.scheme(scheme).removeStale(false);
            Address address = RacingLives.address(scheme, name);
            assertFalse(Ipc.exists(address), () -> address + " is stale, and is not removed");
            assertFalse(Ipc.list(scheme).contains(address), () -> address + " is listed");
        }
    }

    /** All names there are in the runtime directory, the registry in it included, and semaphores of the C library. */
    private static Set<String> names() throws IOException {
        Set<String> names = new TreeSet<>();
        for (Path each : List.of(RuntimeDirectory.path(), Path.of("/dev/shm"))) {
            try (Stream<Path> below = Files.walk(each, each.endsWith("shm") ? 1 : 2)) {
                below.map(Path::toString)
                        .filter(path -> !path.startsWith("/dev/shm/") || path.contains("sem.race-"))
                        .forEach(names::add);
            }
        }
        return names;
    }
}
