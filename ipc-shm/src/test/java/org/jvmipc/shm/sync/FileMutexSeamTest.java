package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Lifetime;
import org.jvmipc.internal.RuntimeDirectory;
import org.jvmipc.testkit.FaultWalk;

/** Any native call of a file lock, and of the registry under it, fails once. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FileMutexSeamTest {
    @TempDir
    Path directory;

    private Path path() {
        return directory.resolve("a");
    }

    private FaultWalk faults() throws IOException {
        return new FaultWalk().watching(directory, RuntimeDirectory.path().resolve("registry"));
    }

    /** What the kernel refuses a lock with comes unchecked. */
    private static <R> R checked(Callable<R> call) throws Exception {
        try {
            return call.call();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Test
    void creatingAndRemoving() throws Exception {
        FileMutex.create(path()).close(); // the registry, which stays, is there before it is looked what is left behind
        FileMutex.remove(path());
        for (Lifetime lifetime : Lifetime.values()) {
            FileMutexOptions options =
                    FileMutexOptions.defaults().withMode(0640).withLifetime(lifetime);
            faults().walk(round -> {
                round.run(() -> FileMutex.create(path(), options).close());
                assertTrue(round.call(() -> FileMutex.exists(path())));
                round.run(() -> FileMutex.remove(path()));
                assertFalse(FileMutex.exists(path()));
            });
        }
    }

    @Test
    void openingLockingUnlockingAndClosing() throws Exception {
        faults().walk(round -> {
            FileMutex mutex = round.call(() -> FileMutex.openOrCreate(path()));
            Hold hold = round.call(() -> checked(mutex::lock));
            round.run(hold::close);
            Hold shared = round.call(() -> checked(mutex::tryLockShared));
            assertNotNull(shared);
            round.run(shared::close);
            round.run(mutex::close);
            round.call(() -> FileMutex.open(path())).close();
            FileMutex.remove(path());
        });
    }
}
