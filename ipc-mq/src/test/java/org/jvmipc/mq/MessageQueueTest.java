package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Codecs;
import org.jvmipc.Ipc;
import org.jvmipc.IpcException;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** The queue itself: how it is made, filled, replayed, looked at and removed. */
@ExtendWith(NoLeaks.class)
@Timeout(60)
class MessageQueueTest implements NoLeaks.WarmUp {
    @TempDir(factory = InMemory.class)
    Path directory;

    @Override
    public void warmUp() throws Exception {
        MessageQueue<String> queue = queue();
        try (QueueSender<String> out = queue.openSender();
                Consumer<String> consumer = queue.openConsumer("warm")) {
            out.send("up");
            consumer.receive().ack();
        }
        MessageQueue.remove(queue.address());
    }

    private MessageQueue<String> queue() throws IOException {
        return Queues.create(directory, Codecs.utf8());
    }

    private static void send(MessageQueue<String> queue, int from, int to) throws IOException, InterruptedException {
        try (QueueSender<String> out = queue.openSender()) {
            for (int i = from; i < to; i++) {
                out.send(Integer.toString(i));
            }
        }
    }

    private static List<String> all(Receiver<String> in) throws IOException {
        List<String> all = new ArrayList<>();
        in.drain(all::add, Integer.MAX_VALUE);
        return all;
    }

    private static List<String> numbers(int from, int to) {
        List<String> numbers = new ArrayList<>();
        for (int i = from; i < to; i++) {
            numbers.add(Integer.toString(i));
        }
        return numbers;
    }

    // ---- making and removing

    @Test
    void isMadeOnceOpenedOftenAndRemoved() throws Exception {
        Address address = Queues.address(directory);
        assertFalse(MessageQueue.exists(address));
        assertEquals(
                "ENOENT",
                assertThrows(OsException.class, () -> MessageQueue.open(address, Codecs.utf8()))
                        .errnoName());
        MessageQueue.create(address, Codecs.utf8(), Queues.SMALL);
        assertEquals(
                "EEXIST",
                assertThrows(OsException.class, () -> MessageQueue.create(address, Codecs.utf8(), Queues.SMALL))
                        .errnoName());
        assertTrue(MessageQueue.exists(address));
        assertEquals(Queues.SMALL, MessageQueue.open(address, Codecs.utf8()).options());
        assertEquals(
                Queues.SMALL,
                MessageQueue.openOrCreate(address, Codecs.utf8(), MessageQueueOptions.defaults())
                        .options(),
                "of its making");
        assertTrue(MessageQueue.remove(address));
        assertFalse(MessageQueue.remove(address));
        assertFalse(MessageQueue.exists(address));
        assertEquals(List.of(), List.of(directory.toFile().list()), "something is left");
    }

    @Test
    void belongsToItsUserAlone() throws Exception {
        MessageQueue<String> queue = queue();
        send(queue, 0, 1);
        Path path = queue.address().path();
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    }

    @Test
    void aBareNameLiesInTheHomeOfQueues() throws Exception {
        Address address = Address.of("mq:queue-of-a-test");
        MessageQueue.remove(address);
        MessageQueue<String> queue = MessageQueue.create(address, Codecs.utf8(), Queues.SMALL);
        assertEquals(address, queue.address());
        assertTrue(new MessageQueueTransport().list().contains(address));
        assertTrue(MessageQueue.remove(address));
        assertFalse(new MessageQueueTransport().list().contains(address));
    }

