package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.Codecs;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.internal.RuntimeDirectory;
import org.jvmipc.internal.registry.ObjectLock;
import org.jvmipc.internal.registry.Registry;
import org.jvmipc.internal.registry.RegistryRecord;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** Requests and replies between inboxes in one JVM. */
@Timeout(60)
@ExtendWith(NoLeaks.class)
@SuppressWarnings("try") // closes one end in the middle, as the behaviour under test
class InboxRequestTest implements NoLeaks.WarmUp {
    private static final Duration SHORT = Duration.ofMillis(60);

    @Override
    public void warmUp() throws Exception {
        asksAndIsAnswered();
    }

    private static Inbox<InboxMessage<String>> target() throws Exception {
        return Inbox.openMessages(Inboxes.address(), Codecs.utf8(), Inboxes.SMALL);
    }

    private static InboxRequester<String> requester(Inbox<?> target) throws Exception {
        return InboxRequester.open(target.address(), Codecs.utf8(), Inboxes.SMALL);
    }

    /** Answers so many, in capitals. */
    private static Worker<Boolean> answering(Inbox<InboxMessage<String>> target, int count) {
        return Worker.run(() -> {
            try (InboxReplier<String> replier = new InboxReplier<>(Codecs.utf8())) {
                for (int i = 0; i < count; i++) {
                    InboxMessage<String> request = target.receive();
                    assertTrue(replier.reply(request, request.body() + "!"));
                }
            }
        });
    }

    @Test
    void asksAndIsAnswered() throws Exception {
        try (Inbox<InboxMessage<String>> target = target();
                InboxRequester<String> requester = requester(target);
                Worker<Boolean> answerer = answering(target, 3)) {
            assertEquals("one!", requester.request("one"));
            assertEquals("two!", requester.tryRequest("two", Duration.ofSeconds(30)));
            assertEquals("!", requester.request(""));
            answerer.result();
            assertEquals(target.address(), requester.target());
        }
    }

    @Test
    void aBufferOfAnAnswerIsTheCallersOwn() throws Exception {
        try (Inbox<InboxMessage<String>> target = target();
                InboxRequester<ByteBuffer> requester =
                        InboxRequester.open(target.address(), Codecs.buffers(), Inboxes.SMALL);
                Worker<Boolean> answerer = answering(target, 2)) {
            ByteBuffer first = requester.request(StandardCharsets.UTF_8.encode("one"));
            ByteBuffer second = requester.request(StandardCharsets.UTF_8.encode("two"));
            assertEquals("one!", StandardCharsets.UTF_8.decode(first).toString());
            assertEquals("two!", StandardCharsets.UTF_8.decode(second).toString());
            assertTrue(first.isReadOnly());
            answerer.result();
        }
    }

    @Test
    void whoAsksIsTold() throws Exception {
        try (Inbox<InboxMessage<String>> target = target();
                InboxRequester<String> requester = requester(target);
                InboxSender<String> plain = Inbox.openSender(target.address(), Codecs.utf8());
                InboxReplier<String> replier = new InboxReplier<>(Codecs.utf8())) {
            assertNull(requester.tryRequest("who?", Duration.ofNanos(1)));
            InboxMessage<String> request = target.receive();
            assertEquals(InboxMessage.Kind.REQUEST, request.kind());
            assertEquals(requester.replyTo(), request.replyTo());
            assertEquals(ProcessIdentity.self().pid(), request.sender());
            assertEquals(OptionalLong.of(request.number()), request.correlation());
            plain.send("nobody waits");
            InboxMessage<String> message = target.receive();
            assertEquals(InboxMessage.Kind.MESSAGE, message.kind());
            assertEquals(OptionalLong.empty(), message.correlation());
            assertEquals(ProcessIdentity.self().pid(), message.sender());
            assertFalse(replier.reply(message, "to nobody"));
        }
    }

    @Test
    void aPlainReceiveHasTheBodyOfARequest() throws Exception {
        try (Inbox<String> target = Inbox.open(Inboxes.address(), Codecs.utf8(), Inboxes.SMALL);
                InboxRequester<String> requester = requester(target)) {
            assertNull(requester.tryRequest("hello", SHORT));
            assertEquals("hello", target.receive());
        }
    }

    @Test
    void aLateAnswerIsDropped() throws Exception {
        try (Inbox<InboxMessage<String>> target = target();
                InboxRequester<String> requester = requester(target);
                InboxReplier<String> replier = new InboxReplier<>(Codecs.utf8())) {
            assertNull(requester.tryRequest("first", SHORT));
            assertTrue(replier.reply(target.receive(), "late"));
            try (Worker<String> asker = Worker.call(() -> requester.request("second"))) {
                assertTrue(replier.reply(target.receive(), "in time"));
                assertEquals("in time", asker.result());
            }
        }
    }

