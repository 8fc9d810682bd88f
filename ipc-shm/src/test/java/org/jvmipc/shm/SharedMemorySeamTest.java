package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.Lifetime;
import org.jvmipc.testkit.FaultWalk;
import org.jvmipc.testkit.MemoryDirectory;
import org.jvmipc.testkit.NoLeaks;

/** Each native call of making, opening, looking and removing fails in its turn: nothing is left, and the next try works. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedMemorySeamTest implements NoLeaks.WarmUp {
    private static final SharedMemoryOptions OPTIONS =
            SharedMemoryOptions.ofSize(5000).withLifetime(Lifetime.OWNED);

    /** Not on a disk, for which each round would wait when it forces. */
    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    private Path path() {
        return directory.resolve("m");
    }

    private FaultWalk faults() {
        return new FaultWalk().watching(directory);
    }

    @Override
    public void warmUp() throws Exception {
        Path path = SharedMemory.path("warm-up");
        SharedMemory.create(path, OPTIONS).close();
        SharedMemory.removeStale();
        SharedMemory.remove(path);
    }

    @Test
    void makingOpeningAndRemoving() throws Exception {
        faults().walk(round -> {
            try (SharedMemory memory = round.call(() -> SharedMemory.create(path(), OPTIONS));
                    SharedMemory other = round.call(() -> SharedMemory.openReadOnly(path()))) {
                memory.buffer().put(0, (byte) 3);
                assertEquals(3, other.buffer().get(0));
                round.run(memory::force);
            }
            round.run(() -> SharedMemory.remove(path()));
        });
    }

    @Test
    void openingOrMaking() throws Exception {
        faults().walk(round -> {
            round.run(() -> SharedMemory.openOrCreate(path(), OPTIONS).close());
            round.run(() -> SharedMemory.openOrCreate(path(), OPTIONS).close());
            assertTrue(round.call(() -> SharedMemory.exists(path())));
            SharedMemory.remove(path());
        });
    }

    @Test
    void memoryWithoutAName() throws Exception {
        faults().walk(round -> {
            try (SharedMemory memory = round.call(() -> SharedMemory.anonymous(5000));
                    SharedMemory other = round.call(() -> SharedMemory.open(memory.address()))) {
                assertEquals(5000, other.size());
            }
        });
    }

    @Test
    void inspectingAndCleaning() throws Exception {
        SharedMemory.create(path(), OPTIONS).close();
        Address address = Address.of("shm:" + path());
        faults().walk(round -> assertEquals(
                5000L,
                round.call(() -> new SharedMemoryScheme().inspect(address)).get("size")));
        SharedMemory.remove(path());
        faults().walk(round -> round.run(SharedMemory::removeStale));
    }
}
