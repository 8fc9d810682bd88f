package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Codecs;
import org.jvmipc.mq.internal.Journal;
import org.jvmipc.mq.internal.StepPrograms;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Campaign;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.NoLeaks;

/**
 * Producers and consumers killed at random moments, many in the middle of an append, of an acknowledgement, or of the change to a new file,
 * as files are small. Nothing that was told to be sent is lost, doubled or torn, and nothing that was told to be acknowledged comes
 * again.
 */
@ExtendWith(NoLeaks.class)
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MessageQueueKillIT implements NoLeaks.WarmUp {
    private static final int KILLS = Campaign.size(50, 1_000);

    /** A producer and a consumer are killed at one time, so many pairs side by side. */
    private static final int PAIRS = 5;

    @TempDir(factory = InMemory.class)
    Path directory;

    private final Random random = new Random(20260101);
    private final List<Path> logs = new ArrayList<>();
    private MessageQueue<byte[]> queue;
    private Path start;

    /** What the first child and the first queue load. */
    @Override
    public void warmUp() throws Exception {
        MessageQueue<String> queue = Queues.create(directory, Codecs.utf8());
        try (QueueSender<String> out = queue.openSender();
                ChildJvm child = ChildMain.launcher(
                                StepPrograms.DiesInRoll.class, queue.address().path())
                        .start()) {
            Children.assertExit(9, child);
            out.send("what the death of one who had it open takes is loaded");
        }
        MessageQueue.remove(queue.address());
    }

    @Test
    void nothingAcknowledgedIsLostOrComesAgainHoweverManyAreKilled() throws Exception {
        queue = MessageQueue.create(
                Queues.address(directory),
                Codecs.bytes(),
                Queues.SMALL
                        .withMaxMessage(10_000)
                        .withCapacity(400_000)
                        .withCycle(64 << 10)
                        .withParticipants(64)
                        .withRetention(Duration.ofDays(1)));
        queue.openConsumer(Queues.GROUP).close(); // the group is there from the first message on
        for (int killed = 0; killed < KILLS; ) {
            killed += killSome();
            assertJournalIsWhatReceiversSay();
        }
        takeTheRest();
        assertJournalIsWhatReceiversSay();
        assertAllSentWasTaken();
    }

    private JvmLauncher launcher(Class<? extends ChildProgram> program) {
        Path log = directory.resolve("log" + logs.size());
        logs.add(log);
        return ChildMain.launcher(program, queue.address(), log, start);
    }

    private int killSome() throws Exception {
        start = directory.resolve("start" + logs.size());
        List<ChildJvm> children = new ArrayList<>();
        try {
            for (int i = 0; i < PAIRS; i++) {
                children.add(launcher(KillPrograms.Taker.class).start());
                children.add(launcher(KillPrograms.Producer.class).start());
            }
            for (ChildJvm each : children) {
                assertTrue(each.tryAwaitReady(Await.LONG), () -> each + " is not ready: " + each.lastErrorLines());
            }
            long before = queue.status().nextIndex();
            Files.createFile(start);
            Await.until("it flows", () -> queue.status().nextIndex() > before + random.nextInt(300));
            for (ChildJvm each : children) {
                assertTrue(each.isAlive(), () -> each + " has ended by itself: " + each.lastErrorLines());
                each.kill();
            }
            for (ChildJvm each : children) {
                each.awaitExit();
            }
            return children.size();
        } finally {
            for (ChildJvm each : children) {
                each.close();
            }
        }
    }

    /** By one consumer, which logs what it does, too. */
    private void takeTheRest() throws Exception {
        Path log = directory.resolve("log" + logs.size());
        logs.add(log);
        try (Consumer<byte[]> in = queue.openConsumer(
                        Queues.GROUP, ConsumerOptions.defaults().withMaxDeliveries(0));
                KillLog lines = new KillLog(log)) {
            long next = queue.status().nextIndex();
            while (queue.status().groups().get(0).lowWater() < next) {
                Delivery<byte[]> delivery = in.tryReceive(Await.LONG);
                assertTrue(delivery != null, () -> "nothing comes, and the group is not done");
                KillPrograms.logReceived(lines, delivery);
                verify(delivery.queued());
                delivery.ack();
                lines.add(KillPrograms.ACKNOWLEDGED, delivery.index(), 0);
            }
        }
    }

    private static void verify(QueuedMessage<byte[]> message) {
        ByteBuffer bytes = ByteBuffer.wrap(message.body());
        assertEquals(message.producer(), bytes.getLong());
        assertEquals(message.sequence(), bytes.getLong());
        assertArrayEquals(KillPrograms.message(message.producer(), message.sequence()), message.body(), "torn");
    }

    /** On disk is what was told to be acknowledged, and at most what each one was just about to. */
    private void assertJournalIsWhatReceiversSay() throws Exception {
        Journal.Content journal =
                Journal.read(queue.address().path().resolve("groups").resolve(Queues.GROUP + ".acks"));
        Set<Long> acknowledged = new HashSet<>();
        Set<Long> perhaps = new HashSet<>();
        Map<Long, Integer> received = new HashMap<>();
        for (Path log : logs) {
            long asked = -1;
            for (KillLog.Line line : KillLog.read(log)) {
                if (line.kind() == KillPrograms.RECEIVED) {
                    received.merge(line.first(), 1, Integer::sum);
                } else if (line.kind() == KillPrograms.ACKNOWLEDGING) {
                    asked = line.first();
                } else if (line.kind() == KillPrograms.ACKNOWLEDGED) {
                    assertTrue(acknowledged.add(line.first()), () -> line.first() + " was acknowledged twice");
                    asked = -1;
                }
            }
            perhaps.add(asked);
        }
        long next = queue.status().nextIndex();
        for (long index = 0; index < next; index++) {
            boolean taken = journal.isTaken(index);
            if (acknowledged.contains(index)) {
                assertTrue(taken, "acknowledged, and not on disk: " + index);
            } else if (!perhaps.contains(index)) {
                assertFalse(taken, "on disk, and nobody has acknowledged it: " + index);
            }
        }
        assertRepeatsSaySo();
    }

    /** A first delivery says 0, of those that come after it none does. */
    private void assertRepeatsSaySo() throws Exception {
        Map<Long, Integer> firsts = new HashMap<>();
        for (Path log : logs) {
            for (KillLog.Line line : KillLog.read(log)) {
                if (line.kind() == KillPrograms.RECEIVED && line.second() == 0) {
                    firsts.merge(line.first(), 1, Integer::sum);
                }
            }
        }
        firsts.forEach((index, times) -> assertEquals(1, times, () -> index + " came as new several times"));
    }

    /** Which message of which producer. */
    private record Sent(long producer, long sequence) {}

    /** By the logs of those who took: each index is one message, and each message has one index; none is torn. */
    private Map<Sent, Long> received() throws Exception {
        Map<Long, Sent> byIndex = new HashMap<>();
        Map<Sent, Long> indices = new HashMap<>();
        for (Path log : logs) {
            long index = -1;
            Sent from = null;
            for (KillLog.Line line : KillLog.read(log)) {
                if (line.kind() == KillPrograms.RECEIVED) {
                    index = line.first();
                } else if (line.kind() == KillPrograms.FROM) {
                    from = new Sent(line.first(), line.second());
                    Sent other = byIndex.putIfAbsent(index, from);
                    assertTrue(other == null || other.equals(from), index + " is " + other + " and " + from);
                    Long elsewhere = indices.putIfAbsent(from, index);
                    assertTrue(elsewhere == null || elsewhere == index, from + " is " + elsewhere + " and " + index);
                } else if (line.kind() == KillPrograms.CHECKSUM && from != null) {
                    byte[] message = KillPrograms.message(from.producer, from.sequence);
                    assertEquals(KillPrograms.checksum(message), line.second(), "torn");
                }
            }
        }
        return indices;
    }

    private void assertAllSentWasTaken() throws Exception {
        Map<Sent, Long> received = received();
        for (Path log : logs) {
            for (KillLog.Line line : KillLog.read(log)) {
                if (line.kind() == KillPrograms.SENT) {
                    Sent sent = new Sent(line.first(), line.second());
                    assertTrue(received.containsKey(sent), () -> "sent, and never received: " + sent);
                }
            }
        }
        assertNothingElseIsThere();
    }

    private void assertNothingElseIsThere() throws Exception {
        Map<Long, Long> sent = new HashMap<>();
        for (Path log : logs) {
            for (KillLog.Line line : KillLog.read(log)) {
                if (line.kind() == KillPrograms.SENT) {
                    sent.merge(line.first(), line.second(), Math::max);
                }
            }
        }
        long all = sent.values().stream().mapToLong(Long::longValue).sum();
        MessageQueueStatus status = queue.status();
        // Of each producer one more may be there, of which it was not told.
        assertTrue(status.nextIndex() >= all, status + " of " + all + " sent");
        assertTrue(status.nextIndex() <= all + sent.size() + KILLS, status + " of " + all + " sent");
        assertEquals(status.nextIndex(), status.groups().get(0).lowWater());
        assertTrue(queue.check(Duration.ofSeconds(30)).isWhole(), () -> "damaged");
    }
}