    @Test
    void theSchemeMakesOpensInspectsAndRemoves() throws Exception {
        MessageQueueTransport scheme = new MessageQueueTransport();
        Address asked = Address.of(
                Queues.address(directory) + "?capacity=8m&max-message=64k&full=refuse&cycle=1m&sync=false&max-age=1h");
        Address made = scheme.create(asked);
        assertEquals(asked.withoutParameters(), made);
        Map<String, String> settings = scheme.settings(made);
        assertEquals("8m", settings.get("capacity"));
        assertEquals("refuse", settings.get("full"));
        assertEquals("1h", settings.get("max-age"));
        try (Sender<String> out = Ipc.sender(made, Codecs.utf8());
                Receiver<String> in = Ipc.receiver(made.with("group", "g"), Codecs.utf8());
                Receiver<String> last = Ipc.receiver(made.with("from", "-1"), Codecs.utf8())) {
            out.send("one");
            assertEquals("one", in.receive());
            assertEquals("one", last.receive());
            Map<String, Object> facts = scheme.inspect(made);
            assertEquals(1L, facts.get("next index"));
            assertTrue(String.valueOf(facts.get("consumer groups")).contains("leased=1"), facts.toString());
        }
        assertTrue(scheme.list().contains(made));
        assertTrue(scheme.survey().objects().stream()
                .anyMatch(each -> each.address().equals(made)));
        assertTrue(scheme.remove(made));
        assertFalse(scheme.exists(made));
    }

    @Test
    void aWrongAddressNamesTheNearestParameter() {
        AddressException wrong = assertThrows(
                AddressException.class, () -> MessageQueue.open(Address.of("mq:x?gruop=g"), Codecs.utf8()));
        assertTrue(String.valueOf(wrong.getMessage()).contains("group"), wrong.getMessage());
        assertThrows(AddressException.class, () -> new MessageQueueTransport().create(Address.of("mq:x?capacity=1")));
        assertThrows(AddressException.class, () -> MessageQueue.open(Address.of("mq:17"), Codecs.utf8()));
    }

    @Test
    void whoHasItOpenIsToldOfItsRemoval() throws Exception {
        MessageQueue<String> queue = queue();
        try (QueueSender<String> out = queue.openSender();
                QueueReceiver<String> in = queue.openReceiver(ReceiveFrom.start());
                Worker<String> waiting = Worker.call(in::receive)) {
            waiting.awaitBlocked();
            assertTrue(MessageQueue.remove(queue.address()));
            assertTrue(waiting.failure(IpcException.class).getMessage().contains("removed"));
            assertThrows(IpcException.class, () -> out.send("too late"));
            MessageQueue<String> again = MessageQueue.create(queue.address(), Codecs.utf8(), Queues.SMALL);
            assertThrows(IpcException.class, () -> out.send("still too late"));
            send(again, 0, 1);
            assertEquals(1, again.status().nextIndex());
        }
    }

    // ---- replay

    @Test
    void isReplayedFromWhereverOneLikes() throws Exception {
        MessageQueue<String> queue = queue();
        send(queue, 0, 50);
        Instant between = Instant.now().plusMillis(1);
        Await.until("the clock goes on", () -> Instant.now().isAfter(between));
        send(queue, 50, 60);
        try (QueueReceiver<String> in = queue.openReceiver(ReceiveFrom.start())) {
            assertEquals(numbers(0, 60), all(in));
            in.seek(ReceiveFrom.index(57));
            assertEquals(numbers(57, 60), all(in));
            in.seek(ReceiveFrom.last(10));
            assertEquals(numbers(50, 60), all(in));
            in.seek(ReceiveFrom.time(between));
            assertEquals(numbers(50, 60), all(in));
            in.seek(ReceiveFrom.start());
            assertEquals("0", in.receive());
            in.seek(ReceiveFrom.end());
            assertEquals(List.of(), all(in));
            send(queue, 60, 61);
            assertEquals("60", in.receive());
            in.seek(ReceiveFrom.last(1000));
            assertEquals(numbers(0, 61), all(in));
        }
    }

    @Test
    void isReplayedOverManyFiles() throws Exception {
        MessageQueue<byte[]> queue = Queues.create(directory, Codecs.bytes());
        try (QueueSender<byte[]> out = queue.openSender()) {
            for (int i = 0; i < 40; i++) {
                out.send(new byte[20_000 + i]);
            }
        }
        assertTrue(queue.status().cycles() > 2, queue.status().toString());
        try (QueueReceiver<byte[]> in = queue.openReceiver(ReceiveFrom.start())) {
            for (int i = 0; i < 40; i++) {
                assertEquals(20_000 + i, in.receive().length);
            }
            for (int i : new int[] {39, 0, 17, 30, 3}) {
                in.seek(ReceiveFrom.index(i));
                assertEquals(20_000 + i, in.receive().length);
            }
        }
        assertTrue(queue.check(Duration.ofSeconds(5)).isWhole());
        assertEquals(40, queue.check(Duration.ofSeconds(5)).messages());
    }

