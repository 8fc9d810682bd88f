package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Ipc;
import org.jvmipc.Lifetime;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.shm.SharedLong;
import org.jvmipc.shm.SharedMemory;
import org.jvmipc.shm.SharedMemoryOptions;
import org.jvmipc.testkit.ChildProgram;

/**
 * What a process of {@link RacingLivesIT} does with its life: makes, opens, locks, closes, removes and cleans up things that
 * others make, open, lock, close, remove and clean up under the same names, until it is killed. All of it belongs to its maker,
 * so that what the dead leave is stale.
 */
final class RacingLives implements ChildProgram {
    /** Things with a name, and what is owned in them. */
    static final List<String> SCHEMES = List.of("segment", "mutex", "sem", "lock", "shm", "posixsem");

    private static final Duration MOMENT = Duration.ofMillis(20);

    private final ThreadLocalRandom random = ThreadLocalRandom.current();
    private String name = "";

    /** The address of the one of a scheme. */
    static Address address(String scheme, String name) {
        return Address.of(scheme + ":" + (scheme.equals("posixsem") ? "/" : "") + name);
    }

    /**
     * Lives.
     *
     * @param arguments the name; the segment with a word for each life, which counts what it has done; the number of its own
     */
    @Override
    public void run(ParentJvm parent, String[] arguments) throws Exception {
        name = arguments[0];
        try (Segment control = Segment.open(Address.of(arguments[1]))) {
            SharedLong progress = control.area("progress").int64(Integer.parseInt(arguments[2]) * Long.BYTES);
            parent.ready();
            while (true) {
                String scheme = SCHEMES.get(random.nextInt(SCHEMES.size()));
                try {
                    step(scheme);
                } catch (OsException e) {
                    if (e.errno() != Errno.ENOENT && e.errno() != Errno.EEXIST) {
                        throw e;
                    } // another one has removed it, or was faster
                }
                progress.getAndAdd(1);
            }
        }
    }

    private void step(String scheme) throws IOException, InterruptedException {
        Address address = address(scheme, name);
        Address owned = address.with("owned", "true");
        switch (random.nextInt(12)) {
            case 0 -> Ipc.remove(address);
            case 1 -> Ipc.scheme(scheme).removeStale(false);
            case 2 -> Ipc.inspect(address);
            case 3 -> Ipc.list(scheme);
            case 4 -> Ipc.create(toCreate(scheme, owned));
            default -> use(scheme, owned);
        }
    }

    private static Address toCreate(String scheme, Address owned) {
        return switch (scheme) {
            case "shm" -> owned.with("size", "4096");
            case "sem" -> owned.with("value", "1").with("robust", "true");
            case "posixsem" -> owned.with("value", "1");
            default -> owned;
        };
    }

    private void use(String scheme, Address address) throws IOException, InterruptedException {
        switch (scheme) {
            case "segment" -> useSegment(address);
            case "mutex" -> {
                try (SharedMutex mutex = SharedMutex.openOrCreate(address)) {
                    close(mutex.tryLock(MOMENT));
                }
            }
            case "sem" -> {
                try (SharedSemaphore semaphore = SharedSemaphore.openOrCreate(address, 1, true)) {
                    if (semaphore.tryAcquire(MOMENT)) {
                        semaphore.release();
                    }
                }
            }
            case "lock" -> {
                try (FileMutex mutex = FileMutex.openOrCreate(address)) {
                    close(mutex.tryLock(MOMENT));
                }
            }
            case "posixsem" -> {
                try (PosixSemaphore semaphore = PosixSemaphore.openOrCreate(address, 1)) {
                    if (semaphore.tryAcquire(MOMENT)) {
                        semaphore.release();
                    }
                }
            }
            default -> useMemory(SharedMemory.path(name));
        }
    }

    private static void close(@Nullable Hold hold) {
        if (hold != null) {
            hold.close();
        }
    }

    /** Of one and the same segment, removed or not, two never hold the mutex. */
    private void useSegment(Address address) throws IOException, InterruptedException {
        try (Segment segment = Segment.openOrCreate(address, SegmentOptions.of(address));
                SharedMutex mutex = SharedMutex.openOrCreate(segment, "mutex")) {
            SharedLong inside = segment.areaOrCreate("inside", Long.BYTES).int64(0);
            try (SharedMutex.MutexHold hold = mutex.tryLock(MOMENT)) {
                if (hold != null) {
                    long before = inside.getAndSet(1);
                    assertEquals(hold.previousOwnerDied() ? before : 0, before, "two holders");
                    inside.set(0);
                }
            }
        }
    }

    private static void useMemory(Path path) throws IOException {
        SharedMemoryOptions options = SharedMemoryOptions.ofSize(4096).withLifetime(Lifetime.OWNED);
        try (SharedMemory memory = SharedMemory.openOrCreate(path, options)) {
            memory.area(0, 4096).int64(0).getAndAdd(1);
        }
    }
}
