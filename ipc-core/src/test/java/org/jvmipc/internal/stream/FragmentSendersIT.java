package org.jvmipc.internal.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.PeerGoneException;
import org.jvmipc.PeerGoneException.Reason;
import org.jvmipc.internal.Deadline;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Campaign;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.Payloads;
import org.jvmipc.testkit.Worker;

/** Processes that write into a FIFO and read from it, and are killed at it. */
@Timeout(value = 15, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@SuppressWarnings("try") // what is closed early is closed again by the end of its block
class FragmentSendersIT {
    private static final long SEED = 1836;
    private static final int KILLED_JVMS = Campaign.size(3, 200);
    private static final int KILLED_WRITERS = Campaign.size(20, 400);
    private static final int KILLED_READERS = Campaign.size(12, 400);
    private static final int LARGE = 1024 * 1024;
    private static final int SURVIVOR = 1_000_000;

    private RawFifo fifo;

    @BeforeEach
    void makeFifo() throws Exception {
        fifo = new RawFifo();
    }

    @AfterEach
    void removeFifo() throws Exception {
        fifo.close();
    }

    private static byte[] message(int sender, long seq, int limit) {
        return Payloads.tagged(
                SEED, sender, seq, Math.max(Payloads.TAGGED_MIN, Payloads.size(SEED + sender, seq, limit)));
    }

    /** Sends so many messages, or without end, and closes. */
    static final class Produce implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            int sender = Integer.parseInt(arguments[1]);
            long count = Long.parseLong(arguments[2]);
            int limit = Integer.parseInt(arguments[3]);
            try (FramedSender<byte[]> out = new RawFifo(arguments[0]).sender(FifoTraffic.MANY_SENDERS)) {
                parent.ready();
                for (long seq = 0; count == Children.FOR_EVER || seq < count; seq++) {
                    out.send(message(sender, seq, limit));
                }
            }
        }
    }

    /** Sends some messages, then a large one for which there is no room; is ready when it is in the middle of that. */
    static final class StopMidway implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            int sender = Integer.parseInt(arguments[1]);
            FramedSender<byte[]> out = new RawFifo(arguments[0]).sender(FifoTraffic.MANY_SENDERS);
            for (long seq = 0; seq < Long.parseLong(arguments[2]); seq++) {
                out.send(message(sender, seq, 300));
            }
            Worker<Boolean> writer = Worker.run(() -> out.send(Payloads.tagged(SEED, sender, -1, LARGE)));
            writer.awaitBlocked();
            parent.ready();
            new CountDownLatch(1).await();
        }
    }

    /** What a receiver got: of each sender the messages from 0 on, without a gap, and the deaths. */
    private static final class Log {
        private final Map<Integer, AtomicInteger> counts = new HashMap<>();
        private final List<PeerGoneException> deaths = new ArrayList<>();

        synchronized AtomicInteger count(int sender) {
            return counts.computeIfAbsent(sender, any -> new AtomicInteger());
        }

        synchronized void add(PeerGoneException death) {
            assertEquals(Reason.DIED, death.reason(), () -> String.valueOf(death.getMessage()));
            deaths.add(death);
        }

        synchronized List<Long> dead() {
            return deaths.stream().map(death -> death.pid().orElse(0)).toList();
        }

        /** Receives to the close of the last sender. */
        void receiveAll(FragmentReceiver<byte[]> receiver) throws Exception {
            while (true) {
                try {
                    Payloads.Tag tag = Payloads.verifyTagged(SEED, receiver.receive());
                    assertEquals(count(tag.sender()).getAndIncrement(), tag.seq(), "of sender " + tag.sender());
                } catch (PeerGoneException e) {
                    if (e.reason() == Reason.CLOSED) {
                        return;
                    }
                    add(e);
                }
            }
        }
    }

    @Test
    void oneOfTwoWritersKilledMidwayInALargeMessageIsNamedOnceAndTheOthersMessagesAreExact() throws Exception {
        Log log = new Log();
        try (FragmentReceiver<byte[]> receiver = fifo.receiver(FifoTraffic.MANY_SENDERS);
                ChildJvm victim = Children.start(ChildMain.launcher(StopMidway.class, fifo.path, 1, 50));
                ChildJvm other = Children.start(ChildMain.launcher(Produce.class, fifo.path, 2, 10_000, 20_000))) {
            victim.kill();
            try (Worker<Boolean> reader = Worker.run(() -> log.receiveAll(receiver))) {
                Children.assertExit(0, other);
                reader.result();
            }
            assertEquals(50, log.count(1).get());
            assertEquals(10_000, log.count(2).get());
            assertEquals(List.of(victim.pid()), log.dead());
            assertTrue(String.valueOf(log.deaths.get(0).getMessage()).contains("middle of a message"));
        }
    }

    @Test
    void writersKilledAtAnyMomentLeaveAPrefixAndAreNamedOnce() throws Exception {
        Log log = new Log();
        List<Long> killed = new ArrayList<>();
        try (FragmentReceiver<byte[]> receiver = fifo.receiver(FifoTraffic.MANY_SENDERS);
                FramedSender<byte[]> survivor = fifo.sender(FifoTraffic.MANY_SENDERS);
                Worker<Boolean> reader = Worker.run(() -> log.receiveAll(receiver))) {
            int sent = 0;
            for (int round = 0; round < KILLED_JVMS; round++) {
                try (ChildJvm child = Children.start(
                        ChildMain.launcher(Produce.class, fifo.path, round, Children.FOR_EVER, 200_000))) {
                    int enough = new Random(SEED + round).nextInt(200);
                    AtomicInteger count = log.count(round);
                    while (count.get() < enough && !reader.isDone()) {
                        survivor.send(message(SURVIVOR, sent++, 10_000));
                    }
                    child.kill();
                    killed.add(child.pid());
                    int named = round + 1;
                    Await.until(
                            "the death is told",
                            () -> reader.isDone() || log.dead().size() == named);
                }
            }
            survivor.close();
            reader.result();
            assertEquals(sent, log.count(SURVIVOR).get());
            assertEquals(killed, log.dead());
        }
    }

    /** Here a write is larger than the kernel keeps in one piece, and a kill tears it. */
    @Test
    void writersKilledInTornWritesAreFollowedByExactMessages() throws Exception {
        Log log = new Log();
        List<Long> killed = new ArrayList<>();
        try (FragmentReceiver<byte[]> receiver = fifo.receiver(FifoTraffic.ONE_SENDER);
                Worker<Boolean> reader = Worker.run(() -> log.receiveAll(receiver))) {
            for (int round = 0; round < KILLED_WRITERS && !reader.isDone(); round++) {
                killed.add(writeAndKill(round, log.count(round), 1 + new Random(SEED + round).nextInt(30)));
            }
            try (FramedSender<byte[]> last = fifo.sender(FifoTraffic.ONE_SENDER)) {
                for (int seq = 0; seq < 100; seq++) {
                    last.send(message(SURVIVOR, seq, 100_000));
                }
            }
            reader.result();
            assertEquals(100, log.count(SURVIVOR).get());
            assertEquals(killed, log.dead());
        }
    }

    /** Kills a process that writes fragments, of its own as they say, in any pieces: cat(1), which is fed with them. */
    private long writeAndKill(int sender, AtomicInteger received, int enough) throws Exception {
        Process cat =
                new ProcessBuilder("cat").redirectOutput(fifo.path.toFile()).start();
        FragmentImages images = FragmentImages.of(Objects.requireNonNull(ProcessIdentity.of(cat.pid())), sender);
        try (Worker<Boolean> feeder = Worker.run(() -> feed(cat.getOutputStream(), images))) {
            Await.until("it flows", () -> feeder.isDone() || received.get() >= enough);
            cat.destroyForcibly().waitFor();
            feeder.failure(IOException.class); // nobody takes the rest
        } finally {
            cat.destroyForcibly();
        }
        return cat.pid();
    }

    private static void feed(OutputStream cat, FragmentImages images) throws IOException {
        cat.write(images.hello(0));
        for (int seq = 0; ; seq++) {
            cat.write(images.message(seq, Payloads.tagged(SEED, images.sender(), seq, 60_000)));
        }
    }

    /** Readers that take some bytes and are killed: cat(1) again. What comes after them is whole, and in order. */
    @Test
    void readersKilledAtAnyMomentAreFollowedByExactMessages() throws Exception {
        for (FifoTraffic traffic : new FifoTraffic[] {FifoTraffic.MANY_SENDERS, FifoTraffic.ONE_SENDER}) {
            AtomicInteger next = new AtomicInteger();
            try (Keeper keeper = new Keeper(traffic)) {
                for (int round = 0; round < KILLED_READERS / 2; round++) {
                    Process cat = new ProcessBuilder("cat", fifo.path.toString())
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
                    try {
                        assertTrue(keeper.sender.awaitReceiver(Deadline.NEVER));
                        int before = next.get();
                        int enough = new Random(SEED + round).nextInt(40);
                        try (Worker<Boolean> writer = Worker.run(() -> sendUntilGone(keeper.sender, next))) {
                            Await.until("it flows", () -> writer.isDone() || next.get() >= before + enough);
                            cat.destroyForcibly().waitFor();
                            writer.result();
                        }
                    } finally {
                        cat.destroyForcibly();
                    }
                    expectExactMessages(keeper, traffic, next);
                }
            }
        }
    }

    /** The sender, which goes on through all of it. */
    private final class Keeper implements AutoCloseable {
        private final FramedSender<byte[]> sender;

        Keeper(FifoTraffic traffic) throws IOException {
            try (FragmentReceiver<byte[]> first = fifo.receiver(traffic)) { // opening needs one
                sender = fifo.sender(traffic);
                assertNull(first.tryReceive());
            }
        }

        @Override
        public void close() throws IOException {
            sender.close();
        }
    }

    private static void sendUntilGone(FramedSender<byte[]> sender, AtomicInteger next) throws Exception {
        try {
            while (true) {
                sender.send(message(SURVIVOR, next.getAndIncrement(), 200_000));
            }
        } catch (PeerGoneException e) {
            assertEquals(Reason.DIED, e.reason());
        }
    }

    /** A new reader finds what the dead one left in the pipe, then all that is sent from now on. */
    private void expectExactMessages(Keeper keeper, FifoTraffic traffic, AtomicInteger next) throws Exception {
        int first = next.get();
        int end = first + 10;
        next.set(end);
        try (FragmentReceiver<byte[]> receiver = fifo.receiver(traffic);
                Worker<Boolean> writer = Worker.run(() -> {
                    for (int seq = first; seq < end; seq++) {
                        keeper.sender.send(message(SURVIVOR, seq, 100_000));
                    }
                })) {
            long last = -1;
            int fresh = 0;
            while (last < end - 1) {
                long seq = Payloads.verifyTagged(SEED, receiver.receive()).seq();
                assertTrue(seq > last, () -> "in order: " + seq);
                fresh += seq >= first ? 1 : 0;
                last = seq;
            }
            assertEquals(end - first, fresh);
            writer.result();
        }
    }
}
