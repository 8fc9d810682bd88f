package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.CorruptDataException;
import org.jvmipc.IpcException;
import org.jvmipc.LimitException;
import org.jvmipc.mq.internal.Journal;
import org.jvmipc.shm.Segment;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** Competing consumers: who gets what, and what comes back. */
@ExtendWith(NoLeaks.class)
@Timeout(60)
class ConsumerTest implements NoLeaks.WarmUp {
    private static final ConsumerOptions OPTIONS = ConsumerOptions.defaults();
    private static final ConsumerOptions ONE = OPTIONS.withPrefetch(1);

    @TempDir(factory = InMemory.class)
    Path directory;

    @Override
    public void warmUp() throws Exception {
        MessageQueue<String> queue = queue(1);
        try (Consumer<String> consumer = queue.openConsumer("warm")) {
            consumer.receive().ack();
        }
        MessageQueue.remove(queue.address());
    }

    /** A queue with so many messages, {@code 0 1 2 ...}. */
    private MessageQueue<String> queue(int messages) throws IOException, InterruptedException {
        MessageQueue<String> queue = Queues.create(directory, Codecs.utf8());
        send(queue, 0, messages);
        return queue;
    }

    private static void send(MessageQueue<String> queue, int from, int to) throws IOException, InterruptedException {
        try (QueueSender<String> out = queue.openSender()) {
            for (int i = from; i < to; i++) {
                out.send(Integer.toString(i));
            }
        }
    }

    private static Delivery<String> next(Consumer<String> consumer) throws IOException, InterruptedException {
        Delivery<String> delivery = consumer.tryReceive(Await.LONG);
        assertNotNull(delivery, "nothing came");
        return delivery;
    }

    /** Takes all that is there; the messages in the order in which they came. */
    private static List<String> takeAll(Consumer<String> consumer) throws IOException {
        List<String> taken = new ArrayList<>();
        for (Delivery<String> each; (each = consumer.tryReceive()) != null; ) {
            taken.add(each.message());
            each.ack();
        }
        return taken;
    }

