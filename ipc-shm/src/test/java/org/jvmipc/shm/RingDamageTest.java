package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.Ipc;
import org.jvmipc.IpcException;
import org.jvmipc.LimitException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Campaign;
import org.jvmipc.testkit.MemoryDirectory;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** Rings with damage anywhere, there already or done under traffic by another process: typed errors, no hang, no crash. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 7200, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RingDamageTest implements NoLeaks.WarmUp {
    private static final int IMAGES =
            Campaign.size(10_000, 1_000_000) / optionsOfAll().size() + 1;
    private static final Duration VANDALISM = Duration.ofSeconds(Campaign.size(2, 60));
    private static final Duration MOMENT = Duration.ofNanos(100_000);
    private static final long SEED = 20_261_129;
    private static final int MESSAGES = 3;

    /** What is likely to be somebody's size, count, position or header. */
    private static final long[] LIKELY = {
        0,
        1,
        -1,
        2,
        8,
        16,
        64,
        1024,
        2048,
        4096,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        1L << 32 | 16,
        2L << 32 | 16,
        1L << 32 | 4096,
        2L << 32 | 1024
    };

    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    private Path file() {
        return directory.resolve("r");
    }

    private Address address() {
        return Address.of("ring", file().toString()).with("participants", "4");
    }

    private static RingOptions options(RingKind kind) {
        return RingOptions.defaults()
                .withKind(kind)
                .withCapacity(2048)
                .withLanes(2)
                .withReceivers(2);
    }

    /** Each kind with each policy that it may have. */
    static List<RingOptions> optionsOfAll() {
        List<RingOptions> all = new ArrayList<>();
        for (RingKind kind : RingKind.values()) {
            all.add(options(kind));
            all.add(options(kind).withWhenFull(RingFullPolicy.FAIL));
        }
        all.add(options(RingKind.BROADCAST).withWhenFull(RingFullPolicy.DROP_SLOWEST));
        return all;
    }

    private byte[] image(RingOptions options) throws Exception {
        try (SharedRing ring = SharedRing.create(address(), options);
                RingReceiver<byte[]> in = ring.openReceiver(Codecs.bytes());
                RingSender<byte[]> out = ring.openSender(Codecs.bytes())) {
            for (int i = 0; i < 40; i++) { // into its second lap
                out.send(new byte[i]);
                in.receive();
            }
            for (int i = 0; i < MESSAGES; i++) {
                out.send(new byte[i]);
            }
            return Files.readAllBytes(file()); // as it is with both ends in it, who will be dead in the copies
        } finally {
            SharedRing.remove(file());
        }
    }

    @Override
    public void warmUp() throws Exception {
        for (RingOptions options : optionsOfAll()) {
            assertTrue(use(image(options)), () -> "without damage it is refused: " + options);
            Files.delete(file());
        }
    }

    @ParameterizedTest
    @MethodSource("optionsOfAll")
    void imagesWithDamageAnywhere(RingOptions options) throws Exception {
        byte[] image = image(options);
        Random random = new Random(SEED);
        int refused = 0;
        for (int i = 0; i < IMAGES; i++) {
            byte[] damaged = image.clone();
            damage(damaged, random);
            try {
                refused += use(damaged) ? 0 : 1;
            } catch (Throwable e) {
                throw new AssertionError("image " + i + " of seed " + SEED + ": " + e, e);
            }
        }
        int some = refused;
        assertTrue(some > IMAGES / 100, () -> "only " + some + " were refused: is anything looked at?");
        Files.delete(file());
    }

    /** One of them is the header at which a lane ends: a length that, aligned, is negative had the next sender go round for ever. */
    @ParameterizedTest
    @ValueSource(longs = {Integer.MAX_VALUE, Integer.MAX_VALUE - 8, 1L << 32 | Integer.MAX_VALUE})
    void everyWordInTurnIsTheLargestLength(long value) throws Exception {
        byte[] image = image(options(RingKind.ONE_TO_ONE));
        for (int at = 0; at < image.length; at += Long.BYTES) {
            byte[] damaged = image.clone();
            ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN).putLong(at, value);
            use(damaged);
        }
        Files.delete(file());
    }

    private static void damage(byte[] image, Random random) {
        ByteBuffer bytes = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        for (int count = 1 + random.nextInt(4); count > 0; count--) {
            int at = random.nextInt(image.length / Integer.BYTES - 1) * Integer.BYTES;
            long value = random.nextInt(4) == 0 ? random.nextLong() : LIKELY[random.nextInt(LIKELY.length)];
            if (random.nextBoolean()) {
                bytes.putInt(at, (int) value);
            } else {
                bytes.putLong(at & -Long.BYTES, value);
            }
        }
    }

    /** Uses all that can be done with it; false if something was refused by a typed error. */
    private boolean use(byte[] image) throws Exception {
        Files.deleteIfExists(file());
        Files.write(file(), image);
        boolean good = isDone(() -> Ipc.inspect(address()));
        good &= isDone(() -> {
            try (SharedRing ring = SharedRing.open(address())) {
                boolean sent = isDone(() -> send(ring));
                boolean received = isDone(() -> receive(ring));
                boolean both = isDone(() -> sendAndThenReceive(ring));
                if (!sent || !received || !both) {
                    throw new IpcException("refused");
                }
            }
        });
        return good;
    }

    private static void send(SharedRing ring) throws IOException, InterruptedException {
        try (RingSender<byte[]> out = ring.openSender(Codecs.bytes())) {
            for (int i = 0; i < 30; i++) {
                if (!out.trySend(new byte[Math.min(100, ring.maxMessageBytes())])) {
                    out.trySend(new byte[1], MOMENT);
                    break;
                }
            }
            Claim claim = out.tryClaim(1);
            if (claim != null) {
                claim.buffer().put((byte) 1);
                claim.commit();
            }
        }
    }

    private static void receive(SharedRing ring) throws IOException, InterruptedException {
        try (RingReceiver<byte[]> in = ring.openReceiver(Codecs.bytes())) {
            in.drainInPlace(message -> message.get(new byte[message.remaining()]), 2);
            for (int i = 0; i < 200; i++) {
                if (in.tryReceive() == null) {
                    in.tryReceive(MOMENT);
                    break;
                }
            }
        }
    }

    /** Until it is full, and once more: it fails then, or drops the receiver, which is told. */
    private static void sendAndThenReceive(SharedRing ring) throws IOException, InterruptedException {
        try (RingReceiver<byte[]> in = ring.openReceiver(Codecs.bytes());
                RingSender<byte[]> out = ring.openSender(Codecs.bytes())) {
            byte[] message = new byte[Math.min(100, ring.maxMessageBytes())];
            for (int i = 0; i < 30 && out.trySend(message); i++) {
                // into the next lap
            }
            try {
                for (int i = 0; i < 200 && in.tryReceive() != null; i++) {
                    // what is there
                }
            } catch (LimitException e) {
                in.tryReceive();
            }
        }
    }

    private interface Use {
        void run() throws IOException, InterruptedException;
    }

    private static boolean isDone(Use use) throws IOException, InterruptedException {
        try {
            use.run();
            return true;
        } catch (PeerGoneException e) {
            return true; // those of the image are dead, and who has closed before the other is gone
        } catch (IpcException | DamagedSegmentException e) {
            return false;
        }
    }

    // ---- under traffic

    private volatile boolean over;

    @Test
    void aPeerThatOverwritesRandomBytesUnderTraffic() throws Exception {
        Random random = new Random(SEED);
        long end = System.nanoTime() + VANDALISM.toNanos();
        for (int round = 0; System.nanoTime() - end < 0; round++) {
            List<RingOptions> all = optionsOfAll();
            over = false;
            try (SharedRing ring = SharedRing.create(address(), all.get(round % all.size()));
                    Worker<Boolean> receiver = Worker.run(() -> until(() -> receiveSome(ring)));
                    Worker<Boolean> sender = Worker.run(() -> until(() -> sendSome(ring)))) {
                vandalise(random, 200);
                over = true;
                sender.result(Await.LONG);
                receiver.result(Await.LONG);
            } finally {
                SharedRing.remove(file());
            }
        }
    }

    private void until(Use use) throws IOException, InterruptedException {
        while (!over) {
            isDone(use);
        }
    }

    private static void sendSome(SharedRing ring) throws IOException, InterruptedException {
        try (RingSender<byte[]> out = ring.openSender(Codecs.bytes())) {
            for (int i = 0; i < 1000; i++) {
                out.trySend(new byte[i % 100], MOMENT);
            }
        }
    }

    private static void receiveSome(SharedRing ring) throws IOException, InterruptedException {
        try (RingReceiver<byte[]> in = ring.openReceiver(Codecs.bytes())) {
            for (int i = 0; i < 1000; i++) {
                in.tryReceive(MOMENT);
                in.drain(message -> {}, 10);
            }
        }
    }

    /** Behind the segment's tables, which others than rings answer for. */
    private void vandalise(Random random, int times) throws IOException, InterruptedException {
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
            memory.order(ByteOrder.LITTLE_ENDIAN);
            int tables = memory.getInt(56);
            for (int i = 0; i < times; i++) {
                int at = tables + random.nextInt((memory.capacity() - tables) / Long.BYTES) * Long.BYTES;
                long value = random.nextInt(4) == 0 ? random.nextLong() : LIKELY[random.nextInt(LIKELY.length)];
                if (random.nextBoolean()) {
                    memory.put(at, (byte) value);
                } else {
                    memory.putLong(at, value);
                }
                Thread.sleep(0, 100_000);
            }
        }
    }
}
