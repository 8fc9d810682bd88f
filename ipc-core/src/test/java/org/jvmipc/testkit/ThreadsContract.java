package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.jvmipc.Capability;
import org.jvmipc.Codecs;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;

/** Chapter 7: several threads at one end, and several ends at one channel. */
interface ThreadsContract extends ContractHooks {
    /** How many threads do the same. */
    int THREADS = 4;

    /** How many messages each of them sends. */
    int EACH = 1500;

    @Test
    default void messagesOfSeveralThreadsDoNotMixAndEachThreadsKeepTheirOrder() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED);
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            List<Worker<Boolean>> writers = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                writers.add(tagging(ends.sender(), thread));
            }
            receiveFromAll(ends.receiver());
            for (Worker<Boolean> writer : writers) {
                writer.result();
            }
            ContractTools.assertSilent(ends.receiver());
        }
    }

    /** Sends {@link #EACH} messages in every form there is. */
    private Worker<Boolean> tagging(Sender<byte[]> sender, int thread) {
        int limit = Math.min(200_000, largestMessageBytes());
        return Worker.run(() -> {
            for (long seq = 0; seq < EACH; seq++) {
                int size = Math.max(Payloads.TAGGED_MIN, Payloads.size(thread, seq, limit));
                byte[] message = Payloads.tagged(ContractTools.SEED, thread, seq, size);
                switch ((int) (seq % 3)) {
                    case 0 -> sender.send(message);
                    case 1 -> assertTrue(sender.trySend(message, Await.LONG));
                    default -> sendByTrying(sender, message);
                }
            }
        });
    }

    private static void sendByTrying(Sender<byte[]> sender, byte[] message) throws Exception {
        for (int i = 0; i < 100; i++) {
            if (sender.trySend(message)) {
                return;
            }
        }
        sender.send(message);
    }

    private static void receiveFromAll(Receiver<byte[]> receiver) throws Exception {
        Map<Integer, Long> expected = new HashMap<>();
        for (int i = 0; i < THREADS * EACH; i++) {
            Payloads.Tag tag = Payloads.verifyTagged(ContractTools.SEED, ContractTools.next(receiver));
            assertEquals(expected.getOrDefault(tag.sender(), 0L), tag.seq(), () -> "out of order: " + tag);
            expected.put(tag.sender(), tag.seq() + 1);
        }
        for (int thread = 0; thread < THREADS; thread++) {
            assertEquals(EACH, expected.get(thread));
        }
    }

    @Test
    default void severalReceivingThreadsGetEachMessageOnce() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED);
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            eachOnce(ends.sender(), List.of(ends.receiver(), ends.receiver(), ends.receiver(), ends.receiver()));
        }
    }

    /** One thread for each element; every message is got by exactly one, ascending within each. */
    private void eachOnce(Sender<byte[]> sender, List<Receiver<byte[]>> receivers) throws Exception {
        int limit = Math.min(100_000, largestMessageBytes());
        int count = THREADS * EACH;
        AtomicInteger left = new AtomicInteger(count);
        ConcurrentLinkedQueue<Long> all = new ConcurrentLinkedQueue<>();
        List<Worker<Boolean>> readers = new ArrayList<>();
        for (Receiver<byte[]> receiver : receivers) {
            readers.add(Worker.run(() -> {
                long last = -1;
                while (left.get() > 0) {
                    byte[] message = receiver.tryReceive(Duration.ofMillis(20));
                    if (message != null) {
                        long seq = Payloads.verifyTagged(ContractTools.SEED, message)
                                .seq();
                        assertTrue(seq > last, "message " + seq + " after " + last);
                        last = seq;
                        all.add(seq);
                        left.decrementAndGet();
                    }
                }
            }));
        }
        try (Worker<Boolean> writer = Worker.run(() -> {
            for (long seq = 0; seq < count; seq++) {
                int size = Math.max(Payloads.TAGGED_MIN, Payloads.size(3, seq, limit));
                sender.send(Payloads.tagged(ContractTools.SEED, 0, seq, size));
            }
        })) {
            writer.result(Duration.ofSeconds(40));
            for (Worker<Boolean> reader : readers) {
                reader.result();
            }
        } finally {
            left.set(0);
        }
        assertEquals(count, all.size());
        assertEquals(count, all.stream().distinct().count());
    }

    @Test
    default void oneThreadMaySendWhileAnotherReceivesAndBothInterleave() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED);
        try (Ends<byte[]> there = open(Codecs.bytes());
                Ends<byte[]> back = open(Codecs.bytes());
                Worker<Boolean> echo = Worker.run(() -> ContractTools.again(
                        () -> back.sender().send(there.receiver().receive())))) {
            for (long seq = 0; seq < 2000; seq++) {
                int size = Payloads.size(5, seq, Math.min(5000, largestMessageBytes()));
                there.sender().send(ContractTools.message(seq, size));
                ContractTools.expect(back.receiver(), seq, size);
            }
            echo.assertRunning();
        }
    }

    @Test
    default void severalSendersShareAChannelAndItEndsWithTheLast() throws Exception {
        needs(Capability.MANY_SENDERS, Capability.RELIABLE, Capability.ORDERED);
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            List<Sender<byte[]>> senders = new ArrayList<>(List.of(ends.sender()));
            while (senders.size() < THREADS) {
                senders.add(anotherSender(ends, Codecs.bytes()));
            }
            List<Worker<Boolean>> writers = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                writers.add(tagging(senders.get(i), i));
            }
            receiveFromAll(ends.receiver());
            for (int i = 0; i < THREADS; i++) {
                writers.get(i).result();
                ContractTools.assertSilent(ends.receiver());
                senders.get(i).close();
            }
            if (capabilities().contains(Capability.PEER_DETECTION)) {
                ContractTools.assertEnds(this, ends.receiver());
            }
        }
    }

    @Test
    default void severalReceiversShareAChannelAndEachMessageGoesToOne() throws Exception {
        needs(Capability.MANY_RECEIVERS, Capability.RELIABLE, Capability.ORDERED);
        try (Ends<byte[]> ends = open(Codecs.bytes());
                Receiver<byte[]> second = anotherReceiver(ends, Codecs.bytes())) {
            eachOnce(ends.sender(), List.of(ends.receiver(), second));
            done(ends.receiver());
            ends.receiver().close();
            ends.sender().send(ContractTools.message(1, 40));
            ContractTools.expect(second, 1, 40); // one that stays is enough for the sender
        }
    }

    @Test
    default void everyReceiverOfABroadcastGetsEveryMessage() throws Exception {
        needs(Capability.BROADCAST, Capability.RELIABLE, Capability.ORDERED);
        int size = Math.min(200, largestMessageBytes());
        try (Ends<byte[]> ends = open(Codecs.bytes());
                Receiver<byte[]> other = anotherReceiver(ends, Codecs.bytes());
                Worker<Boolean> writer = Worker.run(() -> {
                    for (int seq = 0; seq < EACH; seq++) {
                        ends.sender().send(ContractTools.message(seq, size));
                    }
                });
                Worker<Boolean> reader = Worker.run(() -> ContractTools.expect(other, 0, EACH, size))) {
            ContractTools.expect(ends.receiver(), 0, EACH, size);
            reader.result();
            writer.result();
        }
    }

    @Test
    default void virtualThreadsWaitWithoutHoldingTheThreadsThatCarryThem() throws Exception {
        assumeTrue(Jvms.feature() >= 21, "virtual threads are there from Java 21 on");
        List<Ends<byte[]>> channels = new ArrayList<>();
        ConcurrentLinkedQueue<byte[]> received = new ConcurrentLinkedQueue<>();
        int waiters = 2 * Runtime.getRuntime().availableProcessors() + 4; // more than there are carriers
        try {
            for (int i = 0; i < waiters; i++) {
                Ends<byte[]> ends = open(Codecs.bytes());
                channels.add(ends);
                Jvms.startVirtualThread(() -> receiveInto(received, ends.receiver()));
            }
            AtomicInteger ran = new AtomicInteger();
            Jvms.startVirtualThread(ran::incrementAndGet);
            Await.until("another virtual thread runs", () -> ran.get() == 1);
            for (Ends<byte[]> ends : channels) {
                ends.sender().send(ContractTools.message(1, 40));
            }
            Await.until("all have received", () -> received.size() == waiters);
        } finally {
            for (Ends<byte[]> ends : channels) {
                ends.close();
            }
        }
    }

    private static void receiveInto(ConcurrentLinkedQueue<byte[]> received, Receiver<byte[]> receiver) {
        try {
            byte[] message = receiver.receive();
            Payloads.verify(ContractTools.SEED, 1, 40, message);
            received.add(message);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
