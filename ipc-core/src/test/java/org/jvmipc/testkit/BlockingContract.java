package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.PrimitiveIterator;
import org.junit.jupiter.api.Test;
import org.jvmipc.Capability;
import org.jvmipc.Codecs;

/** Chapter 2: full blocks the writer, empty blocks the reader, tries never wait, timed calls wait as long as they say. */
interface BlockingContract extends ContractHooks {
    /** So many calls that never wait take less than {@link #MANY_CALLS_LIMIT}, even on a busy machine. */
    int MANY_CALLS = 2000;

    /** Were each to wait but 5 ms, the least that a sleep or poll slice takes, they would take twice that. */
    Duration MANY_CALLS_LIMIT = Duration.ofSeconds(5);

    /** Nothing more than these: also what overflows when counted in nanoseconds. */
    List<Duration> NO_TIME =
            List.of(Duration.ZERO, Duration.ofNanos(-1), Duration.ofDays(-1), Duration.ofSeconds(Long.MIN_VALUE));

    /** More than a long of nanoseconds holds. */
    Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);

    @Test
    default void blocksWriterWhenFull() throws Exception {
        needs(Capability.BOUNDED, Capability.RELIABLE);
        int size = ContractTools.small(this);
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            int count = ContractTools.fill(ends.sender(), size);
            try (Worker<Boolean> writer = Worker.run(() -> ends.sender().send(ContractTools.message(count, size)))) {
                writer.awaitBlocked();
                Await.holds(() -> "send returned with the channel full", ContractTools.SHORT, () -> !writer.isDone());
                ContractTools.expect(ends.receiver(), 0, count + 1, size);
                writer.result();
                ContractTools.assertUsable(ends);
            }
        }
    }

    @Test
    default void blocksReaderWhenEmpty() throws Exception {
        try (Ends<byte[]> ends = open(Codecs.bytes());
                Worker<byte[]> reader = Worker.call(() -> ends.receiver().receive())) {
            reader.awaitBlocked();
            Await.holds(() -> "receive returned from an empty channel", ContractTools.SHORT, () -> !reader.isDone());
            ends.sender().send(ContractTools.message(0, 33));
            Payloads.verify(ContractTools.SEED, 0, 33, reader.result());
        }
    }

    @Test
    default void capacityComesBackWhenDrained() throws Exception {
        needs(Capability.BOUNDED, Capability.RELIABLE, Capability.ORDERED);
        int size = ContractTools.small(this);
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            int least = leastCapacityBytes() / size;
            for (int round = 0; round < 100; round++) { // so many that a little lost each time shows
                int count = ContractTools.fill(ends.sender(), size, round == 0 ? Integer.MAX_VALUE : least);
                least = least == 0 ? 3 * count / 4 : least;
                assertTrue(count >= least, "holds " + count + " messages, and " + least + " at least");
                ContractTools.expect(ends.receiver(), 0, count, size);
                assertNull(ends.receiver().tryReceive());
            }
        }
    }

    @Test
    default void trySendNeverWaitsWhenFull() throws Exception {
        needs(Capability.BOUNDED, Capability.RELIABLE);
        int size = ContractTools.small(this);
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            int count = ContractTools.fill(ends.sender(), size);
            byte[] message = ContractTools.message(99, size);
            assertQuick(() -> assertFalse(ends.sender().trySend(message)));
            for (Duration none : NO_TIME) {
                assertQuick(() -> assertFalse(ends.sender().trySend(message, none)));
            }
            ContractTools.expect(ends.receiver(), 0, count, size);
            ContractTools.assertUsable(ends);
        }
    }

    @Test
    default void tryReceiveNeverWaitsWhenEmpty() throws Exception {
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            assertQuick(() -> assertNull(ends.receiver().tryReceive()));
            for (Duration none : NO_TIME) {
                assertQuick(() -> assertNull(ends.receiver().tryReceive(none)));
            }
            ContractTools.assertUsable(ends);
        }
    }

    @Test
    default void trySendDoesNotWaitForABlockedSender() throws Exception {
        needs(Capability.BOUNDED, Capability.RELIABLE);
        int size = ContractTools.small(this);
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            int count = ContractTools.fill(ends.sender(), size);
            try (Worker<Boolean> writer = Worker.run(() -> ends.sender().send(ContractTools.message(count, size)))) {
                writer.awaitBlocked();
                assertQuick(() -> assertFalse(ends.sender().trySend(new byte[1])));
                assertQuick(() -> assertFalse(ends.sender().trySend(new byte[1], Duration.ofNanos(-1))));
                writer.assertRunning();
                ContractTools.expect(ends.receiver(), 0, count + 1, size);
                writer.result();
            }
        }
    }

    @Test
    default void tryReceiveDoesNotWaitForABlockedReceiver() throws Exception {
        try (Ends<byte[]> ends = open(Codecs.bytes());
                Worker<byte[]> reader = Worker.call(() -> ends.receiver().receive())) {
            reader.awaitBlocked();
            assertQuick(() -> assertNull(ends.receiver().tryReceive()));
            assertQuick(() -> assertNull(ends.receiver().tryReceive(Duration.ofNanos(-1))));
            reader.assertRunning();
            ends.sender().send(ContractTools.message(0, 33));
            Payloads.verify(ContractTools.SEED, 0, 33, reader.result());
        }
    }

    private static void assertQuick(Worker.Action call) throws Exception {
        try (Worker<Duration> calls = Worker.call(() -> ContractTools.elapsed(() -> {
            for (int i = 0; i < MANY_CALLS; i++) {
                call.run();
            }
        }))) {
            Duration took = calls.result();
            assertTrue(took.compareTo(MANY_CALLS_LIMIT) < 0, () -> MANY_CALLS + " tries took " + took);
        }
    }

    @Test
    default void timedSendWaitsAtLeastThatLong() throws Exception {
        needs(Capability.BOUNDED, Capability.RELIABLE);
        int size = ContractTools.small(this);
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            int count = ContractTools.fill(ends.sender(), size);
            for (Duration time : List.of(Duration.ofNanos(1), Duration.ofNanos(1_500_001), Duration.ofMillis(120))) {
                assertWaits(time, () -> assertFalse(ends.sender().trySend(ContractTools.message(99, size), time)));
            }
            ContractTools.expect(ends.receiver(), 0, count, size);
            ContractTools.assertUsable(ends);
        }
    }

    @Test
    default void timedReceiveWaitsAtLeastThatLong() throws Exception {
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            for (Duration time : List.of(Duration.ofNanos(1), Duration.ofNanos(1_500_001), Duration.ofMillis(120))) {
                assertWaits(time, () -> assertNull(ends.receiver().tryReceive(time)));
            }
            ContractTools.assertUsable(ends);
        }
    }

    @Test
    default void timedCallsEndWhileAnotherThreadIsBlockedInside() throws Exception {
        needs(Capability.BOUNDED, Capability.RELIABLE);
        int size = ContractTools.small(this);
        Duration time = Duration.ofMillis(120);
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            try (Worker<byte[]> reader = Worker.call(() -> ends.receiver().receive())) {
                reader.awaitBlocked();
                assertWaits(time, () -> assertNull(ends.receiver().tryReceive(time)));
                ends.sender().send(ContractTools.message(50, size));
                Payloads.verify(ContractTools.SEED, 50, size, reader.result());
            }
            int count = ContractTools.fill(ends.sender(), size);
            try (Worker<Boolean> writer = Worker.run(() -> ends.sender().send(ContractTools.message(count, size)))) {
                writer.awaitBlocked();
                assertWaits(time, () -> assertFalse(ends.sender().trySend(new byte[1], time)));
                ContractTools.expect(ends.receiver(), 0, count + 1, size);
                writer.result();
            }
            ContractTools.assertUsable(ends);
        }
    }

    private static void assertWaits(Duration time, Worker.Action call) throws Exception {
        try (Worker<Duration> timed = Worker.call(() -> ContractTools.elapsed(call))) {
            Duration took = timed.result();
            assertTrue(took.compareTo(time) >= 0, () -> "said " + time + " and waited " + took);
        }
    }

    @Test
    default void timedSendSucceedsWhenRoomComesInTime() throws Exception {
        needs(Capability.BOUNDED, Capability.RELIABLE);
        int size = ContractTools.small(this);
        for (Duration time : List.of(Await.LONG, FOR_EVER)) {
            try (Ends<byte[]> ends = open(Codecs.bytes())) {
                int count = ContractTools.fill(ends.sender(), size);
                byte[] last = ContractTools.message(count, size);
                try (Worker<Boolean> writer = Worker.call(() -> ends.sender().trySend(last, time))) {
                    writer.awaitBlocked();
                    Await.holds(() -> "gave up before " + time, ContractTools.SHORT, () -> !writer.isDone());
                    ContractTools.expect(ends.receiver(), 0, count + 1, size);
                    assertTrue(writer.result(), "the message came, and the send says it was not sent");
                }
            }
        }
    }

    @Test
    default void timedReceiveGetsTheMessageThatComesInTime() throws Exception {
        for (Duration time : List.of(Await.LONG, FOR_EVER)) {
            try (Ends<byte[]> ends = open(Codecs.bytes());
                    Worker<byte[]> reader = Worker.call(() -> ends.receiver().tryReceive(time))) {
                reader.awaitBlocked();
                Await.holds(() -> "gave up before " + time, ContractTools.SHORT, () -> !reader.isDone());
                ends.sender().send(ContractTools.message(0, 33));
                Payloads.verify(ContractTools.SEED, 0, 33, reader.result());
            }
        }
    }

    @Test
    default void aSendThatSaysFalseDeliversNothingHoweverOftenAndOneThatSaysTrueAll() throws Exception {
        needs(Capability.BOUNDED, Capability.RELIABLE, Capability.ORDERED);
        int limit = Math.min(3 << 20, largestMessageBytes());
        int tries = 3000;
        try (Ends<byte[]> ends = open(Codecs.bytes());
                Worker<Storm.Log> reader = Storm.reader(ends.receiver())) {
            Storm.Log sent = new Storm.Log();
            for (PrimitiveIterator.OfLong numbers = Storm.numbers(tries).iterator(); numbers.hasNext(); ) {
                long seq = numbers.nextLong();
                byte[] message = Storm.message(seq, limit);
                Duration time = Duration.ofNanos(Payloads.mix(seq) & 0x3ffff); // up to a quarter of a millisecond
                boolean delivered = seq % 3 == 0
                        ? ends.sender().trySend(message)
                        : ends.sender().trySend(message, time);
                sent.add(delivered, seq);
            }
            Storm.assertSame(sent, Storm.end(ends.sender(), reader));
        }
    }
}