    private static MessageQueueStatus.Group group(MessageQueue<?> queue, String name) throws IOException {
        return queue.status().groups().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Journal.Content journal(MessageQueue<?> queue, String group) throws IOException {
        return Journal.read(queue.address().path().resolve("groups").resolve(group + ".acks"));
    }

    // ---- who gets what

    @Test
    void everyGroupGetsAllAndEachMessageGoesToOneOfIt() throws Exception {
        MessageQueue<String> queue = queue(100);
        try (Consumer<String> first = queue.openConsumer("a", ONE);
                Consumer<String> second = queue.openConsumer("a", ONE);
                Consumer<String> alone = queue.openConsumer("b")) {
            Set<Integer> together = new TreeSet<>();
            for (int i = 0; i < 50; i++) {
                for (Consumer<String> each : List.of(first, second)) {
                    Delivery<String> delivery = next(each);
                    assertEquals(0, delivery.redeliveries());
                    assertTrue(together.add(Integer.parseInt(delivery.message())), "came twice");
                    delivery.ack();
                }
            }
            assertEquals(100, together.size());
            assertNull(first.tryReceive());
            List<String> all = takeAll(alone);
            for (int i = 0; i < 100; i++) {
                assertEquals(Integer.toString(i), all.get(i), "one consumer alone keeps the order");
            }
            assertEquals(0, group(queue, "a").lag());
            assertEquals(100, group(queue, "a").lowWater());
        }
    }

    @Test
    void aNewGroupBeginsWhereItIsTold() throws Exception {
        MessageQueue<String> queue = queue(10);
        try (Consumer<String> end = queue.openConsumer("end", OPTIONS.withFrom(ReceiveFrom.end()));
                Consumer<String> seven = queue.openConsumer("seven", OPTIONS.withFrom(ReceiveFrom.index(7)))) {
            assertNull(end.tryReceive());
            assertEquals(List.of("7", "8", "9"), takeAll(seven));
            send(queue, 10, 11);
            assertEquals(List.of("10"), takeAll(end));
        }
        try (Consumer<String> again = queue.openConsumer("seven", OPTIONS.withFrom(ReceiveFrom.start()))) {
            assertEquals(List.of("10"), takeAll(again), "one that is there goes on where it is");
        }
    }

    @Test
    void anotherTypeCountsAsTaken() throws Exception {
        MessageQueue<String> queue = queue(3);
        try (QueueSender<String> out = queue.openSender();
                Consumer<String> consumer = queue.openConsumer("g", OPTIONS.withType("x"))) {
            out.send(MessageHeader.ofType("x"), "this one");
            out.send(MessageHeader.ofType("y"), "not this one");
            assertEquals(List.of("this one"), takeAll(consumer));
            assertEquals(5, group(queue, "g").lowWater());
        }
    }

    @Test
    void thereAreOnlySoManyGroups() throws Exception {
        MessageQueue<String> queue = queue(1);
        for (int i = 0; i < 4; i++) {
            queue.openConsumer("g" + i).close();
        }
        LimitException most = assertThrows(LimitException.class, () -> queue.openConsumer("g4"));
        assertEquals("groups", most.limit());
        assertTrue(queue.removeGroup("g2"));
        assertFalse(queue.removeGroup("g2"));
        queue.openConsumer("g4").close();
        assertThrows(IllegalArgumentException.class, () -> queue.openConsumer("../x"));
    }

    @Test
    void whoIsInAGroupThatIsRemovedIsTold() throws Exception {
        MessageQueue<String> queue = queue(3);
        try (Consumer<String> consumer = queue.openConsumer("old", ONE)) {
            Delivery<String> delivery = next(consumer);
            assertTrue(queue.removeGroup("old"));
            try (Consumer<String> other = queue.openConsumer("new")) { // has its state in the same place
                assertThrows(IpcException.class, delivery::ack);
                assertThrows(IpcException.class, consumer::receive);
                assertEquals(List.of("0", "1", "2"), takeAll(other));
            }
        }
    }

    @Test
    void aConsumerWaitsWhileAllRangesAreDealtOutAndGoesOnWhenOneComesBack() throws Exception {
        MessageQueue<String> queue = queue(130);
        try (Consumer<String> consumer = queue.openConsumer("g", ONE)) {
            List<Delivery<String>> held = new ArrayList<>();
            for (int i = 0; i < 128; i++) {
                held.add(next(consumer));
            }
            assertNull(consumer.tryReceive());
            try (Worker<Delivery<String>> waiting = Worker.call(consumer::receive)) {
                waiting.awaitBlocked();
                held.get(77).ack();
                assertEquals("128", waiting.result().message());
            }
        }
    }

    // ---- what comes back

    @Test
    void whatWasNotAcknowledgedComesBackWithItsConsumersClose() throws Exception {
        MessageQueue<String> queue = queue(10);
        try (Consumer<String> heir = queue.openConsumer("g")) {
            try (Consumer<String> first = queue.openConsumer("g", OPTIONS.withPrefetch(4));
                    Worker<Delivery<String>> waiting = Worker.call(() -> {
                        send(queue, 10, 10);
                        return next(first);
                    })) {
                waiting.result().ack();
                assertEquals("1", next(first).message());
                assertEquals(List.of("4", "5", "6", "7", "8", "9"), takeAll(heir));
            }
            Delivery<String> handedOut = next(heir);
            assertEquals("1", handedOut.message());
            assertEquals(1, handedOut.redeliveries());
            handedOut.ack();
            Delivery<String> onlyLeased = next(heir);
            assertEquals("2", onlyLeased.message());
            assertEquals(0, onlyLeased.redeliveries(), "it was leased, and never handed out");
            onlyLeased.ack();
            assertEquals(List.of("3"), takeAll(heir));
            assertEquals(10, group(queue, "g").lowWater());
        }
    }

    @Test
    void aCloseWakesWhoWaitsForWhatComesBack() throws Exception {
        MessageQueue<String> queue = queue(1);
        try (Consumer<String> heir = queue.openConsumer("g")) {
            Consumer<String> first = queue.openConsumer("g");
            assertEquals("0", next(first).message());
            try (Worker<Delivery<String>> waiting = Worker.call(heir::receive)) {
                waiting.awaitBlocked();
                first.close();
                assertEquals(1, waiting.result().redeliveries());
            }
        }
    }

    @Test
    void whatIsGivenBackIsHandedOutAgainToWhoeverComes() throws Exception {
        MessageQueue<String> queue = queue(3);
        try (Consumer<String> consumer = queue.openConsumer("g");
                Consumer<String> other = queue.openConsumer("g")) {
            Delivery<String> zero = next(consumer);
            Delivery<String> one = next(consumer);
            one.nack();
            assertThrows(LateAcknowledgementException.class, one::ack);
            Delivery<String> again = next(other);
            assertEquals("1", again.message());
            assertEquals(1, again.redeliveries());
            assertEquals(one.queued().producer(), again.queued().producer());
            assertEquals(one.queued().sequence(), again.queued().sequence());
            again.ack();
            zero.ack();
            next(consumer).nack(); // the last one of its range
            assertEquals("2", next(consumer).message());
            assertEquals(2, group(queue, "g").redeliveries());
        }
    }

    @Test
    void acknowledgementsMayComeInAnyOrder() throws Exception {
        MessageQueue<String> queue = queue(100);
        try (Consumer<String> consumer = queue.openConsumer("g")) {
            List<Delivery<String>> deliveries = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                deliveries.add(next(consumer));
            }
            for (int i = 99; i >= 0; i--) {
                assertEquals(0, group(queue, "g").lowWater());
                deliveries.get(i).ack();
                assertTrue(journal(queue, "g").isTaken(i), "not on disk");
                assertFalse(i > 0 && journal(queue, "g").isTaken(i - 1));
            }
            assertEquals(100, group(queue, "g").lowWater());
            assertThrows(LateAcknowledgementException.class, deliveries.get(5)::ack);
        }
    }