    /** The next process of the same pid is another one, with other questions. */
    @Test
    void noRequesterHasTheInboxOrTheNumbersOfAnother() throws Exception {
        Set<Long> numbers = new HashSet<>();
        Set<Address> inboxes = new HashSet<>();
        try (Inbox<InboxMessage<String>> target = target()) {
            for (int i = 0; i < 5; i++) {
                try (InboxRequester<String> requester = requester(target)) {
                    assertNull(requester.tryRequest("one", SHORT));
                    assertNull(requester.tryRequest("two", SHORT));
                    target.drain(request -> assertTrue(numbers.add(request.number()), "twice the same"), 10);
                    assertTrue(inboxes.add(requester.replyTo()));
                    assertTrue(requester.replyTo().location().matches("[0-9]+\\.answers-[0-9a-f]{9,16}"));
                }
            }
        }
        assertTrue(numbers.stream().noneMatch(number -> number >= 0 && number < 1_000), () -> "counted: " + numbers);
    }

    @Test
    void noPlaceForAnAnswerIsToldInTermsOfTheInbox() throws Exception {
        try (Inbox<String> answers = Inbox.open(Inboxes.address(), Codecs.utf8(), Inboxes.SMALL.withSenders(1));
                InboxSender<String> only = Inbox.openSender(answers.address(), Codecs.utf8());
                InboxReplier<String> replier = new InboxReplier<>(Codecs.utf8())) {
            LimitException none =
                    assertThrows(LimitException.class, () -> replier.reply(request(answers.address()), "no place"));
            assertEquals("senders", none.limit());
            assertTrue(String.valueOf(none.getMessage()).startsWith(answers.address() + ": no place"));
            assertTrue(String.valueOf(none.getMessage()).contains("have its owner open it for more"));
            only.close();
            assertTrue(replier.reply(request(answers.address().with("waiting", "sleep")), "one"));
            assertTrue(replier.reply(request(answers.address()), "by the same sender"));
        }
    }

    @Test
    void aCloseGetsOutWhoWaitsToAnswer() throws Exception {
        InboxOptions tiny = Inboxes.SMALL.withCapacity(1024);
        try (Inbox<String> full = Inbox.open(Inboxes.address(), Codecs.utf8(), tiny);
                InboxReplier<String> replier = new InboxReplier<>(Codecs.utf8());
                Worker<Boolean> answerer = Worker.run(() -> {
                    while (true) {
                        replier.reply(request(full.address()), "x".repeat(100));
                    }
                })) {
            answerer.awaitBlocked();
            try (Worker<Boolean> closer = Worker.run(replier::close)) {
                closer.result(Duration.ofSeconds(20));
            }
            answerer.failure(ClosedChannelException.class);
            assertThrows(ClosedChannelException.class, () -> replier.reply(request(full.address()), "late"));
        }
    }

    /** What is wrong with the inbox of one is told, and the others are answered. */
    @Test
    void oneOddRequesterIsToldAndTheNextOneIsAnswered() throws Exception {
        InboxOptions tiny = Inboxes.SMALL.withCapacity(1024).withWhenFull(FullPolicy.REFUSE);
        try (Inbox<String> odd = Inbox.open(Inboxes.address(), Codecs.utf8(), tiny);
                Inbox<String> good = Inbox.open(Inboxes.address(), Codecs.utf8(), Inboxes.SMALL);
                InboxReplier<String> replier = new InboxReplier<>(Codecs.utf8())) {
            InboxMessage<String> request = request(odd.address());
            LimitException large = assertThrows(LimitException.class, () -> replier.reply(request, "x".repeat(2_000)));
            assertEquals("maxMessageBytes", large.limit());
            assertTrue(
                    String.valueOf(large.getMessage()).startsWith(odd.address().toString()), large.getMessage());
            LimitException full = assertThrows(LimitException.class, () -> {
                while (true) {
                    replier.reply(request, "x".repeat(100));
                }
            });
            assertTrue(
                    String.valueOf(full.getMessage()).startsWith(odd.address().toString()), full.getMessage());
            assertTrue(replier.reply(request(good.address()), "heard"));
            assertEquals("heard", good.receive());
            assertNotNull(odd.receive());
        }
    }