    @Test
    void aLookTakesNothing() throws Exception {
        MessageQueue<String> queue = queue();
        try (QueueReceiver<String> in = queue.openReceiver(ReceiveFrom.start())) {
            assertNull(in.peek());
            send(queue, 0, 2);
            assertEquals("0", in.peek());
            assertEquals("0", in.peek());
            assertEquals("0", in.receive());
            assertEquals("1", in.receive());
            assertNull(in.peek());
        }
    }

    @Test
    void replayMovesNoGroup() throws Exception {
        MessageQueue<String> queue = queue();
        try (Consumer<String> consumer = queue.openConsumer("g");
                QueueReceiver<String> in = queue.openReceiver(ReceiveFrom.start())) {
            send(queue, 0, 3);
            assertEquals(numbers(0, 3), all(in));
            assertEquals(3, queue.status().groups().get(0).lag());
            assertEquals("0", consumer.receive().message());
        }
    }

    // ---- headers

    @Test
    void tellsWhatIsKnownOfAMessage() throws Exception {
        MessageQueue<String> queue = queue();
        try (QueueSender<String> out = queue.openSender();
                QueueSender<String> other = queue.openSender();
                QueueReceiver<QueuedMessage<String>> in = queue.openMessages(ReceiveFrom.start())) {
            Instant before = Instant.now();
            out.send(MessageHeader.ofType("größe").withReplyTo(queue.address(), 77), "eins");
            other.send("zwei");
            out.send("drei");
            QueuedMessage<String> first = in.receive();
            assertEquals("eins", first.body());
            assertEquals(0, first.index());
            assertEquals("größe", first.header().type());
            assertEquals(queue.address(), first.header().replyTo());
            assertEquals(77, first.correlation().getAsLong());
            assertEquals(out.producer(), first.producer());
            assertEquals(1, first.sequence());
            assertTrue(Duration.between(before, first.time()).abs().compareTo(Duration.ofSeconds(10)) < 0);
            QueuedMessage<String> second = in.receive();
            assertNotEquals(first.producer(), second.producer());
            assertNull(second.header().replyTo());
            assertTrue(second.correlation().isEmpty());
            assertEquals(2, in.receive().sequence());
        }
    }

    @Test
    void otherTypesAreLeftOutWithoutBeingDecoded() throws Exception {
        MessageQueue<String> queue = queue();
        try (QueueSender<String> out = queue.openSender()) {
            for (int i = 0; i < 10; i++) {
                out.send(MessageHeader.ofType(i % 2 == 0 ? "even" : "odd"), Integer.toString(i));
            }
        }
        MessageQueue<Long> undecodable = MessageQueue.open(queue.address(), Codecs.int64());
        try (QueueReceiver<String> in = queue.openReceiver(ReceiveFrom.start(), "odd");
                QueueReceiver<Long> none = undecodable.openReceiver(ReceiveFrom.start(), "other")) {
            assertEquals(List.of("1", "3", "5", "7", "9"), all(in));
            assertNull(none.tryReceive());
        }
    }