    @Test
    void aLeaseEndsAndItsAcknowledgementIsLate() throws Exception {
        MessageQueue<String> queue = queue(1);
        try (Consumer<String> slow = queue.openConsumer("g", OPTIONS.withLease(Duration.ofMillis(50)));
                Consumer<String> other = queue.openConsumer("g")) {
            Delivery<String> mine = next(slow);
            Delivery<String> theirs = next(other); // waits until the lease is over: nobody tells
            assertEquals(1, theirs.redeliveries());
            LateAcknowledgementException late = assertThrows(LateAcknowledgementException.class, mine::ack);
            assertEquals(0, late.index());
            assertThrows(LateAcknowledgementException.class, mine::nack);
            theirs.ack();
            assertNull(slow.tryReceive());
        }
    }

    @Test
    void aLeaseThatIsOverButNobodyHasTakenMayStillBeAcknowledged() throws Exception {
        MessageQueue<String> queue = queue(1);
        try (Consumer<String> slow = queue.openConsumer("g", OPTIONS.withLease(Duration.ofMillis(1)))) {
            Delivery<String> mine = next(slow);
            long since = System.nanoTime();
            Await.until("it is over", () -> System.nanoTime() - since > 2_000_000);
            mine.ack();
            assertEquals(1, group(queue, "g").lowWater());
        }
    }

    // ---- dead letters

    @Test
    void whatIsNeverAcknowledgedIsADeadLetterInTheEnd() throws Exception {
        MessageQueue<String> queue = queue(3);
        try (Consumer<String> consumer = queue.openConsumer("g", ONE.withMaxDeliveries(3))) {
            QueuedMessage<String> poison = null;
            for (int i = 0; i < 3; i++) {
                Delivery<String> delivery = next(consumer);
                assertEquals("0", delivery.message());
                assertEquals(i, delivery.redeliveries());
                poison = delivery.queued();
                delivery.nack();
            }
            assertEquals(List.of("1", "2"), takeAll(consumer));
            assertEquals(1, group(queue, "g").deadLetters());
            assertEquals(3, group(queue, "g").lowWater());
            try (QueueReceiver<QueuedMessage<String>> dead =
                    queue.deadLetters("g").openMessages(ReceiveFrom.start())) {
                QueuedMessage<String> letter = dead.receive();
                assertEquals("0", letter.body());
                assertEquals(poison.producer(), letter.producer());
                assertEquals(poison.sequence(), letter.sequence());
                assertNull(dead.tryReceive());
            }
        }
        assertTrue(MessageQueue.remove(queue.address()), "with the queue inside");
    }

