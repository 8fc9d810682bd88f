package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Codecs;
import org.jvmipc.Ipc;
import org.jvmipc.IpcException;
import org.jvmipc.Lifetime;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Receiver;
import org.jvmipc.ReceiverSet;
import org.jvmipc.Sender;
import org.jvmipc.UnsupportedMechanismException;
import org.jvmipc.internal.RuntimeDirectory;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.registry.ObjectLock;
import org.jvmipc.internal.registry.Registry;
import org.jvmipc.mq.internal.AnswerNames;
import org.jvmipc.mq.internal.InboxNames;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.shm.RingWaiting;
import org.jvmipc.spi.ObjectInfo;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** An inbox in one JVM: what it is beyond a transport. */
@Timeout(60)
@ExtendWith(NoLeaks.class)
@SuppressWarnings("try") // closes one end in the middle, as the behaviour under test
class InboxTest implements NoLeaks.WarmUp {
    private static final Duration SHORT = Duration.ofMillis(60);

    @Override
    public void warmUp() throws Exception {
        try (Inbox<String> inbox = open(Inboxes.address());
                InboxSender<String> out = Inbox.openSender(inbox.address(), Codecs.utf8())) {
            out.send("loads");
            inbox.receive();
        }
    }

    private static Inbox<String> open(Address address) throws Exception {
        return Inbox.open(address, Codecs.utf8(), Inboxes.SMALL);
    }

    // ---- addresses

    @Test
    void aProcessIsReachedByItsPid() throws Exception {
        Address own = Inbox.own();
        assertEquals("inbox:" + ProcessIdentity.self().pid(), own.toString());
        try (Inbox<String> inbox = open(own);
                InboxSender<String> out = Inbox.openSender(own, Codecs.utf8())) {
            out.send("by pid");
            assertEquals("by pid", inbox.receive());
            assertEquals(own, inbox.address());
            assertTrue(new InboxTransport().list().contains(own));
        }
    }

    @Test
    void theInboxOfAnotherPidCannotBeOpened() {
        AddressException refused = assertThrows(AddressException.class, () -> open(Address.of("inbox:1")));
        assertTrue(refused.getMessage().contains(Inbox.own().toString()), refused.getMessage());
    }

    @Test
    void pathsAndOtherSchemesAreNoInboxes() {
        for (String wrong : List.of("inbox:/tmp/x", "ring:x", "inbox:x?group=g", "inbox:007")) {
            assertThrows(AddressException.class, () -> open(Address.of(wrong)), wrong);
        }
    }

    @Test
    void theAddressSaysHowItIsOpened() throws Exception {
        Address address = Inboxes.address()
                .with("size", "4k")
                .with("senders", "2")
                .with("full", "refuse")
                .with("max-message", "99");
        assertEquals(
                new InboxOptions(2, 4096, 99, FullPolicy.REFUSE, RingWaiting.ADAPTIVE, false),
                InboxOptions.of(address));
        assertThrows(AddressException.class, () -> InboxOptions.of(address.with("size", "5k")));
        assertThrows(AddressException.class, () -> InboxOptions.of(address.with("senders", "0")));
        assertThrows(AddressException.class, () -> InboxOptions.of(address.with("max-message", "4k")));
    }

    // ---- owners

    @Test
    void nobodyHasIt() {
        OsException none = assertThrows(OsException.class, () -> Inbox.openSender(Inboxes.address(), Codecs.utf8()));
        assertEquals(Errno.ENOENT, none.errno());
    }

    @Test
    void aLivingOwnerIsNamed() throws Exception {
        try (Inbox<String> inbox = open(Inboxes.address())) {
            InboxTakenException taken = assertThrows(InboxTakenException.class, () -> open(inbox.address()));
            assertEquals(ProcessIdentity.self().pid(), taken.pid());
            assertThrows(InboxTakenException.class, () -> Inbox.remove(inbox.address()));
            assertTrue(Inbox.exists(inbox.address()));
        }
    }