    @Test
    void headersThatAreTooLongAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> MessageHeader.ofType("x".repeat(256)));
        assertEquals(255, MessageHeader.ofType("x".repeat(255)).type().length());
    }

    // ---- full

    @Test
    void aFullQueueMayRefuse() throws Exception {
        MessageQueue<byte[]> queue = MessageQueue.create(
                Queues.address(directory), Codecs.bytes(), Queues.SMALL.withWhenFull(FullPolicy.REFUSE));
        try (QueueSender<byte[]> out = queue.openSender()) {
            int sent = 0;
            while (out.trySend(new byte[10_000])) {
                sent++;
            }
            LimitException full = assertThrows(LimitException.class, () -> out.send(new byte[10_000]));
            assertEquals("capacityBytes", full.limit());
            assertEquals(Queues.SMALL.capacityBytes(), full.value());
            assertTrue(queue.status().bytes() <= Queues.SMALL.capacityBytes());
            assertFalse(out.trySend(new byte[10_000], Duration.ofMillis(10)));
            try (GroupReceiver<byte[]> in = queue.openGroupReceiver("g", ConsumerOptions.defaults())) {
                for (int i = 0; i < sent; i++) {
                    in.receive();
                }
                assertNull(in.tryReceive());
                out.send(new byte[10_000]);
            }
        }
    }

    @Test
    void roomComesBackOnlyWhenEveryGroupHasTakenAFile() throws Exception {
        MessageQueue<byte[]> queue = Queues.create(directory, Codecs.bytes());
        try (QueueSender<byte[]> out = queue.openSender();
                GroupReceiver<byte[]> fast = queue.openGroupReceiver("fast", ConsumerOptions.defaults());
                GroupReceiver<byte[]> slow = queue.openGroupReceiver("slow", ConsumerOptions.defaults())) {
            int sent = 0;
            while (out.trySend(new byte[10_000])) {
                sent++;
            }
            for (int i = 0; i < sent; i++) {
                fast.receive();
            }
            assertNull(fast.tryReceive());
            assertFalse(out.trySend(new byte[10_000]), "the other group has taken nothing");
            assertEquals(0, queue.status().firstIndex());
            for (int i = 0; i < sent / 2; i++) {
                slow.receive();
            }
            assertTrue(queue.status().firstIndex() > 0, "no room has come back");
            assertTrue(out.trySend(new byte[10_000]));
        }
    }

    @Test
    void oldMessagesGoTakenOrNot() throws Exception {
        MessageQueue<byte[]> queue = MessageQueue.create(
                Queues.address(directory), Codecs.bytes(), Queues.SMALL.withMaxAge(Duration.ofMillis(200)));
        try (QueueSender<byte[]> out = queue.openSender();
                Consumer<byte[]> consumer = queue.openConsumer("g")) {
            long start = System.nanoTime();
            for (int i = 0; i < 300; i++) { // more than it holds: each waits until the oldest are old
                out.send(new byte[10_000]);
            }
            assertTrue(System.nanoTime() - start > Duration.ofMillis(200).toNanos());
            MessageQueueStatus status = queue.status();
            assertTrue(status.firstIndex() > 0, status.toString());
            assertEquals(status.firstIndex(), consumer.receive().index(), "what has gone is left out");
        }
    }

    @Test
    void takenMessagesAreKeptForReplayWhileThereIsRoom() throws Exception {
        MessageQueue<byte[]> queue = MessageQueue.create(
                Queues.address(directory), Codecs.bytes(), Queues.SMALL.withRetention(Duration.ofHours(1)));
        try (QueueSender<byte[]> out = queue.openSender();
                GroupReceiver<byte[]> in = queue.openGroupReceiver("g", ConsumerOptions.defaults())) {
            for (int i = 0; i < 60; i++) {
                out.send(new byte[10_000]);
                in.receive();
            }
            assertNull(in.tryReceive());
            assertEquals(0, queue.status().firstIndex());
            for (int i = 0; i < 200; i++) {
                out.send(new byte[10_000]);
                in.receive();
            }
            assertTrue(queue.status().firstIndex() > 0, "their room was needed");
        }
    }

    @Test
    void anOldFileEndsBeforeItIsFull() throws Exception {
        MessageQueue<String> queue = MessageQueue.create(
                Queues.address(directory), Codecs.utf8(), Queues.SMALL.withCycleAge(Duration.ofMillis(1)));
        try (QueueSender<String> out = queue.openSender()) {
            out.send("one");
            long since = System.currentTimeMillis();
            Await.until("the clock goes on", () -> System.currentTimeMillis() > since + 1);
            out.send("two");
        }
        assertEquals(2, queue.status().cycles());
    }

    @Test
    void withSyncAllIsTheSame() throws Exception {
        MessageQueue<String> queue =
                MessageQueue.create(Queues.address(directory), Codecs.utf8(), Queues.SMALL.withSync(true));
        try (Consumer<String> consumer = queue.openConsumer("g")) {
            send(queue, 0, 20);
            for (int i = 0; i < 20; i++) {
                Delivery<String> delivery = consumer.receive();
                assertEquals(Integer.toString(i), delivery.message());
                delivery.ack();
            }
        }
    }

    @Test
    void optionsThatCannotBeAreRefused() {
        MessageQueueOptions defaults = MessageQueueOptions.defaults();
        assertThrows(IllegalArgumentException.class, () -> defaults.withCapacity(1 << 20));
        assertThrows(IllegalArgumentException.class, () -> defaults.withCycle(1));
        assertThrows(IllegalArgumentException.class, () -> defaults.withGroups(0));
        assertThrows(IllegalArgumentException.class, () -> defaults.withMaxAge(Duration.ofMillis(-1)));
        assertThrows(IllegalArgumentException.class, () -> defaults.withMaxMessage(0));
    }

    // ---- request and reply

    @Test
    @SuppressWarnings("try") // closes early, as the behaviour under test
    void aRequestIsAnsweredByWhoeverReadsIt() throws Exception {
        MessageQueue<String> queue = queue();
        try (Requester<String> requester = queue.openRequester();
                QueueReceiver<QueuedMessage<String>> in = queue.openMessages(ReceiveFrom.start());
                Replier<String> replier = queue.openReplier();
                Worker<Boolean> server = Worker.run(() -> {
                    for (int i = 0; i < 20; i++) {
                        QueuedMessage<String> request = in.receive();
                        assertTrue(replier.reply(request, request.body() + "!"));
                    }
                })) {
            for (int i = 0; i < 20; i++) {
                assertEquals(i + "!", requester.request(Integer.toString(i)));
            }
            server.result();
            assertNull(requester.tryRequest("nobody", Duration.ofMillis(20)));
            QueuedMessage<String> late = in.receive();
            assertTrue(replier.reply(late, "too late"));
            try (Worker<Boolean> again = Worker.run(() -> replier.reply(in.receive(), "in time"))) {
                assertEquals("in time", requester.request("again"), "an answer to another request was taken for it");
                again.result();
            }
            requester.close();
            assertFalse(replier.reply(late, "nobody is there"));
        }
        assertTrue(MessageQueue.remove(queue.address()));
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 40_000})
    void aReaderThatRetentionHasOvertakenGoesOnWithoutAWord(int bytes) throws Exception {
        MessageQueue<byte[]> queue = MessageQueue.create(
                Queues.address(directory), Codecs.bytes(), Queues.MEDIUM.withCycleAge(Duration.ofMillis(1)));
        try (QueueSender<byte[]> out = queue.openSender();
                Consumer<byte[]> consumer = queue.openConsumer("g");
                QueueReceiver<QueuedMessage<byte[]>> slow = queue.openMessages(ReceiveFrom.start())) {
            out.send(new byte[bytes]);
            assertEquals(0, slow.receive().index());
            for (int i = 1; i < 8; i++) {
                out.send(new byte[bytes]);
                out.send(new byte[bytes]);
            }
            while (queue.status().firstIndex() < 4) {
                consumer.receive().ack();
            }
            long first = queue.status().firstIndex();
            List<Long> rest = new ArrayList<>();
            for (QueuedMessage<byte[]> each; (each = slow.tryReceive()) != null; ) {
                rest.add(each.index());
            }
            List<Long> kept =
                    LongStream.range(first, queue.status().nextIndex()).boxed().toList();
            assertEquals(kept, rest.stream().filter(each -> each >= first).toList());
        }
    }

    @Test
    void ofTwoThreadsThatMakeTheSameQueueOneDoes() throws Exception {
        for (int i = 0; i < 20; i++) {
            Address address = Queues.address(directory);
            try (Worker<Boolean> other = Worker.call(() -> makes(address))) {
                boolean made = makes(address);
                assertEquals(!made, other.result());
            }
            try (QueueSender<String> out =
                    MessageQueue.open(address, Codecs.utf8()).openSender()) {
                out.send("usable");
            }
        }
    }

    private static boolean makes(Address address) throws IOException {
        try {
            MessageQueue.create(address, Codecs.utf8(), Queues.SMALL);
            return true;
        } catch (OsException e) {
            assertEquals("EEXIST", e.errnoName());
            return false;
        }
    }
}
