package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.jvmipc.Batch;
import org.jvmipc.Capability;
import org.jvmipc.Codecs;
import org.jvmipc.LimitException;

/** Chapter 8: many messages on their way together are the same messages. */
interface BatchContract extends ContractHooks {
    @Test
    default void aBatchKeepsOrderAndBoundariesLargeMessagesIncluded() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED);
        int[] edges = Payloads.edgeSizes(largestMessageBytes());
        int count = 1500;
        try (Ends<byte[]> ends = open(Codecs.bytes());
                Worker<Boolean> writer = Worker.run(() -> {
                    try (Batch<byte[]> batch = ends.sender().batch()) {
                        for (int seq = 0; seq < count; seq++) {
                            batch.add(ContractTools.message(seq, batchSize(edges, seq)));
                        }
                    }
                })) {
            for (int seq = 0; seq < count; seq++) {
                ContractTools.expect(ends.receiver(), seq, batchSize(edges, seq));
            }
            writer.result();
            ContractTools.assertUsable(ends);
        }
    }

    /** Mostly small ones, every edge now and then. */
    private int batchSize(int[] edges, int seq) {
        return seq % 10 == 9
                ? edges[seq / 10 % edges.length]
                : Math.min(largestMessageBytes(), Payloads.size(8, seq, 400));
    }

    @Test
    default void flushHandsOverAllThatWasAddedAndTheBatchGoesOn() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED);
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            Batch<byte[]> batch = ends.sender().batch();
            for (int round = 0; round < 20; round++) {
                for (int i = 0; i < 5; i++) {
                    batch.add(ContractTools.message(5L * round + i, 30));
                }
                batch.flush();
                ContractTools.expect(ends.receiver(), 5L * round, 5L * round + 5, 30);
            }
            batch.flush(); // nothing to hand over
            batch.close();
            batch.close();
            ContractTools.assertUsable(ends);
        }
    }

    @Test
    default void closeHandsOverAllThatWasAdded() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED);
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            for (int round = 0; round < 20; round++) {
                try (Batch<byte[]> batch = ends.sender().batch()) {
                    batch.add(ContractTools.message(2L * round, 30));
                    batch.add(ContractTools.message(2L * round + 1, 30));
                }
                ContractTools.expect(ends.receiver(), 2L * round, 2L * round + 2, 30);
            }
            ends.sender().batch().close();
            ContractTools.assertSilent(ends.receiver());
        }
    }

    @Test
    @SuppressWarnings("try") // closes early on purpose
    default void afterTheSendersCloseABatchSaysAtMostOnceThatItHeldSomething() throws Exception {
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            Batch<byte[]> empty = ends.sender().batch();
            Batch<byte[]> held = ends.sender().batch();
            held.add(ContractTools.message(0, 30));
            ends.sender().close();
            empty.close();
            try {
                held.close(); // one that never holds anything has nothing to say
            } catch (ClosedChannelException e) {
                held.close();
            }
            assertThrows(ClosedChannelException.class, () -> held.add(ContractTools.message(1, 30)));
            assertThrows(ClosedChannelException.class, empty::flush);
        }
    }

    @Test
    default void theAddedArrayMayBeReusedAtOnce() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED);
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            try (Batch<byte[]> batch = ends.sender().batch()) {
                byte[] reused = new byte[1];
                for (int i = 0; i < 10; i++) {
                    reused[0] = (byte) i;
                    batch.add(reused);
                }
            }
            for (int i = 0; i < 10; i++) {
                assertEquals((byte) i, ContractTools.next(ends.receiver())[0]);
            }
        }
    }

    @Test
    default void plainSendsOfOtherThreadsGoBetweenAndNothingMixes() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED);
        int each = 3000;
        int limit = Math.min(70_000, largestMessageBytes());
        try (Ends<byte[]> ends = open(Codecs.bytes());
                Worker<Boolean> plain = Worker.run(() -> {
                    for (int seq = 0; seq < each; seq++) {
                        ends.sender().send(tagged(0, seq, limit));
                    }
                });
                Worker<Boolean> batching = Worker.run(() -> addAll(ends, 1, each, limit));
                Worker<Boolean> batchingToo = Worker.run(() -> addAll(ends, 2, each, limit))) {
            Map<Integer, Long> expected = new HashMap<>();
            for (int i = 0; i < 3 * each; i++) {
                Payloads.Tag tag = Payloads.verifyTagged(ContractTools.SEED, ContractTools.next(ends.receiver()));
                assertEquals(expected.getOrDefault(tag.sender(), 0L), tag.seq(), () -> "out of order: " + tag);
                expected.put(tag.sender(), tag.seq() + 1);
            }
            plain.result();
            batching.result();
            batchingToo.result();
            ContractTools.assertSilent(ends.receiver());
        }
    }

    private static byte[] tagged(int sender, long seq, int limit) {
        int size = Math.max(Payloads.TAGGED_MIN, Payloads.size(sender, seq, limit));
        return Payloads.tagged(ContractTools.SEED, sender, seq, size);
    }

    private static void addAll(Ends<byte[]> ends, int sender, int each, int limit) throws Exception {
        int seq = 0;
        while (seq < each) {
            try (Batch<byte[]> batch = ends.sender().batch()) {
                for (int end = Math.min(each, seq + 37); seq < end; seq++) {
                    batch.add(tagged(sender, seq, limit));
                }
            }
        }
    }

    @Test
    default void sendAllSendsAllInOrder() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED);
        int size = Math.min(50, largestMessageBytes());
        int count = 5000;
        List<byte[]> messages = IntStream.range(0, count)
                .mapToObj(seq -> ContractTools.message(seq, size))
                .toList();
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            ends.sender().sendAll(List.of());
            ContractTools.assertSilent(ends.receiver());
            try (Worker<Boolean> writer = Worker.run(() -> ends.sender().sendAll(messages))) {
                ContractTools.expect(ends.receiver(), 0, count, size);
                writer.result();
            }
        }
    }

    @Test
    default void aMessageTooLargeIsRefusedAndTheBatchGoesOn() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED);
        assumeTrue(largestMessageBytes() < Integer.MAX_VALUE - 8, "an array cannot be too large for this transport");
        byte[] tooLarge = new byte[largestMessageBytes() + 1];
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            try (Batch<byte[]> batch = ends.sender().batch()) {
                batch.add(ContractTools.message(0, 30));
                assertThrows(LimitException.class, () -> batch.add(tooLarge));
                batch.add(ContractTools.message(1, 30));
            }
            ContractTools.expect(ends.receiver(), 0, 2, 30);
            ContractTools.assertUsable(ends);
        }
    }

    /** "The message was not added, earlier ones are kept": so adding it again gives the exact sequence. */
    @Test
    default void anInterruptedAddIsDoneAgainAndNothingIsLostOrDoubled() throws Exception {
        needs(Capability.BOUNDED, Capability.RELIABLE, Capability.ORDERED);
        assertSequenceDespiteInterrupts(Math.min(333, largestMessageBytes()));
        assertSequenceDespiteInterrupts(Math.min(300_000, largestMessageBytes()));
    }

    private void assertSequenceDespiteInterrupts(int size) throws Exception {
        int interrupts = 20;
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            Batch<byte[]> batch = ends.sender().batch();
            int added = 0;
            int received = 0;
            for (int round = 0; round < interrupts; round++) {
                int from = added;
                AtomicInteger done = new AtomicInteger();
                try (Worker<Boolean> writer = Worker.run(() -> ContractTools.again(() -> {
                    batch.add(ContractTools.message(from + done.get(), size));
                    done.incrementAndGet();
                }))) {
                    writer.awaitBlocked();
                    writer.interrupt();
                    writer.failure(InterruptedException.class, ContractTools.PROMPT);
                }
                added += done.get();
                int some = Math.min(added - received, 1 + round % 7);
                for (int i = 0; i < some && readable(ends, received, size); i++) {
                    received++;
                }
            }
            int last = added;
            try (Worker<Boolean> flusher = Worker.run(batch::flush)) {
                ContractTools.expect(ends.receiver(), received, last, size);
                flusher.result();
            }
            batch.close();
            ContractTools.assertUsable(ends);
        }
    }

    /** Takes the message if it is there; what is still held in the batch is not. */
    private static boolean readable(Ends<byte[]> ends, int seq, int size) throws Exception {
        byte[] message = ends.receiver().tryReceive(ContractTools.SHORT);
        if (message != null) {
            Payloads.verify(ContractTools.SEED, seq, size, message);
        }
        return message != null;
    }

    @Test
    default void anInterruptedCloseKeepsTheInterruptAndIsDoneAgain() throws Exception {
        needs(Capability.BOUNDED, Capability.RELIABLE, Capability.ORDERED);
        int size = ContractTools.small(this);
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            int count = ContractTools.fill(ends.sender(), size);
            Batch<byte[]> batch = ends.sender().batch();
            batch.add(ContractTools.message(count, size));
            try (Worker<Boolean> closer = Worker.call(() -> {
                assertThrows(InterruptedIOException.class, batch::close);
                return Thread.currentThread().isInterrupted();
            })) {
                closer.awaitBlocked();
                closer.interrupt();
                assertTrue(closer.result(ContractTools.PROMPT), "the interrupt was swallowed");
            }
            try (Worker<Boolean> closer = Worker.run(batch::close)) {
                ContractTools.expect(ends.receiver(), 0, count + 1, size);
                closer.result();
            }
            ContractTools.assertUsable(ends);
        }
    }

    @Test
    default void aFailedHandOverIsToldAndNotTriedAgain() throws Exception {
        needs(Capability.PEER_DETECTION);
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            Batch<byte[]> batch = ends.sender().batch();
            batch.add(ContractTools.message(0, 30));
            ends.receiver().close();
            ContractTools.gone(() -> ContractTools.again(() -> {
                batch.add(ContractTools.message(1, 30));
                batch.flush();
            }));
            batch.close();
        }
    }

    @Test
    default void closingTheSenderWakesABlockedBatch() throws Exception {
        needs(Capability.BOUNDED);
        int size = ContractTools.small(this);
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            Batch<byte[]> batch = ends.sender().batch();
            try (Worker<Boolean> writer = Worker.run(() -> ContractTools.again(() -> batch.add(new byte[size])));
                    Worker<Boolean> closer = Worker.run(() -> {
                        writer.awaitBlocked();
                        ends.sender().close();
                    })) {
                writer.failure(AsynchronousCloseException.class);
                closer.result();
            }
            assertThrows(IOException.class, () -> {
                batch.add(new byte[1]);
                batch.flush();
            });
        }
    }
}