    @Test
    void whatCannotBeDecodedIsToldOnceAndIsADeadLetter() throws Exception {
        MessageQueue<String> queue = queue(1);
        try (QueueSender<Long> out =
                        MessageQueue.open(queue.address(), Codecs.int64()).openSender();
                Consumer<Long> consumer =
                        MessageQueue.open(queue.address(), Codecs.int64()).openConsumer("g")) {
            out.send(7L);
            assertThrows(CorruptDataException.class, consumer::receive);
            Delivery<Long> good = consumer.receive();
            assertEquals(7L, good.message());
            good.ack();
            assertEquals(1, group(queue, "g").deadLetters());
            try (QueueReceiver<String> dead = queue.deadLetters("g").openReceiver(ReceiveFrom.start())) {
                assertEquals("0", dead.receive());
            }
        }
    }

    // ---- after a restart

    @Test
    void afterARestartGroupsGoOnWhereTheirJournalsSay() throws Exception {
        MessageQueue<String> queue = queue(100);
        Set<Long> acknowledged = new TreeSet<>();
        try (Consumer<String> consumer = queue.openConsumer("g", OPTIONS.withPrefetch(8))) {
            for (int i = 0; i < 50; i++) {
                Delivery<String> delivery = next(consumer);
                if (i % 3 != 0) {
                    delivery.ack();
                    acknowledged.add(delivery.index());
                }
            }
        }
        forgetWhatIsShared(queue);
        send(queue, 100, 105);
        try (Consumer<String> consumer = queue.openConsumer("g")) {
            for (Delivery<String> each; (each = consumer.tryReceive()) != null; ) {
                assertTrue(acknowledged.add(each.index()), "acknowledged before: " + each);
                assertEquals(Long.toString(each.index()), each.message());
                assertTrue(each.index() >= 56 || each.redeliveries() > 0, "a repeat that does not say so: " + each);
                each.ack();
            }
            assertEquals(105, acknowledged.size());
            assertEquals(105, group(queue, "g").lowWater());
        }
    }

