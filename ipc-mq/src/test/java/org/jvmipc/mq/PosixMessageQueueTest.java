package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Batch;
import org.jvmipc.Codecs;
import org.jvmipc.Ipc;
import org.jvmipc.IpcException;
import org.jvmipc.Lifetime;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;
import org.jvmipc.Receiver;
import org.jvmipc.ReceiverSet;
import org.jvmipc.Sender;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.MqCalls;
import org.jvmipc.internal.posix.MqPath;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.ProcessCalls;
import org.jvmipc.internal.registry.ObjectLock;
import org.jvmipc.internal.registry.Registry;
import org.jvmipc.internal.registry.RegistryRecord;
import org.jvmipc.mq.internal.PosixQueueNames;
import org.jvmipc.spi.ObjectInfo;
import org.jvmipc.spi.Removal;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Strike;
import org.jvmipc.testkit.Worker;

/** What a message queue of the kernel is, beyond what every transport is. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PosixMessageQueueTest implements NoLeaks.WarmUp {
    private static final String SCHEME = "posixmq";
    private static final Duration MOMENT = Duration.ofMillis(5);

    private final Address address = PosixNames.address();

    @Override
    public void warmUp() throws Exception {
        PosixMessageQueue<String> queue = create();
        try (PosixMessageSender<String> out = queue.openSender();
                PosixMessageReceiver<String> in = queue.openReceiver()) {
            out.send("warm");
            in.receive();
            in.tryReceive(MOMENT);
        }
        remove();
    }

    @AfterEach
    void remove() throws IOException {
        PosixMessageQueue.remove(address);
    }

    private PosixMessageQueue<String> create() throws IOException {
        return PosixMessageQueue.create(address, Codecs.utf8(), PosixNames.OPTIONS);
    }

    // ---- priorities

    @Test
    void theHighestPriorityComesFirstAndInItTheOldest() throws Exception {
        PosixMessageQueue<String> queue = create();
        try (PosixMessageSender<String> out = queue.openSender(3);
                PosixMessageReceiver<String> in = queue.openReceiver()) {
            out.send("three");
            out.send("none", 0);
            out.send("highest", 32_767);
            assertTrue(out.trySend("three too"));
            assertTrue(out.trySend("nine", 9));
            assertTrue(out.trySend("nine too", 9, Await.LONG));
            assertEquals(new PrioritizedMessage<>("highest", 32_767), in.receivePrioritized());
            assertEquals(new PrioritizedMessage<>("nine", 9), in.tryReceivePrioritized());
            assertEquals(new PrioritizedMessage<>("nine too", 9), in.tryReceivePrioritized(Await.LONG));
            assertEquals("three", in.receive());
            assertEquals("three too", in.tryReceive());
            assertEquals("none", in.tryReceive(Await.LONG));
            assertNull(in.tryReceivePrioritized());
            assertNull(in.tryReceivePrioritized(MOMENT));
        }
    }

    @Test
    void manyOfRandomPrioritiesComeInOrder() throws Exception {
        Random random = new Random(7);
        PosixMessageQueue<Long> queue = PosixMessageQueue.create(address, Codecs.int64(), PosixNames.OPTIONS);
        try (PosixMessageSender<Long> out = queue.openSender();
                PosixMessageReceiver<Long> in = queue.openReceiver()) {
            for (int round = 0; round < 300; round++) {
                for (long seq = 0; seq < PosixNames.OPTIONS.depth(); seq++) {
                    out.send(seq, random.nextInt(4));
                }
                PrioritizedMessage<Long> last = in.receivePrioritized();
                for (int i = 1; i < PosixNames.OPTIONS.depth(); i++) {
                    PrioritizedMessage<Long> next = in.receivePrioritized();
                    boolean inOrder = next.priority() == last.priority()
                            ? next.message() > last.message()
                            : next.priority() < last.priority();
                    assertTrue(inOrder, last + " before " + next);
                    last = next;
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 32_768, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void aPriorityThatIsNoneIsRefusedWithItsLimit(int priority) throws Exception {
        PosixMessageQueue<String> queue = create();
        try (PosixMessageSender<String> out = queue.openSender()) {
            for (Worker.Action send : List.<Worker.Action>of(
                    () -> out.send("x", priority),
                    () -> out.trySend("x", priority),
                    () -> out.trySend("x", priority, MOMENT),
                    () -> queue.openSender(priority))) {
                IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, send::run);
                assertTrue(
                        String.valueOf(refused.getMessage()).contains("priority is " + priority + "; it is 0 to 32767"),
                        refused.toString());
            }
            assertEquals(0, out.status().messages());
        }
        assertThrows(
                AddressException.class,
                () -> Ipc.sender(address.with("priority", Integer.toString(priority)), Codecs.utf8()));
    }

    @Test
    void anAddressGivesThePriorityOfItsSender() throws Exception {
        create();
        try (Sender<String> low = Ipc.sender(address, Codecs.utf8());
                Sender<String> high = Ipc.sender(address.with("priority", "5"), Codecs.utf8());
                Batch<String> batch = high.batch();
                Receiver<String> in = Ipc.receiver(address, Codecs.utf8())) {
            low.send("low");
            high.send("high");
            batch.add("high too");
            assertEquals("high", in.receive());
            assertEquals("high too", in.receive());
            assertEquals("low", in.receive());
            assertEquals(address, high.address());
        }
    }

    // ---- create, open, remove

    @Test
    void isMadeOnceWithItsModeAndRemoved() throws Exception {
        Address shared = address.with("mode", "0666").with("depth", "3").with("max-message", "1k");
        assertEquals(address, Ipc.create(shared));
        Map<String, Object> facts = Ipc.inspect(address);
        assertEquals("0666", facts.get("mode"), "whatever the umask is");
        assertEquals(3, facts.get("depth"));
        assertEquals(1024, facts.get("max message"));
        OsException there = assertThrows(OsException.class, this::create);
        assertEquals(Errno.EEXIST, there.errno());
        PosixMessageQueue<String> queue = PosixMessageQueue.openOrCreate(address, Codecs.utf8(), PosixNames.OPTIONS);
        assertEquals(new PosixMessageQueueStatus(3, 1024, 0), queue.status());
        assertTrue(PosixMessageQueue.exists(address));
        assertTrue(PosixMessageQueue.remove(address));
        assertFalse(PosixMessageQueue.remove(address));
        assertFalse(PosixMessageQueue.exists(address));
        OsException none = assertThrows(OsException.class, () -> PosixMessageQueue.open(address, Codecs.utf8()));
        assertEquals(Errno.ENOENT, none.errno());
        assertEquals(
                Errno.ENOENT, assertThrows(OsException.class, queue::openSender).errno());
        assertEquals(
                Errno.ENOENT, assertThrows(OsException.class, queue::status).errno());
        PosixMessageQueue.openOrCreate(address, Codecs.utf8(), PosixNames.OPTIONS);
        assertEquals("0600", Ipc.inspect(address).get("mode"));
    }

    @Test
    void namesThatAreNoneAreRefused() {
        for (String bad :
                List.of("/a/b", "name", "/" + "x".repeat(256), "/" + "\u00e4".repeat(128), "/.", "/..", "/")) {
            Address wrong = Address.of(SCHEME, bad);
            assertThrows(AddressException.class, () -> PosixMessageQueue.exists(wrong), bad);
        }
        assertThrows(AddressException.class, () -> PosixMessageQueue.exists(address.with("dept", "3")));
        assertThrows(AddressException.class, () -> Ipc.create(address.with("depth", "0")));
        assertThrows(IllegalArgumentException.class, () -> PosixNames.OPTIONS.withMaxMessage(0));
    }

    @Test
    void theLongestNameIsOne() throws Exception {
        Address longest = Address.of(SCHEME, "/" + "\u00e4".repeat(127) + "x");
        try {
            PosixMessageQueue.create(longest, Codecs.utf8(), PosixNames.OPTIONS);
            assertTrue(Ipc.list(SCHEME).contains(longest));
        } finally {
            PosixMessageQueue.remove(longest);
        }
    }

    @Test
    void whatIsRemovedGoesOnForThoseWhoHaveItOpen() throws Exception {
        PosixMessageQueue<String> queue = create();
        try (PosixMessageSender<String> out = queue.openSender();
                PosixMessageReceiver<String> in = queue.openReceiver()) {
            remove();
            out.send("still here");
            assertEquals("still here", in.receive());
            try (PosixMessageReceiver<String> other = create().openReceiver()) {
                out.send("to the first one");
                assertNull(other.tryReceive(), "another queue has the name now");
            }
        }
    }

    @Test
    void messagesOutliveThoseWhoSendThem() throws Exception {
        PosixMessageQueue<String> queue = create();
        try (PosixMessageSender<String> out = queue.openSender()) {
            out.send("left behind");
        }
        assertEquals(1, queue.status().messages());
        try (PosixMessageReceiver<String> in = queue.openReceiver()) {
            assertEquals("left behind", in.receive());
        }
    }

    // ---- what is told of it

    @Test
    void isListedInspectedAndItsUsersAreKnownWithoutAMount() throws Exception {
        PosixMessageQueue<String> queue = create();
        assertTrue(Ipc.list(SCHEME).contains(address));
        try (PosixMessageSender<String> out = queue.openSender()) {
            out.send("four");
            out.send("three");
            Map<String, Object> facts = Ipc.inspect(address);
            assertEquals(10, facts.get("depth"));
            assertEquals(4096, facts.get("max message"));
            assertEquals(2, facts.get("messages"));
            assertEquals(9L, facts.get("bytes"));
            assertEquals("kept", facts.get("lifetime"));
            assertEquals(false, facts.get("stale"));
            assertEquals("/dev/mqueue" + address.location(), facts.get("path"));
            assertTrue(facts.get("mounted") instanceof Boolean);
            ObjectInfo info = info();
            assertEquals(ObjectInfo.State.IN_USE, info.state());
            assertEquals(List.of(ProcessHandle.current().pid()), info.users());
            assertEquals(List.of(), Ipc.scheme(SCHEME).users(address), "this process is none of them");
            assertEquals(new PosixMessageQueueStatus(10, 4096, 2), out.status());
        }
        assertEquals(ObjectInfo.State.IDLE, info().state());
        assertEquals(
                Map.of("mode", "0600", "depth", "10", "max-message", "4096"),
                Ipc.scheme(SCHEME).settings(address));
        remove();
        assertFalse(Ipc.list(SCHEME).contains(address));
        assertEquals(Map.of(), Ipc.scheme(SCHEME).settings(address));
        assertEquals(
                Errno.ENOENT,
                assertThrows(OsException.class, () -> Ipc.inspect(address)).errno());
    }

    private ObjectInfo info() throws IOException {
        return Ipc.scheme(SCHEME).survey().objects().stream()
                .filter(object -> object.address().equals(address))
                .findFirst()
                .orElseThrow();
    }

    /** A child would do; a process that has ended is one as well. */
    @Test
    void oneWhoseOwnerIsDeadIsStaleUnlessItIsInUse() throws Exception {
        Process owner = new ProcessBuilder("sleep", "60").start();
        try {
            Ipc.create(address.with("owned", Long.toString(owner.pid())));
            assertEquals(List.of(), removed(false));
            assertEquals(Lifetime.OWNED, info().lifetime());
            owner.destroyForcibly().waitFor();
            try (PosixMessageReceiver<String> in =
                    PosixMessageQueue.open(address, Codecs.utf8()).openReceiver()) {
                assertEquals(List.of(), removed(false));
                assertTrue(in.isOpen());
            }
            assertEquals(ObjectInfo.State.STALE, info().state());
            assertEquals(true, Ipc.inspect(address).get("stale"));
            assertEquals(List.of(address), removed(true));
            assertTrue(PosixMessageQueue.exists(address), "it was only looked");
            assertEquals(List.of(address), removed(false));
            assertFalse(PosixMessageQueue.exists(address));
        } finally {
            owner.destroyForcibly();
        }
    }

    private List<Address> removed(boolean dryRun) throws IOException {
        return Ipc.scheme(SCHEME).removeStale(dryRun).stream()
                .filter(removal -> removal.outcome() == Removal.Outcome.REMOVED)
                .map(Removal::address)
                .filter(address::equals)
                .toList();
    }

    @Test
    void whatAKilledMakerBeganIsFinishedByWhoOpensIt() throws Exception {
        begin();
        MqCalls.create(address.location(), 0600, 2, 5).close();
        try (PosixMessageReceiver<String> in =
                PosixMessageQueue.open(address, Codecs.utf8()).openReceiver()) {
            assertEquals(5, in.largestMessageBytes());
        }
        assertEquals("0640", Ipc.inspect(address).get("mode"));
        assertEquals(List.of(), removed(false));
        assertTrue(PosixMessageQueue.exists(address), "it is kept");
    }

    /** A maker writes down what it is about to make, mode 0640 for two messages of five bytes, and is killed. */
    private void begin() throws IOException {
        String path = PosixQueueNames.recordPath(address.location());
        Map<String, String> settings = Map.of("mode", "0640", "depth", "2", "max-message", "5");
        Registry registry = Registry.open();
        try (ObjectLock lock = registry.lock(SCHEME, path)) {
            registry.put(lock, RegistryRecord.begin(SCHEME, address.toString(), path, 10, Lifetime.KEPT, settings));
        }
    }

    /** The kernel does not say when a queue was made, so it is told by what it is. */
    @ParameterizedTest
    @CsvSource({"3, 5, 0600, 0", "2, 6, 0600, 0", "2, 5, 0604, 0", "2, 5, 0600, 1"})
    void whatIsNotAsAKilledMakerBeganItIsAnothersAndIsLeftAlone(int depth, int largest, String mode, int messages)
            throws Exception {
        for (boolean opens : new boolean[] {true, false}) {
            begin();
            try (Fd queue = MqCalls.create(address.location(), 0600, depth, largest)) {
                OsCalls.changeMode(queue.number(), Integer.parseInt(mode, 8));
            }
            if (messages > 0) {
                try (Fd out = MqCalls.open(address.location(), Fcntl.O_WRONLY)) {
                    new MqPath(address.location()).write(out.number(), new NativeBuffer(1), 0, 1);
                }
            }
            if (opens) {
                PosixMessageQueue.open(address, Codecs.utf8()).openReceiver().close();
            } else {
                OsException there = assertThrows(OsException.class, this::create);
                assertEquals(Errno.EEXIST, there.errno());
            }
            assertEquals(mode, Ipc.inspect(address).get("mode"));
            assertNull(Registry.open().find(SCHEME, PosixQueueNames.recordPath(address.location())));
            assertEquals(
                    new PosixMessageQueueStatus(depth, largest, messages),
                    PosixMessageQueue.open(address, Codecs.utf8()).status());
            remove();
        }
    }

    @Test
    void aRecordThatNamesNoQueueIsInNobodysWay() throws Exception {
        create();
        String path = "/dev/mqueue" + address.location() + "/no-queue";
        Registry registry = Registry.open();
        try (ObjectLock lock = registry.lock(SCHEME, path)) {
            FileStatus some = OsCalls.linkStatus("/");
            RegistryRecord record =
                    RegistryRecord.begin(SCHEME, SCHEME + ":" + path, path, 10, Lifetime.KEPT, Map.of());
            registry.put(lock, record.made(some));
            try {
                assertTrue(Ipc.list(SCHEME).contains(address));
                assertEquals(ObjectInfo.State.IDLE, info().state());
                assertTrue(Ipc.scheme(SCHEME).survey().problems().stream()
                        .anyMatch(problem -> problem.contains("no address names it")));
                assertEquals(List.of(), removed(false));
            } finally {
                registry.delete(lock);
            }
        }
    }

    @Test
    void oneOfAnotherOwnerThanIsNamedIsNotOpened() throws Exception {
        create();
        Address others = address.with("owner", Integer.toString(ProcessCalls.effectiveUser() + 1));
        for (Worker.Action open : List.<Worker.Action>of(
                () -> PosixMessageQueue.open(others, Codecs.utf8()),
                () -> PosixMessageQueue.openOrCreate(others, Codecs.utf8(), PosixNames.OPTIONS))) {
            IpcException refused = assertThrows(IpcException.class, open::run);
            assertTrue(String.valueOf(refused.getMessage()).contains("it belongs to user"), refused.toString());
        }
        PosixMessageQueue.open(address.with("owner", Integer.toString(ProcessCalls.effectiveUser())), Codecs.utf8());
    }

    @Test
    void aModeThatShutsItsOwnerOutIsRefused() throws Exception {
        AddressException refused = assertThrows(AddressException.class, () -> Ipc.create(address.with("mode", "0166")));
        assertTrue(String.valueOf(refused.getMessage()).contains("0166"), refused.toString());
        assertFalse(PosixMessageQueue.exists(address));
    }

    @Test
    void whatCannotBeAskedOfAQueueNamesIt() throws Exception {
        create();
        try (Fd queue = MqCalls.openForAttributes(address.location());
                Strike strike = Strike.failing(1, Errno.EBADF).arm()) {
            OsException failed = assertThrows(OsException.class, () -> MqCalls.attributes(queue, address.location()));
            assertEquals("mq_getsetattr", strike.call());
            assertEquals("name=" + address.location(), failed.object());
        }
    }

    /** Another program has made it: there is no record, and all but listing works. */
    @Test
    void oneThatAnotherProgramHasMadeIsUsedAsItIs() throws Exception {
        MqCalls.create(address.location(), 0600, 2, 100).close();
        PosixMessageQueue<String> queue = PosixMessageQueue.open(address, Codecs.utf8());
        assertEquals(new PosixMessageQueueStatus(2, 100, 0), queue.status());
        assertNull(Ipc.inspect(address).get("lifetime"));
        try (PosixMessageSender<String> out = queue.openSender();
                PosixMessageReceiver<String> in = queue.openReceiver()) {
            out.send("x".repeat(100));
            assertEquals(100, in.receive().length());
            LimitException refused = assertThrows(LimitException.class, () -> out.send("x".repeat(101)));
            assertEquals("maxMessageBytes", refused.limit());
            assertEquals(100, refused.value());
            assertTrue(
                    String.valueOf(refused.getMessage()).matches(".*/proc/sys/fs/mqueue/msgsize_max, [0-9]+"),
                    refused.toString());
        }
    }

    // ---- waiting

    @Test
    void aSetWaitsForSeveralQueues() throws Exception {
        Address other = PosixNames.address();
        PosixMessageQueue<String> first = create();
        PosixMessageQueue<String> second = PosixMessageQueue.create(other, Codecs.utf8(), PosixNames.OPTIONS);
        try (PosixMessageReceiver<String> inFirst = first.openReceiver();
                PosixMessageReceiver<String> inSecond = second.openReceiver();
                PosixMessageSender<String> out = second.openSender();
                ReceiverSet<String> set = new ReceiverSet<>()) {
            set.add(inFirst);
            set.add(inSecond);
            try (Worker<List<Receiver<? extends String>>> waiter = Worker.call(set::await)) {
                waiter.awaitBlocked();
                out.send("here", 4);
                assertEquals(List.of(inSecond), waiter.result());
            }
            assertEquals(new PrioritizedMessage<>("here", 4), inSecond.receivePrioritized());
        } finally {
            PosixMessageQueue.remove(other);
        }
    }

    /** One waits in the kernel's receive, one polls, as on a virtual thread or with a time; a message is for one of them. */
    @Test
    void thoseWhoWaitInDifferentWaysGetAMessageEach() throws Exception {
        PosixMessageQueue<String> queue = create();
        try (PosixMessageSender<String> out = queue.openSender();
                PosixMessageReceiver<String> blocking = queue.openReceiver();
                PosixMessageReceiver<String> polling = queue.openReceiver();
                Worker<String> first = Worker.call(blocking::receive).awaitBlocked();
                Worker<String> second =
                        Worker.call(() -> polling.tryReceive(Await.LONG)).awaitBlocked()) {
            out.send("to whom it may concern");
            out.send("and to the other");
            List<String> got = new ArrayList<>(List.of(first.result(), second.result()));
            assertEquals(List.of("to whom it may concern", "and to the other"), got, "who waits in the call is first");
        }
    }

    @Test
    void buffersAreSentAndReceivedWithTheirPriority() throws Exception {
        PosixMessageQueue<ByteBuffer> queue = PosixMessageQueue.create(address, Codecs.buffers(), PosixNames.OPTIONS);
        try (PosixMessageSender<ByteBuffer> out = queue.openSender();
                PosixMessageReceiver<ByteBuffer> in = queue.openReceiver()) {
            out.send(ByteBuffer.allocate(0), 1);
            out.send(ByteBuffer.allocate(4096).putInt(0, 7), 2);
            PrioritizedMessage<ByteBuffer> first = in.receivePrioritized();
            assertEquals(2, first.priority());
            assertEquals(4096, first.message().remaining());
            assertEquals(0, in.receive().remaining());
        }
    }
}