    @Test
    void closingFreesTheNameAndTheNextOwnerGetsOnlyWhatIsSentToIt() throws Exception {
        Address address = Inboxes.address();
        try (Inbox<String> first = open(address);
                InboxSender<String> out = Inbox.openSender(address, Codecs.utf8())) {
            out.send("to the first");
            first.close();
            assertFalse(Inbox.exists(address));
            PeerGoneException gone = assertThrows(PeerGoneException.class, () -> out.send("to nobody"));
            assertEquals(PeerGoneException.Reason.CLOSED, gone.reason());
            try (Inbox<String> second = open(address);
                    InboxSender<String> other = Inbox.openSender(address, Codecs.utf8())) {
                assertThrows(PeerGoneException.class, () -> out.send("to the first"));
                other.send("to the second");
                assertEquals("to the second", second.receive());
                assertNull(second.tryReceive());
                first.close(); // again: it is not the second one's
                assertTrue(Inbox.exists(address));
            }
        }
    }

    @Test
    void itHasNoEndUnlessItIsToTell() throws Exception {
        try (Inbox<String> inbox = open(Inboxes.address())) {
            for (int i = 0; i < 3; i++) {
                try (InboxSender<String> out = Inbox.openSender(inbox.address(), Codecs.utf8())) {
                    out.send("from sender " + i);
                }
                assertEquals("from sender " + i, inbox.receive());
                assertNull(inbox.tryReceive());
                assertNull(inbox.tryReceive(SHORT));
                assertEquals(0, inbox.drain(message -> {}, 9));
            }
        }
    }

    @Test
    void theNextSenderThatIsTooManyIsToldTheLimit() throws Exception {
        Address address = Inboxes.address();
        try (Inbox<String> inbox = Inbox.open(address, Codecs.utf8(), Inboxes.SMALL.withSenders(1));
                InboxSender<String> out = Inbox.openSender(address, Codecs.utf8())) {
            LimitException limit = assertThrows(LimitException.class, () -> Inbox.openSender(address, Codecs.utf8()));
            assertEquals("senders", limit.limit());
            assertEquals(1, limit.value());
            out.send("still");
            assertEquals("still", inbox.receive());
        }
    }

