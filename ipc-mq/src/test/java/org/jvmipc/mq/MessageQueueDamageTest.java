package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.CorruptDataException;
import org.jvmipc.shm.Segment;
import org.jvmipc.testkit.Campaign;
import org.jvmipc.testkit.NoLeaks;

/** Files that somebody has cut off or written over: what is whole is served, what is not is told, and nothing hangs. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MessageQueueDamageTest implements NoLeaks.WarmUp {
    static final int MESSAGES = 300;
    private static final int HEADER_BYTES = 33_000; // of Chronicle, before the first message
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(5);

    @TempDir(factory = InMemory.class)
    Path directory;

    private final Random random = new Random(20260101);

    @Override
    public void warmUp() throws Exception {
        fresh();
    }

    /** A queue of a few hundred messages in one file. */
    private MessageQueue<String> fresh() throws Exception {
        return fresh(directory);
    }

    static MessageQueue<String> fresh(Path directory) throws Exception {
        MessageQueue<String> queue = Queues.create(directory, Codecs.utf8());
        try (QueueSender<String> out = queue.openSender();
                Consumer<String> consumer = queue.openConsumer("g")) {
            for (int i = 0; i < MESSAGES; i++) {
                out.send(text(i));
            }
            for (int i = 0; i < 20; i++) {
                consumer.receive().ack();
            }
        }
        return queue;
    }

    private static String text(long index) {
        return index + " " + "x".repeat((int) (index * 7 % 300));
    }

    static Path file(MessageQueue<?> queue) throws IOException {
        try (Stream<Path> files = Files.walk(queue.address().path().resolve("cycles"))) {
            return files.filter(each -> each.toString().endsWith(".cq4"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Reads all there is; each message is what it was, and what is lost is told. */
    static List<Long> read(MessageQueue<String> queue, List<String> damages) throws Exception {
        List<Long> read = new ArrayList<>();
        long start = System.nanoTime();
        try (QueueReceiver<QueuedMessage<String>> in = queue.openMessages(ReceiveFrom.start())) {
            while (true) {
                assertTrue(System.nanoTime() - start < LONGEST_NANOS, "does not come to an end");
                try {
                    QueuedMessage<String> message = in.tryReceive();
                    if (message == null) {
                        return read;
                    }
                    assertEquals(text(message.index()), message.body());
                    read.add(message.index());
                } catch (CorruptDataException e) {
                    damages.add(e.getMessage());
                }
            }
        }
    }

    /** What becomes of the damaged queue when it is used on. */
    static void assertGoesOn(MessageQueue<String> queue, List<Long> whole) throws Exception {
        long start = System.nanoTime();
        try (QueueSender<String> out = queue.openSender();
                QueueReceiver<String> end = queue.openReceiver(ReceiveFrom.end())) {
            long next = queue.status().nextIndex();
            out.send(text(next));
            assertEquals(text(next), end.receive());
            whole.add(next);
        }
        List<Long> taken = new ArrayList<>();
        try (Consumer<String> consumer = queue.openConsumer("new")) {
            while (true) {
                assertTrue(System.nanoTime() - start < LONGEST_NANOS, "does not come to an end");
                try {
                    Delivery<String> delivery = consumer.tryReceive();
                    if (delivery == null) {
                        break;
                    }
                    taken.add(delivery.index());
                    delivery.ack();
                } catch (CorruptDataException e) {
                    // told once, and counted as taken
                }
            }
        }
        assertEquals(whole, taken);
        assertEquals(
                queue.status().nextIndex(),
                queue.status().groups().stream()
                        .filter(each -> each.name().equals("new"))
                        .findFirst()
                        .orElseThrow()
                        .lowWater());
    }

    private void assertWhatIsWholeIsServed(MessageQueue<String> queue, boolean restarted) throws Exception {
        if (restarted) {
            assertTrue(Segment.remove(Address.of(
                    "segment", queue.address().path().resolve("state.segment").toString())));
        }
        List<String> damages = new ArrayList<>();
        List<Long> whole = read(queue, damages);
        for (int i = 1; i < whole.size(); i++) {
            assertTrue(whole.get(i) > whole.get(i - 1), "out of order");
        }
        assertTrue(
                restarted || whole.size() == MESSAGES || !damages.isEmpty(), "something is lost, and nobody says so");
        assertGoesOn(queue, whole);
        MessageQueue.remove(queue.address());
    }

    @Test
    void aQueueCutOffAnywhereServesWhatIsLeft() throws Exception {
        int step = 4096 * (Campaign.isOn() ? 1 : 2);
        int cuts = 0;
        for (long at = 0; ; at += step) {
            MessageQueue<String> queue = fresh();
            Path file = file(queue);
            if (at >= HEADER_BYTES + 80_000) {
                break;
            }
            try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
                cut.setLength(at);
            }
            assertWhatIsWholeIsServed(queue, cuts++ % 3 == 0);
        }
        assertTrue(cuts > 10);
    }

    @Test
    void singleBitsThatAreFlippedInRecordsCostOneFileAtMost() throws Exception {
        for (int i = 0; i < Campaign.size(100, 1_000); i++) {
            MessageQueue<String> queue = fresh();
            flip(file(queue), HEADER_BYTES + random.nextInt(70_000));
            assertWhatIsWholeIsServed(queue, i % 4 == 0);
        }
    }

    @Test
    void aFlippedBitInAMessageCostsThatMessageOnly() throws Exception {
        MessageQueue<String> queue = fresh();
        byte[] bytes = Files.readAllBytes(file(queue));
        byte[] wanted = text(150).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        int at = indexOf(bytes, wanted);
        flip(file(queue), at + wanted.length - 1);
        List<String> damages = new ArrayList<>();
        List<Long> whole = read(queue, damages);
        assertEquals(MESSAGES - 1, whole.size());
        assertEquals(1, damages.size());
        assertTrue(damages.get(0).contains("message 150 is damaged"), damages.get(0));
        assertTrue(damages.get(0).contains(".cq4"), damages.get(0));
        assertEquals(damages, queue.check(java.time.Duration.ofSeconds(5)).damages());
    }

    @Test
    void aDamagedSegmentThatNobodyUsesIsMadeAnew() throws Exception {
        for (int at : new int[] {0, 8, 16, 40, 130, 8192}) {
            MessageQueue<String> queue = fresh();
            flip(queue.address().path().resolve("state.segment"), at);
            List<String> damages = new ArrayList<>();
            assertEquals(MESSAGES, read(queue, damages).size());
            try (Consumer<String> consumer = queue.openConsumer("g")) {
                assertEquals(20, consumer.receive().index());
            }
            MessageQueue.remove(queue.address());
        }
    }

    private static int indexOf(byte[] bytes, byte[] wanted) {
        for (int i = HEADER_BYTES; ; i++) {
            if (java.util.Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
    }

    private void flip(Path file, int at) throws IOException {
        flip(file, at, random);
    }

    static void flip(Path file, int at, Random random) throws IOException {
        try (RandomAccessFile target = new RandomAccessFile(file.toFile(), "rw")) {
            target.seek(at);
            int old = target.read();
            target.seek(at);
            target.write(old ^ 1 << random.nextInt(8));
        }
    }
}
