package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.Ipc;
import org.jvmipc.IpcException;
import org.jvmipc.shm.DamagedSegmentException;
import org.jvmipc.shm.MemoryArea;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.testkit.Campaign;
import org.jvmipc.testkit.NoLeaks;

/** Segments with damage anywhere in them, as another process may do it: typed errors, no hang, no crash, nothing left open. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 7200, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DamagedImagesTest implements NoLeaks.WarmUp {
    private static final int IMAGES = Campaign.size(10_000, 1_000_000);
    private static final long SEED = 20_261_128;
    private static final Duration MOMENT = Duration.ofNanos(100_000);

    /** What is likely to be somebody's size, count or offset. */
    private static final int[] LIKELY = {0, 1, -1, 2, 63, 64, 128, 4096, 65_536, Integer.MAX_VALUE, Integer.MIN_VALUE};

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("s");
    }

    private Address place() {
        return Address.of("segment", file().toString());
    }

    private byte[] image() throws Exception {
        SegmentOptions options =
                SegmentOptions.defaults().withParticipants(4).withObjects(4).withSize(4096);
        try (Segment segment = Segment.create(place(), options);
                SharedMutex mutex = SharedMutex.create(segment, "m");
                SharedSemaphore plain = SharedSemaphore.create(segment, "p", 2, false);
                SharedSemaphore robust = SharedSemaphore.create(segment, "r", 2, true);
                Hold hold = mutex.lock()) {
            segment.createArea("a", 64);
            robust.acquire();
            assertTrue(plain.tryAcquire() && !hold.previousOwnerDied());
            return Files.readAllBytes(file()); // as it is with somebody in it, who will be dead in the copies
        } finally {
            Segment.remove(place());
        }
    }

    @Override
    public void warmUp() throws Exception {
        byte[] image = image();
        use(image);
        Files.delete(file());
    }

    @Test
    void damageAnywhereIsATypedErrorOrHarmless() throws Exception {
        byte[] image = image();
        Random random = new Random(SEED);
        int refused = 0;
        for (int i = 0; i < IMAGES; i++) {
            byte[] damaged = image.clone();
            damage(damaged, random);
            try {
                refused += use(damaged) ? 0 : 1;
            } catch (Throwable e) {
                throw new AssertionError("image " + i + " of seed " + SEED + ": " + e, e);
            } finally {
                Files.deleteIfExists(file());
            }
        }
        int some = refused;
        assertTrue(some > IMAGES / 100, () -> "only " + some + " were refused: is anything looked at?");
    }

    private static void damage(byte[] image, Random random) {
        ByteBuffer bytes = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        for (int count = 1 + random.nextInt(4); count > 0; count--) {
            // The tables and the objects are in the first part of it.
            int at = random.nextInt(image.length / 2 / Integer.BYTES) * Integer.BYTES;
            bytes.putInt(at, random.nextBoolean() ? LIKELY[random.nextInt(LIKELY.length)] : random.nextInt());
        }
    }

    /** Uses all that is in it; false if that was refused by a typed error. */
    private boolean use(byte[] image) throws Exception {
        Files.write(file(), image);
        boolean good = true;
        good &= isDone(() -> Ipc.inspect(place()));
        good &= isDone(() -> {
            try (Segment segment = Segment.open(place())) {
                segment.objects();
                segment.participants();
                useAll(segment);
            }
        });
        return good;
    }

    private static void useAll(Segment segment) throws IOException, InterruptedException {
        isDone(() -> {
            MemoryArea area = segment.area("a");
            if (area.size() >= Long.BYTES) { // what the directory says of it may be less
                area.int64(0).getAndAdd(1);
            }
        });
        isDone(() -> {
            try (SharedMutex mutex = SharedMutex.open(segment, "m")) {
                Hold hold = mutex.tryLock(MOMENT);
                if (hold != null) {
                    hold.close();
                }
            }
        });
        for (String name : new String[] {"p", "r"}) {
            isDone(() -> {
                try (SharedSemaphore semaphore = SharedSemaphore.open(segment, name)) {
                    semaphore.value();
                    if (semaphore.tryAcquire(2, MOMENT)) {
                        semaphore.release(2);
                    }
                }
            });
        }
        isDone(() -> segment.areaOrCreate("b", 64));
    }

    private interface Use {
        void run() throws IOException, InterruptedException;
    }

    private static boolean isDone(Use use) throws IOException, InterruptedException {
        try {
            use.run();
            return true;
        } catch (IpcException | DamagedSegmentException e) {
            return false;
        }
    }
}
