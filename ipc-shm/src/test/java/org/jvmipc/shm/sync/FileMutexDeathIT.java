package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.Campaign;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.FaultSeam;
import org.jvmipc.testkit.KillWalk;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** Another JVM that holds file locks is killed, at any moment: nobody is stuck, and the next holder is told, once. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 600, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FileMutexDeathIT implements NoLeaks.WarmUp {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final int LOCKS = 50;
    private static final int KILLS = Campaign.size(1, 200);

    @TempDir
    Path directory;

    @Override
    public void warmUp() throws Exception {
        Path path = Files.createTempDirectory("mutex").resolve("x");
        try (FileMutex mutex = FileMutex.openOrCreate(path);
                ChildJvm child = Children.start(ChildMain.launcher(HoldsAll.class, path.getParent(), 1))) {
            child.kill();
            mutex.lock().close();
        }
        FileMutex.remove(path.resolveSibling("0"));
        FileMutex.remove(path);
        Files.delete(path.getParent());
    }

    // ---- many

    static final class HoldsAll implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            List<Hold> holds = new ArrayList<>();
            for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
                holds.add(FileMutex.openOrCreate(Path.of(arguments[0], Integer.toString(i)))
                        .lock());
            }
            parent.ready();
            Thread.sleep(Long.MAX_VALUE);
            holds.forEach(Hold::close); // never; keeps them reachable
        }
    }

    @Test
    void allThatAKilledJvmHeldComesBackAndIsToldOnce() throws Exception {
        HandOvers handOvers = new HandOvers("file locks");
        for (int kill = 0; kill < KILLS; kill++) {
            List<FileMutex> mutexes = new ArrayList<>();
            try (ChildJvm child = Children.start(ChildMain.launcher(HoldsAll.class, directory, LOCKS))) {
                for (int i = 0; i < LOCKS; i++) {
                    mutexes.add(FileMutex.open(directory.resolve(Integer.toString(i))));
                    assertNull(mutexes.get(i).tryLock());
                }
                try (HandOvers.Waiters waiters =
                        handOvers.waiters(LOCKS, number -> mutexes.get(number).lock())) {
                    waiters.expectAll(HandOvers.kill(child));
                }
                for (FileMutex mutex : mutexes) {
                    try (Hold hold = mutex.tryLock()) {
                        assertNotNull(hold);
                        assertFalse(hold.previousOwnerDied(), "told twice");
                    }
                }
            } finally {
                for (FileMutex mutex : mutexes) {
                    mutex.close();
                    FileMutex.remove(mutex.path());
                }
            }
        }
        handOvers.report();
        handOvers.assertTold(KILLS * LOCKS);
    }

    @Test
    void whoSharesIsToldAndTheOneAfterItIsNot() throws Exception {
        try (ChildJvm child = Children.start(ChildMain.launcher(HoldsAll.class, directory, 1));
                FileMutex mutex = FileMutex.open(directory.resolve("0"))) {
            child.kill();
            try (Hold hold = mutex.tryLockShared(SOON)) {
                assertNotNull(hold);
                assertTrue(hold.previousOwnerDied());
            }
            try (Hold hold = mutex.lock()) {
                assertFalse(hold.previousOwnerDied());
            }
        } finally {
            FileMutex.remove(directory.resolve("0"));
        }
    }

    // ---- at any call

    static final class LocksOften implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            parent.ready();
            FaultSeam.underKill(() -> {
                try (FileMutex mutex = FileMutex.openOrCreate(Path.of(arguments[0]))) {
                    for (int i = 0; i < 3; i++) {
                        mutex.lock().close();
                        mutex.lockShared().close();
                    }
                }
            });
        }
    }

    @Test
    void aJvmKilledAtAnyCallLeavesTheLockToOthers() throws Exception {
        Path path = directory.resolve("walk");
        new KillWalk().watching(directory).walk(victim -> {
            try (ChildJvm child = victim.start(LocksOften.class, path)) {
                victim.awaitEnd(child);
            }
            try (FileMutex mutex = FileMutex.openOrCreate(path)) {
                for (int i = 0; i < 2; i++) {
                    try (Hold hold = mutex.tryLock(SOON)) {
                        assertNotNull(hold, "stuck");
                        assertTrue(i == 0 || !hold.previousOwnerDied(), "told twice");
                    }
                }
            } finally {
                FileMutex.remove(path);
            }
        });
    }

    // ---- FileLock

    static final class HoldsFileLock implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            try (FileChannel file = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE);
                    FileLock lock = file.tryLock()) {
                System.err.println(lock == null ? "refused" : "locked");
                if (lock != null) {
                    parent.ready();
                    Thread.sleep(Long.MAX_VALUE);
                }
            }
        }
    }

    @Test
    void excludesAFileLockOfAnotherJvmAndIsExcludedByIt() throws Exception {
        Path path = directory.resolve("both");
        try (FileMutex mutex = FileMutex.openOrCreate(path)) {
            try (Hold hold = mutex.lock();
                    ChildJvm child =
                            ChildMain.launcher(HoldsFileLock.class, path).start()) {
                assertFalse(hold.previousOwnerDied());
                Children.assertExit(0, child);
                assertEquals(List.of("refused"), child.lastErrorLines());
                Files.readAllBytes(path); // a FileLock of this JVM would be lost by it, and nobody told
                try (ChildJvm another =
                        ChildMain.launcher(HoldsFileLock.class, path).start()) {
                    Children.assertExit(0, another);
                    assertEquals(List.of("refused"), another.lastErrorLines());
                }
            }
            try (ChildJvm child = Children.start(ChildMain.launcher(HoldsFileLock.class, path))) {
                assertNull(mutex.tryLock());
                assertNull(mutex.tryLockShared(Duration.ofMillis(30)));
                try (Worker<Boolean> waiter = Worker.call(() -> {
                    try (Hold hold = mutex.lock()) {
                        return hold.previousOwnerDied();
                    }
                })) {
                    waiter.awaitBlockedOrEnded();
                    waiter.assertRunning();
                    child.kill();
                    assertFalse(waiter.result(SOON), "the one who died was not ours");
                }
            }
        } finally {
            FileMutex.remove(path);
        }
    }
}
