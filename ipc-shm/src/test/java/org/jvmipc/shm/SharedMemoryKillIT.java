package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Lifetime;
import org.jvmipc.internal.RuntimeDirectory;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.Campaign;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.FaultSeam;
import org.jvmipc.testkit.KillWalk;
import org.jvmipc.testkit.NoLeaks;

/** Who makes and removes areas dies at any of its native calls: what is there is whole, and nobody has to tidy up. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedMemoryKillIT implements NoLeaks.WarmUp {
    private static final int SIZE = 5000;

    @TempDir
    Path directory;

    private Path path() {
        return directory.resolve("m");
    }

    @Override
    public void warmUp() throws Exception {
        try (ChildJvm child = ChildMain.launcher("sleep").start()) {
            child.kill();
        }
        SharedMemory.removeStale();
    }

    static final class MakesAndRemoves implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            parent.ready();
            Path path = Path.of(arguments[0]);
            SharedMemoryOptions options = SharedMemoryOptions.ofSize(SIZE).withLifetime(Lifetime.valueOf(arguments[1]));
            FaultSeam.underKill(() -> {
                SharedMemory.create(path, options).close();
                SharedMemory.remove(path);
                SharedMemory.openOrCreate(path, options).close();
                SharedMemory.removeStale();
                SharedMemory.remove(path);
            });
        }
    }

    @Test
    void whatAKilledMakerLeavesIsNobodysTrouble() throws Exception {
        for (Lifetime lifetime : Campaign.isOn() ? Lifetime.values() : new Lifetime[] {Lifetime.OWNED}) {
            int[] round = {0};
            new KillWalk()
                    .watching(directory, RuntimeDirectory.path().resolve("registry"))
                    .walk(victim -> {
                        try (ChildJvm child = victim.start(MakesAndRemoves.class, path(), lifetime)) {
                            victim.awaitEnd(child);
                        }
                        if (SharedMemory.exists(path())) {
                            try (SharedMemory memory = SharedMemory.open(path())) {
                                assertEquals(SIZE, memory.size(), "never a half-made one");
                            }
                        }
                        if (round[0]++ % 2 == 0 && lifetime == Lifetime.OWNED) {
                            SharedMemory.removeStale();
                            assertFalse(SharedMemory.exists(path()), "its owner is dead");
                        }
                        try (SharedMemory memory =
                                SharedMemory.openOrCreate(path(), SharedMemoryOptions.ofSize(SIZE))) {
                            assertEquals(SIZE, memory.size());
                        }
                        SharedMemory.remove(path());
                        SharedMemory.removeStale(); // what a killed writer of a record has left
                    });
        }
    }
}