    /** Each of them is an end, which nobody is told who has not asked for it. */
    @Test
    void noPollIsToldOfSendersThatComeAndGo() throws Exception {
        try (Inbox<String> inbox = open(Inboxes.address());
                Worker<Boolean> visitor = Worker.run(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        Inbox.openSender(inbox.address(), Codecs.utf8()).close();
                    }
                })) {
            while (!visitor.isDone()) {
                assertNull(inbox.tryReceive());
                assertNull(inbox.tryReceive(Duration.ofNanos(1)));
            }
            visitor.result();
        }
    }

    @Test
    void aFullOneRefusesIfItIsToDoThat() throws Exception {
        InboxOptions refusing = Inboxes.SMALL.withCapacity(1024).withWhenFull(FullPolicy.REFUSE);
        try (Inbox<byte[]> inbox = Inbox.open(Inboxes.address(), Codecs.bytes(), refusing);
                InboxSender<byte[]> out = Inbox.openSender(inbox.address(), Codecs.bytes())) {
            while (out.trySend(new byte[100])) {
                assertTrue(out.isOpen());
            }
            assertThrows(LimitException.class, () -> out.send(new byte[100]));
            assertNotNull(inbox.receive());
        }
    }

    @Test
    void tooLargeIsToldInTheSendersTerms() throws Exception {
        InboxOptions options = Inboxes.SMALL.withMaxMessage(100);
        try (Inbox<String> inbox = Inbox.open(Inboxes.address(), Codecs.utf8(), options);
                InboxSender<String> out = Inbox.openSender(inbox.address(), Codecs.utf8())) {
            out.send("x".repeat(100));
            LimitException limit = assertThrows(LimitException.class, () -> out.send("x".repeat(101)));
            assertEquals(100, limit.value());
            assertTrue(String.valueOf(limit.getMessage()).contains("can make it for larger ones"), limit::toString);
            assertThrows(LimitException.class, () -> out.sendAll(List.of("x".repeat(101))));
            assertEquals(100, inbox.receive().length());
        }
    }

    @Test
    void buffersAreNeitherMovedNorKept() throws Exception {
        try (Inbox<ByteBuffer> inbox = Inbox.open(Inboxes.address(), Codecs.buffers(), Inboxes.SMALL);
                InboxSender<ByteBuffer> out = Inbox.openSender(inbox.address(), Codecs.buffers())) {
            ByteBuffer message =
                    ByteBuffer.allocate(16).putLong(0, 1).putLong(8, 42).position(8);
            out.send(message);
            assertEquals(8, message.position());
            message.putLong(8, 0);
            ByteBuffer received = inbox.receive();
            assertEquals(8, received.remaining());
            assertEquals(42, Long.reverseBytes(received.getLong()));
            assertThrows(java.nio.ReadOnlyBufferException.class, () -> received.put(0, (byte) 1));
        }
    }

    // ---- waiting for an owner

    @Test
    void aSenderCanWaitForAnOwner() throws Exception {
        Address address = Inboxes.address();
        try (Worker<InboxSender<String>> waiter = Worker.call(() -> Inbox.awaitSender(address, Codecs.utf8()))) {
            waiter.awaitBlocked();
            try (Inbox<String> inbox = open(address);
                    InboxSender<String> out = waiter.result()) {
                out.send("at last");
                assertEquals("at last", inbox.receive());
            }
        }
    }

    @Test
    void waitingForAnOwnerEndsInTime() throws Exception {
        Address address = Inboxes.address();
        assertNull(Inbox.tryAwaitSender(address, Codecs.utf8(), Duration.ZERO));
        long start = System.nanoTime();
        assertNull(Inbox.tryAwaitSender(address, Codecs.utf8(), SHORT));
        assertTrue(System.nanoTime() - start >= SHORT.toNanos());
    }

    @Test
    void waitingForAnOwnerCanBeInterrupted() throws Exception {
        Address address = Inboxes.address();
        try (Worker<InboxSender<String>> waiter = Worker.call(() -> Inbox.awaitSender(address, Codecs.utf8()))) {
            waiter.awaitBlocked();
            waiter.interrupt();
            waiter.failure(InterruptedException.class);
        }
    }

    /** As a process that was stopped in the middle of making, removing or cleaning it up. */
    private static ObjectLock lock(Address address) throws Exception {
        return Registry.open()
                .lock(
                        "inbox",
                        RuntimeDirectory.resolve(address.location(), ".inbox").toString());
    }

    @Test
    void waitingForAnOwnerEndsInTimeWhileAnotherHasItLocked() throws Exception {
        try (Inbox<String> inbox = open(Inboxes.address())) {
            try (ObjectLock lock = lock(inbox.address())) {
                assertNull(Inbox.tryAwaitSender(inbox.address(), Codecs.utf8(), SHORT), lock::toString);
            }
            InboxSender<String> out = Inbox.tryAwaitSender(inbox.address(), Codecs.utf8(), SHORT);
            assertNotNull(out);
            out.close();
        }
    }

    @Test
    void waitingForAnOwnerCanBeInterruptedWhileAnotherHasItLocked() throws Exception {
        try (Inbox<String> inbox = open(Inboxes.address());
                ObjectLock lock = lock(inbox.address());
                Worker<InboxSender<String>> waiter =
                        Worker.call(() -> Inbox.awaitSender(inbox.address(), Codecs.utf8()))) {
            awaitPause(waiter, "LockFile");
            waiter.interrupt();
            waiter.failure(InterruptedException.class);
            lock.close();
        }
    }

    /** Until it is seen where it waits for another process. */
    private static void awaitPause(Worker<?> worker, String place) throws Exception {
        Await.until("waits in " + place, () -> Arrays.stream(worker.thread().getStackTrace())
                .anyMatch(frame -> frame.getClassName().endsWith("." + place)));
    }

    // ---- closing while another process is in the way

    @Test
    void aCloseTellsEverybodyBeforeItWaitsForTheName() throws Exception {
        Address address = Inboxes.address();
        Inbox<String> inbox = open(address);
        try (InboxSender<String> out = Inbox.openSender(address, Codecs.utf8());
                Worker<String> receiver = Worker.call(inbox::receive)) {
            receiver.awaitBlocked();
            try (ObjectLock lock = lock(address);
                    Worker<Boolean> closer = Worker.run(inbox::close)) {
                awaitPause(closer, "LockFile");
                receiver.failure(ClosedChannelException.class);
                PeerGoneException gone = assertThrows(PeerGoneException.class, out::requireOwner);
                assertEquals(PeerGoneException.Reason.CLOSED, gone.reason());
                closer.assertRunning();
                lock.close();
                closer.result();
            }
            assertFalse(Inbox.exists(address));
        }
    }

    @Test
    void aNameThatCouldNotBeGivenBackIsTheNextOwners() throws Exception {
        Address address = Inboxes.address();
        Inbox<String> inbox = open(address);
        try (InboxSender<String> out = Inbox.openSender(address, Codecs.utf8())) {
            try (ObjectLock lock = lock(address)) {
                assertThrows(IpcException.class, inbox::close, lock::toString);
            }
            assertFalse(inbox.isOpen());
            assertThrows(PeerGoneException.class, () -> Inbox.openSender(address, Codecs.utf8()));
            try (Inbox<String> next = open(address);
                    InboxSender<String> another = Inbox.openSender(address, Codecs.utf8())) {
                assertThrows(PeerGoneException.class, out::requireOwner);
                inbox.close();
                another.send("to the next one");
                assertEquals("to the next one", next.receive());
                assertTrue(Inbox.exists(address));
            }
        }
    }

    // ---- several at once, and the registry

    @Test
    void onlyAnswerInboxesOfTheDeadAreTidiedAway() throws Exception {
        ProcessIdentity self = ProcessIdentity.self();
        ProcessIdentity dead =
                new ProcessIdentity(self.pid(), self.startTime() + 1, self.bootId(), self.pidNamespace());
        Address answers = Address.of("inbox:" + self.pid() + ".answers-77");
        Address other = Inboxes.address();
        for (Address each : List.of(answers, other)) {
            InboxNames.RINGS
                    .create(each, Inboxes.SMALL.segment().withOwner(dead), Inboxes.SMALL.ring(), Codecs.bytes())
                    .receiver()
                    .close();
        }
        AnswerNames.removeLeft();
        assertFalse(Inbox.exists(answers));
        assertTrue(Inbox.remove(other));
    }

    @Test
    void joinsASet() throws Exception {
        try (Inbox<String> one = open(Inboxes.address());
                Inbox<String> other = open(Inboxes.address());
                InboxSender<String> out = Inbox.openSender(other.address(), Codecs.utf8());
                ReceiverSet<String> set = new ReceiverSet<>()) {
            set.add(one);
            set.add(other);
            try (Worker<List<Receiver<? extends String>>> waiter = Worker.call(set::await)) {
                waiter.awaitBlocked();
                out.send("to the other");
                assertEquals(List.of(other), waiter.result());
            }
            assertEquals("to the other", other.receive());
        }
    }

    @Test
    void isFoundByItsSchemeAndNoOther() throws Exception {
        Address address = Inboxes.address();
        try (Receiver<String> inbox = Ipc.receiver(address, Codecs.utf8());
                Sender<String> out = Ipc.sender(address, Codecs.utf8())) {
            out.send("through the scheme");
            assertEquals("through the scheme", inbox.receive());
            List<ObjectInfo> objects = new InboxTransport()
                    .survey().objects().stream()
                            .filter(each -> each.address().equals(address)) // killed owners have left others
                            .toList();
            assertEquals(1, objects.size());
            assertEquals(address, objects.get(0).address());
            assertEquals(Lifetime.OWNED, objects.get(0).lifetime());
            assertEquals(ObjectInfo.State.IN_USE, objects.get(0).state());
            for (String other : List.of("ring:x", "segment:x")) {
                assertEquals(List.of(), Ipc.scheme(Address.of(other)).list());
            }
            assertEquals(List.of(ProcessIdentity.self().pid()), new InboxTransport().users(address));
        }
        assertFalse(new InboxTransport().list().contains(address));
    }

    @Test
    void showsItsOwnerSendersAndLimits() throws Exception {
        try (Inbox<String> inbox = Inbox.open(Inboxes.address(), Codecs.utf8(), Inboxes.SMALL.withMaxMessage(500));
                InboxSender<String> out = Inbox.openSender(inbox.address(), Codecs.utf8())) {
            out.send("lies there");
            Map<String, Object> facts = new InboxTransport().inspect(inbox.address());
            assertEquals(500, facts.get("max message"));
            assertEquals(9, facts.get("max senders"));
            assertEquals(List.of(ProcessIdentity.self().pid()), facts.get("senders"));
            assertTrue((long) facts.get("depth") > 0, facts.toString());
            assertTrue(facts.toString().contains("owner"), facts.toString());
        }
    }

    @Test
    void creatingItExplainsWhyNot() {
        UnsupportedMechanismException refused =
                assertThrows(UnsupportedMechanismException.class, () -> new InboxTransport().create(Inboxes.address()));
        assertTrue(refused.getMessage().contains("owner"), refused.getMessage());
    }

    // ---- ends

    @Test
    void aClosedOneSaysSo() throws Exception {
        Inbox<String> inbox = open(Inboxes.address());
        InboxSender<String> out = Inbox.openSender(inbox.address(), Codecs.utf8());
        out.close();
        inbox.close();
        inbox.close();
        assertThrows(ClosedChannelException.class, inbox::receive);
        assertThrows(ClosedChannelException.class, () -> out.send("x"));
        assertThrows(ClosedChannelException.class, out::requireOwner);
        assertTrue(inbox.toString().contains("closed"), inbox.toString());
    }

    @Test
    void aBlockedSenderIsToldOfTheClose() throws Exception {
        Inbox<byte[]> inbox = Inbox.open(Inboxes.address(), Codecs.bytes(), Inboxes.SMALL.withCapacity(1024));
        try (InboxSender<byte[]> out = Inbox.openSender(inbox.address(), Codecs.bytes());
                Worker<Boolean> writer = Worker.run(() -> {
                    while (true) {
                        out.send(new byte[100]);
                    }
                })) {
            writer.awaitBlocked();
            inbox.close();
            PeerGoneException gone = writer.failure(PeerGoneException.class);
            assertEquals(PeerGoneException.Reason.CLOSED, gone.reason());
        }
    }

    @Test
    void whatWasForgottenLeavesTheNameFree() throws Exception {
        Address address = Inboxes.address();
        forget(address);
        Await.until("the name is free", () -> {
            System.gc();
            return !Inbox.exists(address);
        });
    }

    private static void forget(Address address) throws Exception {
        assertTrue(open(address).isOpen());
    }

    @Test
    void eachSendersOrderIsKept() throws Exception {
        int senders = 4;
        int each = 2_000;
        try (Inbox<Long> inbox = Inbox.open(Inboxes.address(), Codecs.int64(), Inboxes.SMALL.withCapacity(1024))) {
            List<Worker<Boolean>> workers = new ArrayList<>();
            for (long i = 0; i < senders; i++) {
                long first = i * each;
                workers.add(Worker.run(() -> sendRun(inbox.address(), first, each)));
            }
            long[] next = new long[senders];
            for (int i = 0; i < senders * each; i++) {
                long message = inbox.receive();
                int sender = (int) (message / each);
                assertEquals(next[sender]++, message % each);
            }
            for (Iterator<Worker<Boolean>> all = workers.iterator(); all.hasNext(); ) {
                try (Worker<Boolean> worker = all.next()) {
                    worker.result();
                }
            }
            assertNull(inbox.tryReceive());
        }
    }

    private static void sendRun(Address address, long first, int count) throws Exception {
        try (InboxSender<Long> out = Inbox.openSender(address, Codecs.int64())) {
            for (long i = 0; i < count; i++) {
                out.send(first + i);
            }
        }
    }
}