    /** A sender into a file that was cut off is not kept for the inbox that has the name next. */
    @Test
    void aDamagedInboxIsToldAndItsNameIsAnsweredAgain() throws Exception {
        Address address = Inboxes.address();
        try (InboxReplier<String> replier = new InboxReplier<>(Codecs.utf8())) {
            Inbox<String> first = Inbox.open(address, Codecs.utf8(), Inboxes.SMALL);
            assertTrue(replier.reply(request(address), "one"));
            Path file = RuntimeDirectory.resolve(address.location(), ".inbox");
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(4096);
            }
            assertThrows(IOException.class, () -> replier.reply(request(address), "two"));
            Files.delete(file);
            try (Inbox<String> second = Inbox.open(address, Codecs.utf8(), Inboxes.SMALL)) {
                assertTrue(replier.reply(request(address), "three"));
                assertEquals("three", second.receive());
            }
            first.close();
        }
    }

    private static InboxMessage<String> request(Address replyTo) {
        return new InboxMessage<>(InboxMessage.Kind.REQUEST, 1, replyTo, 7, "?");
    }

    @Test
    void aRequesterThatIsGoneIsTold() throws Exception {
        try (Inbox<InboxMessage<String>> target = target();
                InboxReplier<String> replier = new InboxReplier<>(Codecs.utf8())) {
            InboxMessage<String> asked;
            try (InboxRequester<String> requester = requester(target)) {
                assertNull(requester.tryRequest("first", SHORT));
                assertTrue(replier.reply(target.receive(), "heard, as it is there"));
                assertNull(requester.tryRequest("second", SHORT));
                asked = target.receive();
            }
            assertFalse(replier.reply(asked, "it has closed"));
            assertFalse(replier.tryReply(asked, "still", SHORT));
        }
    }

    @Test
    void theTargetsCloseIsToldWhoWaits() throws Exception {
        Inbox<InboxMessage<String>> target = target();
        try (InboxRequester<String> requester = requester(target);
                Worker<String> asker = Worker.call(() -> requester.request("anybody?"))) {
            target.receive();
            asker.awaitBlocked();
            target.close();
            PeerGoneException gone = asker.failure(PeerGoneException.class);
            assertEquals(PeerGoneException.Reason.CLOSED, gone.reason());
            assertThrows(PeerGoneException.class, () -> requester.request("again"));
        }
    }

    @Test
    void anAnswerBeforeTheCloseCounts() throws Exception {
        for (int i = 0; i < 20; i++) {
            Inbox<InboxMessage<String>> target = target();
            try (InboxRequester<String> requester = requester(target);
                    InboxReplier<String> replier = new InboxReplier<>(Codecs.utf8());
                    Worker<String> asker = Worker.call(() -> requester.request("anybody?"))) {
                InboxMessage<String> request = target.receive();
                replier.reply(request, "yes");
                target.close();
                assertEquals("yes", asker.result());
            }
        }
    }

    /** Takes its messages more slowly than they come: there is always one. */
    private static InboxRequester<String> slowRequester(Inbox<?> target) throws Exception {
        Codec<String> slow = new Codec<>() {
            @Override
            public int size(String message) {
                return Codecs.utf8().size(message);
            }

            @Override
            public void encode(String message, ByteBuffer bytes) {
                Codecs.utf8().encode(message, bytes);
            }

            @Override
            public String decode(ByteBuffer bytes) {
                LockSupport.parkNanos(1_000_000);
                return Codecs.utf8().decode(bytes);
            }
        };
        return InboxRequester.open(target.address(), slow, Inboxes.SMALL);
    }

    /** Sends plain messages without end until it is interrupted. */
    private static Worker<Boolean> flooding(Address inbox) {
        return Worker.run(() -> {
            List<String> many = Collections.nCopies(500, "not an answer");
            try (InboxSender<String> out = Inbox.openSender(inbox, Codecs.utf8())) {
                while (true) {
                    out.sendAll(many);
                }
            }
        });
    }

    private static void end(Worker<Boolean> flooder) throws Exception {
        flooder.interrupt();
        flooder.failure(InterruptedException.class);
    }

    @Test
    void theTimePassesAlsoWhileOtherMessagesCome() throws Exception {
        try (Inbox<InboxMessage<String>> target = target();
                InboxRequester<String> requester = slowRequester(target);
                Worker<Boolean> one = flooding(requester.replyTo());
                Worker<Boolean> other = flooding(requester.replyTo())) {
            one.awaitBlocked();
            other.awaitBlocked();
            try (Worker<Boolean> asker = Worker.run(() -> assertNull(requester.tryRequest("anybody?", SHORT)))) {
                asker.result(Duration.ofSeconds(20));
            }
            assertTrue(target.isOpen());
            end(one);
            end(other);
        }
    }

    @Test
    void theTargetsCloseIsToldAlsoWhileOtherMessagesCome() throws Exception {
        Inbox<InboxMessage<String>> target = target();
        try (InboxRequester<String> requester = slowRequester(target);
                Worker<Boolean> one = flooding(requester.replyTo());
                Worker<Boolean> other = flooding(requester.replyTo());
                Worker<String> asker = Worker.call(() -> requester.request("anybody?"))) {
            target.receive();
            target.close();
            asker.failure(PeerGoneException.class, Duration.ofSeconds(20));
            end(one);
            end(other);
        }
    }

    @Test
    void aRequestCanBeInterruptedAndTheNextOneIsAnswered() throws Exception {
        try (Inbox<InboxMessage<String>> target = target();
                InboxRequester<String> requester = requester(target)) {
            try (Worker<String> asker = Worker.call(() -> requester.request("interrupted"))) {
                asker.awaitBlocked();
                asker.interrupt();
                asker.failure(InterruptedException.class);
            }
            target.receive();
            try (Worker<Boolean> answerer = answering(target, 1)) {
                assertEquals("next!", requester.request("next"));
                answerer.result();
            }
        }
    }

    @Test
    void aCloseGetsOutWhoWaits() throws Exception {
        try (Inbox<InboxMessage<String>> target = target()) {
            InboxRequester<String> requester = requester(target);
            try (Worker<String> asker = Worker.call(() -> requester.request("anybody?"))) {
                target.receive();
                asker.awaitBlocked();
                requester.close();
                asker.failure(ClosedChannelException.class);
            }
        }
    }

    @Test
    void nobodyHasTheTarget() {
        assertThrows(OsException.class, () -> InboxRequester.open(Inboxes.address(), Codecs.utf8()));
    }

    @Test
    void aRequestMayBeLargerByLessThanAMessage() throws Exception {
        InboxOptions options = Inboxes.SMALL.withMaxMessage(200);
        try (Inbox<InboxMessage<byte[]>> target = Inbox.openMessages(Inboxes.address(), Codecs.bytes(), options);
                InboxRequester<byte[]> requester =
                        InboxRequester.open(target.address(), Codecs.bytes(), Inboxes.SMALL)) {
            int most = 200 - 8 - requester.replyTo().toString().length();
            assertNull(requester.tryRequest(new byte[most], SHORT));
            assertEquals(most, target.receive().body().length);
            LimitException limit =
                    assertThrows(LimitException.class, () -> requester.tryRequest(new byte[most + 1], SHORT));
            assertEquals(most, limit.value());
        }
    }

    @Test
    void manyThreadsAskOneAfterTheOther() throws Exception {
        try (Inbox<InboxMessage<String>> target = target();
                InboxRequester<String> requester = requester(target);
                Worker<Boolean> answerer = answering(target, 4 * 200)) {
            List<Worker<Boolean>> askers = List.of(
                    asking(requester, "a"), asking(requester, "b"), asking(requester, "c"), asking(requester, "d"));
            for (Worker<Boolean> each : askers) {
                try (each) {
                    each.result();
                }
            }
            answerer.result();
        }
    }

    private static Worker<Boolean> asking(InboxRequester<String> requester, String name) {
        return Worker.run(() -> {
            for (int i = 0; i < 200; i++) {
                assertEquals(name + i + "!", requester.request(name + i));
            }
        });
    }

    /** Pids come again: who has the number now is not who had it. */
    @Test
    void theInboxOfAnEarlierProcessOfTheSamePidIsADeadOnes() throws Exception {
        Address own = Inbox.own();
        try (Inbox<String> inbox = Inbox.open(own, Codecs.utf8(), Inboxes.SMALL)) {
            Registry registry = Registry.open();
            RegistryRecord record = registry.list("inbox").get(0);
            ProcessIdentity self = ProcessIdentity.self();
            ProcessIdentity earlier =
                    new ProcessIdentity(self.pid(), self.startTime() - 1, self.bootId(), self.pidNamespace());
            try (ObjectLock lock = registry.lock("inbox", record.path())) {
                registry.put(lock, record.ownedBy(earlier));
            }
            PeerGoneException gone = assertThrows(PeerGoneException.class, () -> Inbox.openSender(own, Codecs.utf8()));
            assertEquals(PeerGoneException.Reason.DIED, gone.reason());
            try (Inbox<String> mine = Inbox.open(own, Codecs.utf8(), Inboxes.SMALL);
                    InboxSender<String> out = Inbox.openSender(own, Codecs.utf8())) {
                out.send("to this one");
                assertEquals("to this one", mine.receive());
                assertNull(inbox.tryReceive());
            }
        }
    }
}
