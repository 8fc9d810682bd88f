package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.Ipc;
import org.jvmipc.IpcException;
import org.jvmipc.internal.RuntimeDirectory;
import org.jvmipc.shm.DamagedSegmentException;
import org.jvmipc.shm.MemoryArea;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.shm.internal.LockHolderLayout;
import org.jvmipc.shm.internal.LockHolders;
import org.jvmipc.testkit.Campaign;
import org.jvmipc.testkit.MemoryDirectory;
import org.jvmipc.testkit.NoLeaks;

/**
 * What lies in files has damage anywhere in it, as another process may do it: typed errors, no hang, no crash, nothing left open.
 * Segments with everything in them, mutexes and semaphores in segments of their own, the table of lock holders, records.
 */
@ExtendWith(NoLeaks.class)
@Timeout(value = 7200, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DamagedImagesTest implements NoLeaks.WarmUp {
    private static final int IMAGES = Campaign.size(10_000, 1_000_000);
    private static final long SEED = 20_261_128;
    private static final Duration MOMENT = Duration.ofNanos(100_000);

    /** What is waited for in vain costs a wake-up, which is most of an image's time on a busy machine: so in some of them. */
    private static final int WAITS_IN_ONE_OF = 8;

    /** What is likely to be somebody's size, count or offset. */
    private static final int[] LIKELY = {0, 1, -1, 2, 63, 64, 128, 4096, 65_536, Integer.MAX_VALUE, Integer.MIN_VALUE};

    /** On a disk it is the file system that takes the time, to find an inode for each image. */
    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    private Path file() {
        return directory.resolve("s");
    }

    private Address place() {
        return Address.of("segment", file().toString());
    }

    private byte[] image() throws Exception {
        SegmentOptions options =
                SegmentOptions.defaults().withParticipants(4).withObjects(10).withSize(4096);
        try (Segment segment = Segment.create(place(), options);
                SharedMutex mutex = SharedMutex.create(segment, "m");
                SharedSemaphore plain = SharedSemaphore.create(segment, "p", 2, false);
                SharedSemaphore robust = SharedSemaphore.create(segment, "r", 2, true);
                SharedLatch latch = SharedLatch.create(segment, "l", 2);
                SharedEvent event = SharedEvent.create(segment, "e", true);
                SharedReadWriteLock readWrite = SharedReadWriteLock.create(segment, "w", true);
                Hold read = readWrite.readLock();
                SharedCondition condition = SharedCondition.create(segment, "c");
                SharedBarrier barrier = SharedBarrier.create(segment, "b", 2);
                Hold hold = mutex.lock()) {
            segment.createArea("a", 64);
            robust.acquire();
            latch.countDown();
            event.set();
            condition.signal();
            barrier.tryAwait(Duration.ZERO);
            assertTrue(plain.tryAcquire() && !hold.previousOwnerDied() && !read.previousOwnerDied());
            return Files.readAllBytes(file()); // as it is with somebody in it, who will be dead in the copies
        } finally {
            Segment.remove(place());
        }
    }

    @Override
    public void warmUp() throws Exception {
        byte[] image = image();
        useSegment(image, MOMENT);
        Files.delete(file());
        try (FileMutex mutex = FileMutex.openOrCreate(file())) {
            mutex.lock().close();
        }
        FileMutex.remove(file());
    }

    // ---- the images

    /** One image in use. */
    private interface ImageUse {
        /** False if it was refused by a typed error. */
        boolean use(byte[] image, Duration moment) throws Exception;
    }

    /** So many in a thousand of all images, damaged in the first bytes of them. */
    private static void walk(int perMille, byte[] image, int upTo, ImageUse use) throws Exception {
        int images = IMAGES / 1000 * perMille;
        Random random = new Random(SEED);
        int refused = 0;
        for (int i = 0; i < images; i++) {
            byte[] damaged = image.clone();
            damage(damaged, upTo, random);
            try {
                refused += use.use(damaged, i % WAITS_IN_ONE_OF == 0 ? MOMENT : Duration.ZERO) ? 0 : 1;
            } catch (Throwable e) {
                throw new AssertionError("image " + i + " of seed " + SEED + ": " + e, e);
            }
        }
        int some = refused;
        assertTrue(some > images / 100, () -> "only " + some + " were refused: is anything looked at?");
    }

    private static void damage(byte[] image, int upTo, Random random) {
        ByteBuffer bytes = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        for (int count = 1 + random.nextInt(4); count > 0; count--) {
            int at = random.nextInt(upTo / Integer.BYTES) * Integer.BYTES;
            bytes.putInt(at, random.nextBoolean() ? LIKELY[random.nextInt(LIKELY.length)] : random.nextInt());
        }
    }

    // ---- segments

    @Test
    void segmentsWithEverythingInThem() throws Exception {
        byte[] image = image();
        // The tables and the objects are in the first half of it.
        walk(700, image, image.length / 2, (damaged, moment) -> {
            boolean good = useSegment(damaged, moment);
            Files.delete(file());
            return good;
        });
    }

    /** Uses all that is in it; false if that was refused by a typed error. */
    private boolean useSegment(byte[] image, Duration moment) throws Exception {
        Files.write(file(), image);
        boolean good = isDone(() -> Ipc.inspect(place()));
        good &= isDone(() -> {
            try (Segment segment = Segment.open(place())) {
                segment.objects();
                segment.participants();
                useAll(segment, moment);
            }
        });
        return good;
    }

    private static void useAll(Segment segment, Duration moment) throws IOException, InterruptedException {
        isDone(() -> {
            MemoryArea area = segment.area("a");
            if (area.size() >= Long.BYTES) { // what the directory says of it may be less
                area.int64(0).getAndAdd(1);
            }
        });
        isDone(() -> lock(SharedMutex.open(segment, "m"), moment));
        for (String name : new String[] {"p", "r"}) {
            isDone(() -> take(SharedSemaphore.open(segment, name), moment));
        }
        isDone(() -> count(SharedLatch.open(segment, "l"), moment));
        isDone(() -> await(SharedEvent.open(segment, "e"), moment));
        isDone(() -> awaitSignal(segment, moment));
        isDone(() -> meet(SharedBarrier.open(segment, "b"), moment));
        isDone(() -> readAndWrite(SharedReadWriteLock.open(segment, "w"), moment));
        isDone(() -> segment.areaOrCreate("more", 64));
    }

    private static void lock(SharedMutex open, Duration moment) throws InterruptedException {
        try (SharedMutex mutex = open) {
            Hold hold = mutex.tryLock(moment);
            if (hold != null) {
                hold.close();
            }
        }
    }

    private static void count(SharedLatch open, Duration moment) throws InterruptedException {
        try (SharedLatch latch = open) {
            boolean isOpen = latch.tryAwait(moment);
            assertTrue(isOpen == (latch.count() == 0), "nobody else counts");
            latch.countDown(Integer.MAX_VALUE);
            latch.await();
        }
    }

    private static void await(SharedEvent open, Duration moment) throws InterruptedException {
        try (SharedEvent event = open) {
            event.tryAwait(moment);
            event.set();
            event.await();
        }
    }

    private static void awaitSignal(Segment segment, Duration moment) throws IOException, InterruptedException {
        try (SharedCondition condition = SharedCondition.open(segment, "c");
                SharedMutex mutex = SharedMutex.open(segment, "m")) {
            try (SharedMutex.MutexHold hold = mutex.tryLock(moment)) {
                if (hold != null) {
                    condition.tryAwait(hold, moment);
                }
            }
            condition.signal();
            condition.signalAll();
        }
    }

    private static void meet(SharedBarrier open, Duration moment) throws InterruptedException {
        try (SharedBarrier barrier = open) {
            try {
                barrier.tryAwait(moment);
            } catch (BarrierBrokenException e) {
                assertTrue(barrier.isBroken(), "who had it open is dead in the copies");
            }
            barrier.reset();
            barrier.tryAwait(moment);
        }
    }

    private static void readAndWrite(SharedReadWriteLock open, Duration moment) throws InterruptedException {
        try (SharedReadWriteLock lock = open) {
            try (Hold hold = lock.tryReadLock(moment)) {
                assertTrue(hold == null || lock.isReadByCurrentThread());
            }
            try (Hold hold = lock.tryWriteLock(moment)) {
                assertTrue(hold == null || lock.isWrittenByCurrentThread());
            }
        }
    }

    private static void take(SharedSemaphore open, Duration moment) throws InterruptedException {
        try (SharedSemaphore semaphore = open) {
            semaphore.value();
            int wanted = 2;
            try {
                if (!semaphore.tryAcquire(wanted, moment)) {
                    return;
                }
            } catch (IllegalArgumentException e) {
                // The damage made a robust semaphore of one permit of it, which is as whole as any.
                assertTrue(e.getMessage().endsWith(" has at most 1"), e.getMessage());
                wanted = 1;
                if (!semaphore.tryAcquire(wanted, moment)) {
                    return;
                }
            }
            semaphore.release(wanted);
        }
    }

    @Test
    void mutexesAndSemaphoresInSegmentsOfTheirOwn() throws Exception {
        Address mutex = Address.of("mutex", file().toString());
        try (SharedMutex made = SharedMutex.create(mutex.with("participants", "4"));
                Hold hold = made.lock()) {
            assertFalse(hold.previousOwnerDied());
            byte[] image = Files.readAllBytes(file());
            SharedMutex.remove(mutex);
            walk(
                    50,
                    image,
                    image.length / 2,
                    (damaged, moment) -> useAlone(mutex, damaged, () -> {
                        lock(SharedMutex.open(mutex), moment);
                    }));
        }
        Address semaphore = Address.of("sem", file().toString());
        for (boolean robust : new boolean[] {false, true}) {
            try (SharedSemaphore made = SharedSemaphore.create(semaphore.with("participants", "4"), 2, robust)) {
                made.acquire();
                byte[] image = Files.readAllBytes(file());
                SharedSemaphore.remove(semaphore);
                walk(
                        50,
                        image,
                        image.length / 2,
                        (damaged, moment) -> useAlone(semaphore, damaged, () -> {
                            take(SharedSemaphore.open(semaphore), moment);
                        }));
            }
        }
    }

    private boolean useAlone(Address address, byte[] image, Use use) throws Exception {
        Files.write(file(), image);
        boolean good = isDone(() -> Ipc.inspect(address));
        good &= isDone(use);
        Files.delete(file());
        return good;
    }

    // ---- what goes with file locks

    @Test
    void tablesOfLockHolders() throws Exception {
        LockHolders.open(file());
        byte[] image = Arrays.copyOf(Files.readAllBytes(file()), 2048); // what is behind it is as the rest
        LockHolders open = LockHolders.open(file());
        walk(100, image, image.length, (damaged, moment) -> {
            try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(damaged));
            }
            // Each range's window begins at a place of its own in the part that is damaged.
            long key = ByteBuffer.wrap(damaged).getLong(64) << 32 | (damaged[80] & 63L) << 32 | 1;
            useTable(open, key);
            return isMapped(damaged) || isDone(() -> useTable(LockHolders.open(file()), key));
        });
    }

    /** Whether its header is whole: then it is the same table as the open one, and is not mapped once more. */
    private static boolean isMapped(byte[] image) {
        ByteBuffer bytes = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        return bytes.getLong(LockHolderLayout.MAGIC_OFFSET) == LockHolderLayout.MAGIC
                && bytes.getInt(LockHolderLayout.VERSION_OFFSET) == LockHolderLayout.VERSION
                && bytes.getInt(LockHolderLayout.ENTRIES_OFFSET) == LockHolderLayout.ENTRIES;
    }

    private static void useTable(LockHolders holders, long key) {
        LockHolders.Holder before = holders.holder(key);
        assertTrue(before == null || before.isAlive() || !before.isAlive());
        holders.enter(key);
        holders.leave(key);
        assertNull(holders.holder(key), "it is left");
    }

    @Test
    void recordsOfLocksAndOfMemory() throws Exception {
        Address lock = Address.of("lock", file().toString());
        FileMutex.create(file()).close();
        walkRecord(lock, () -> FileMutex.openOrCreate(file()).close());
        assertTrue(FileMutex.remove(file()));
        Segment.create(place(), SegmentOptions.defaults()).close();
        walkRecord(place(), () -> Segment.open(place()).close());
        assertTrue(Segment.remove(place()));
    }

    private void walkRecord(Address address, Use open) throws Exception {
        Path record = recordOf(address);
        byte[] image = Files.readAllBytes(record);
        walk(25, image, image.length, (damaged, moment) -> {
            Files.write(record, damaged);
            isDone(open);
            Ipc.list(address.scheme());
            return isDone(() -> Ipc.inspect(address));
        });
        Files.write(record, image);
    }

    private static Path recordOf(Address address) throws IOException {
        String line = address.toString();
        try (DirectoryStream<Path> records =
                Files.newDirectoryStream(RuntimeDirectory.path().resolve("registry"), address.scheme() + "-*.rec")) {
            for (Path each : records) {
                if (Files.readString(each).contains(line)) {
                    return each;
                }
            }
        }
        throw new AssertionError("no record of " + address);
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