    @Test
    void afterARestartNoIndexIsGivenTwice() throws Exception {
        MessageQueue<String> queue = queue(10);
        try (Consumer<String> consumer = queue.openConsumer("g")) {
            assertEquals(10, takeAll(consumer).size());
        }
        Path cycles = queue.address().path().resolve("cycles");
        try (var files = Files.walk(cycles)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                Files.delete(each); // as after a power failure without sync
            }
        }
        forgetWhatIsShared(queue);
        send(queue, 10, 12);
        try (Consumer<String> consumer = queue.openConsumer("g")) {
            assertEquals(10, next(consumer).index());
        }
    }

    /** What a restart of the machine does to it. */
    private static void forgetWhatIsShared(MessageQueue<?> queue) throws IOException {
        assertTrue(Segment.remove(Address.of(
                "segment", queue.address().path().resolve("state.segment").toString())));
    }

    @Test
    void theJournalIsMadeShorterNowAndThen() throws Exception {
        MessageQueue<String> queue = queue(0);
        try (QueueSender<String> out = queue.openSender();
                Consumer<String> held = queue.openConsumer("g", ONE);
                Consumer<String> consumer = queue.openConsumer("g", ONE)) {
            out.send("held");
            Delivery<String> first = next(held);
            for (int i = 1; i < 5000; i++) { // two records each, of 2047
                out.send("x");
                next(consumer).ack();
            }
            Journal.Content content = journal(queue, "g");
            assertTrue(content.generation() > 3, content.toString());
            assertFalse(content.isTaken(0));
            assertTrue(content.isTaken(1) && content.isTaken(4999));
            assertFalse(content.isTaken(5000));
            first.ack();
            assertTrue(journal(queue, "g").isTaken(0));
        }
    }

    // ---- closed

    @Test
    void aClosedConsumersDeliveriesAreNoLongerItsOwn() throws Exception {
        MessageQueue<String> queue = queue(1);
        Consumer<String> consumer = queue.openConsumer("g");
        Delivery<String> delivery = next(consumer);
        consumer.close();
        assertThrows(ClosedChannelException.class, delivery::ack);
        assertThrows(ClosedChannelException.class, consumer::receive);
        consumer.close();
    }

    @Test
    void aReceiverAcknowledgesWhenTheNextOneIsAskedFor() throws Exception {
        MessageQueue<String> queue = queue(3);
        try (GroupReceiver<String> in = queue.openGroupReceiver("g", OPTIONS)) {
            assertEquals("0", in.receive());
            assertFalse(journal(queue, "g").isTaken(0));
            assertEquals("1", in.receive());
            assertTrue(journal(queue, "g").isTaken(0));
            assertFalse(journal(queue, "g").isTaken(1));
            in.acknowledge();
            assertTrue(journal(queue, "g").isTaken(1));
            in.acknowledge();
            assertEquals("2", in.receive());
        }
        assertFalse(journal(queue, "g").isTaken(2), "a close is no acknowledgement");
    }

    @Test
    void whatAReceiverCouldNotHandleIsHandedOutAgain() throws Exception {
        MessageQueue<String> queue = queue(2);
        try (GroupReceiver<String> in = queue.openGroupReceiver("g", OPTIONS)) {
            assertThrows(
                    IllegalStateException.class,
                    () -> in.forEach(message -> {
                        if (message.equals("1")) {
                            throw new IllegalStateException("cannot be handled");
                        }
                    }));
        }
        try (Consumer<String> next = queue.openConsumer("g")) {
            Delivery<String> again = next(next);
            assertEquals("1", again.message());
            assertEquals(1, again.redeliveries());
        }
    }

    // ---- journals

    @Test
    void aDamagedJournalIsToldToItsOwnGroupOnly() throws Exception {
        MessageQueue<String> queue = queue(3);
        queue.openConsumer("a").close();
        queue.openConsumer("b").close();
        Path groups = queue.address().path().resolve("groups");
        Files.write(groups.resolve("a.acks"), "damaged".repeat(20_000).getBytes(StandardCharsets.UTF_8));
        forgetWhatIsShared(queue);
        try (Consumer<String> other = queue.openConsumer("b")) {
            assertEquals(List.of("0", "1", "2"), takeAll(other));
        }
        CorruptDataException told = assertThrows(CorruptDataException.class, () -> queue.openConsumer("a"));
        assertTrue(String.valueOf(told.getMessage()).contains("a.acks"), told.getMessage());
        Files.delete(groups.resolve("a.acks"));
        try (Consumer<String> anew = queue.openConsumer("a")) {
            assertEquals(List.of("0", "1", "2"), takeAll(anew));
        }
    }

    @Test
    void aFullQueueWhoseMessagesWereTakenHasRoomAfterARestart() throws Exception {
        MessageQueue<byte[]> queue = MessageQueue.create(
                Queues.address(directory),
                Codecs.bytes(),
                Queues.SMALL.withCycle(Queues.SMALL.capacityBytes()).withWhenFull(FullPolicy.REFUSE));
        try (QueueSender<byte[]> out = queue.openSender();
                Consumer<byte[]> consumer = queue.openConsumer("g")) {
            while (out.trySend(new byte[100_000])) {
                // until it is full
            }
            for (Delivery<byte[]> each; (each = consumer.tryReceive()) != null; ) {
                each.ack();
            }
        }
        forgetWhatIsShared(queue);
        try (QueueSender<byte[]> out = queue.openSender()) {
            assertTrue(out.trySend(new byte[100_000]));
        }
    }
}
