package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Batch;
import org.jvmipc.Codecs;
import org.jvmipc.CorruptDataException;
import org.jvmipc.Ipc;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.shm.internal.SafetyNet;
import org.jvmipc.shm.sync.SharedMutex;
import org.jvmipc.spi.Scheme;
import org.jvmipc.testkit.MemoryDirectory;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

@ExtendWith(NoLeaks.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@SuppressWarnings("try") // closes early, as the behaviour under test
class SharedRingTest implements NoLeaks.WarmUp {
    private static final RingOptions SMALL = RingOptions.defaults().withCapacity(4096);

    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    private Path path() {
        return directory.resolve("r");
    }

    @Override
    public void warmUp() throws Exception {
        try (SharedRing ring = SharedRing.create(path(), SMALL);
                RingReceiver<byte[]> in = ring.openReceiver(Codecs.bytes());
                RingSender<byte[]> out = ring.openSender(Codecs.bytes())) {
            out.send(new byte[1]);
            in.receive();
        }
        Ipc.inspect(Address.of("ring", path().toString()));
        SharedRing.remove(path());
    }

    // ---- made, opened, removed

    @Test
    void isMadeOnceOpenedByPathAndRemoved() throws Exception {
        assertEquals(
                Errno.ENOENT,
                assertThrows(OsException.class, () -> SharedRing.open(path())).errno());
        try (SharedRing ring = SharedRing.create(path(), SMALL.withMaxMessage(100))) {
            assertEquals(
                    Errno.EEXIST,
                    assertThrows(OsException.class, () -> SharedRing.create(path(), SMALL))
                            .errno());
            assertEquals("ring:" + path(), ring.address().toString());
            try (SharedRing same = SharedRing.openOrCreate(path(), RingOptions.defaults())) {
                assertEquals(4096, same.capacityBytes());
                assertEquals(100, same.maxMessageBytes());
                assertEquals(RingKind.ONE_TO_ONE, same.kind());
            }
        }
        assertTrue(SharedRing.remove(path()));
        assertFalse(SharedRing.remove(path()));
    }

    @Test
    void whatIsNoRingIsRefused() throws Exception {
        Files.write(path(), new byte[8192]);
        assertThrows(CorruptDataException.class, () -> SharedRing.open(path()));
        Files.delete(path());
        try (SharedMutex mutex = SharedMutex.create(Address.of("mutex", path().toString()))) {
            OsException none = assertThrows(OsException.class, () -> SharedRing.open(path()));
            assertEquals(Errno.ENOENT, none.errno());
            assertTrue(mutex.isOpen());
        }
        SharedMutex.remove(Address.of("mutex", path().toString()));
    }

    @Test
    void optionsAreChecked() {
        RingOptions options = RingOptions.defaults();
        assertThrows(IllegalArgumentException.class, () -> options.withCapacity(5000));
        assertThrows(IllegalArgumentException.class, () -> options.withCapacity(512));
        assertThrows(IllegalArgumentException.class, () -> options.withMaxMessage(1 << 20));
        assertThrows(IllegalArgumentException.class, () -> options.withLanes(0));
        assertThrows(IllegalArgumentException.class, () -> options.withWhenFull(RingFullPolicy.DROP_SLOWEST));
        assertThrows(AddressException.class, () -> RingOptions.of(Address.of("ring:x?size=5000")));
        assertEquals(
                options.withKind(RingKind.LANES).withLanes(3).withWaiting(RingWaiting.SLEEP),
                RingOptions.of(Address.of("ring:x?kind=lanes&lanes=3&waiting=sleep")));
        assertEquals(
                RingFullPolicy.DROP_SLOWEST,
                RingOptions.of(Address.of("ring:x?kind=broadcast&full=drop-slowest"))
                        .whenFull());
    }

    @Test
    void whatIsRefusedIsNamedWithItsLimit() {
        RingOptions options = RingOptions.defaults();
        assertRefused("capacity is 3145728; it is a power of two from 1024", () -> options.withCapacity(3 << 20));
        assertRefused("lanes is 0; it is 1 to 1024", () -> options.withLanes(0));
        assertRefused("receivers is 1025; it is 1 to 1024", () -> options.withReceivers(1025));
        assertRefused("capacity is 3145728; it is a power", () -> RingOptions.of(Address.of("ring:x?size=3m")));
        assertRefused(
                "size is 4294967296; a ring has at most 1073741824",
                () -> RingOptions.of(Address.of("ring:x?size=4g")));
        assertRefused(
                "max-message is 4294967296; a ring has at most 1073741824",
                () -> RingOptions.of(Address.of("ring:x?max-message=4g")));
    }

    private static void assertRefused(String words, Executable call) {
        String message = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(message.contains(words), message);
    }

    @Test
    void liesInASegmentBesideOtherThings() throws Exception {
        Address place = Address.of("segment", path().toString());
        try (Segment segment = Segment.create(place, SegmentOptions.defaults());
                SharedMutex mutex = SharedMutex.create(segment, "m");
                SharedRing ring = SharedRing.create(segment, "r", SMALL);
                RingReceiver<Long> in = ring.openReceiver(Codecs.int64());
                SharedRing same = SharedRing.open(ring.address());
                RingSender<Long> out = same.openSender(Codecs.int64())) {
            out.send(42L);
            assertEquals(42L, in.receive());
            assertTrue(mutex.isOpen());
            assertThrows(LimitException.class, () -> SharedRing.create(segment, "large", RingOptions.defaults()));
        }
        Segment.remove(place);
    }

    @Test
    void isATransportByItsAddress() throws Exception {
        Address address = Ipc.create(Address.of("ring", path().toString()).with("size", "64k"));
        try (Receiver<String> in = Ipc.receiver(address, Codecs.utf8());
                Sender<String> out = Ipc.sender(address.with("waiting", "spin"), Codecs.utf8())) {
            out.send("hello");
            assertEquals("hello", in.receive());
            out.send("more");
            Map<String, Object> facts = Ipc.inspect(address);
            assertEquals(65_536, facts.get("capacity"));
            assertEquals(16L, facts.get("depth"));
            long self = ProcessHandle.current().pid();
            assertEquals(List.of(self), facts.get("senders"));
            assertEquals(List.of(self), facts.get("receivers"));
            assertEquals(Map.of("0", Map.of("sender", self, "depth", 16L, "position", 32L)), facts.get("lanes"));
        }
        assertTrue(Ipc.remove(address));
    }

    @Test
    void whatOneCanIsThatOfItsKind() throws Exception {
        Scheme scheme = Ipc.scheme("ring");
        Address place = Address.of("segment", path().toString());
        try (Segment segment = Segment.create(place, SegmentOptions.defaults());
                SharedRing ring = SharedRing.create(segment, "r", SMALL.withKind(RingKind.BROADCAST))) {
            assertEquals(ring.capabilities(), scheme.capabilities(ring.address()));
            assertNotEquals(scheme.capabilities(), scheme.capabilities(ring.address()));
            Address other = ring.address().with("object", "none");
            OsException none = assertThrows(OsException.class, () -> scheme.capabilities(other));
            assertEquals(Errno.ENOENT, none.errno());
        }
        Segment.remove(place);
        assertThrows(OsException.class, () -> scheme.capabilities(Address.of("ring", path().toString())));
    }

    // ---- batches

    @Test
    void anEmptyBatchClosesAfterItsSender() throws Exception {
        try (SharedRing ring = SharedRing.create(path(), SMALL)) {
            RingSender<byte[]> out = ring.openSender(Codecs.bytes());
            Batch<byte[]> empty = out.batch();
            Batch<byte[]> flushed = out.batch();
            flushed.add(new byte[1]);
            flushed.flush();
            Batch<byte[]> gathered = out.batch();
            gathered.add(new byte[1]);
            out.close();
            empty.close();
            flushed.close();
            assertThrows(ClosedChannelException.class, gathered::close);
            gathered.close(); // told once
        }
        SharedRing.remove(path());
    }

    @Test
    void aBatchOrAClaimKeepsItsSenderOpen() throws Exception {
        try (SharedRing ring = SharedRing.create(path(), SMALL);
                RingReceiver<byte[]> in = ring.openReceiver(Codecs.bytes())) {
            Batch<byte[]> batch = ring.openSender(Codecs.bytes()).batch(); // and nobody else refers to the sender
            batch.add(new byte[1]);
            collect();
            batch.close();
            assertEquals(1, in.receive().length);
            batch = null;
            Claim claim = senderWhenTheLaneIsFree(ring).claim(2);
            collect();
            claim.commit();
            assertEquals(2, in.receive().length);
            claim = null;
            senderWhenTheLaneIsFree(ring).close();
        }
        SharedRing.remove(path());
    }

    /** The safety net gives the forgotten sender's lane back, some time. */
    private static RingSender<byte[]> senderWhenTheLaneIsFree(SharedRing ring) throws Exception {
        while (true) {
            try {
                return ring.openSender(Codecs.bytes());
            } catch (LimitException e) {
                System.gc();
            }
        }
    }

    /** Collects, and lets the safety net come to what was forgotten before. */
    private static void collect() throws InterruptedException {
        CountDownLatch cleaned = new CountDownLatch(1);
        SafetyNet.register(new Object(), cleaned::countDown);
        while (!cleaned.await(10, TimeUnit.MILLISECONDS)) {
            System.gc();
        }
    }

    // ---- places

    @Test
    void oneEndTooManyIsRefusedUntilOneCloses() throws Exception {
        try (SharedRing ring =
                        SharedRing.create(path(), SMALL.withKind(RingKind.LANES).withLanes(2));
                RingSender<byte[]> first = ring.openSender(Codecs.bytes());
                RingSender<byte[]> second = ring.openSender(Codecs.bytes());
                RingReceiver<byte[]> in = ring.openReceiver(Codecs.bytes())) {
            assertEquals(
                    2,
                    assertThrows(LimitException.class, () -> ring.openSender(Codecs.bytes()))
                            .value());
            assertThrows(LimitException.class, () -> ring.openReceiver(Codecs.bytes()));
            second.close();
            try (RingSender<byte[]> third = ring.openSender(Codecs.bytes())) {
                third.send(new byte[3]);
                first.send(new byte[1]);
                assertEquals(4, in.receive().length + in.receive().length);
            }
        }
        SharedRing.remove(path());
    }

    @Test
    void lanesAreTakenFromInTurn() throws Exception {
        try (SharedRing ring = SharedRing.create(path(), SMALL.withKind(RingKind.LANES));
                RingSender<Long> busy = ring.openSender(Codecs.int64());
                RingSender<Long> quiet = ring.openSender(Codecs.int64());
                RingReceiver<Long> in = ring.openReceiver(Codecs.int64())) {
            for (long i = 0; i < 100; i++) {
                busy.send(i);
            }
            quiet.send(-1L);
            assertTrue(in.receive() == -1 || in.receive() == -1, "it waits behind a hundred others");
        }
        SharedRing.remove(path());
    }

    // ---- full

    @Test
    void failsWhenFullIfItWasMadeSo() throws Exception {
        try (SharedRing ring = SharedRing.create(path(), SMALL.withWhenFull(RingFullPolicy.FAIL));
                RingReceiver<byte[]> in = ring.openReceiver(Codecs.bytes());
                RingSender<byte[]> out = ring.openSender(Codecs.bytes())) {
            int count = 0;
            while (out.trySend(new byte[100])) {
                count++;
            }
            assertThrows(LimitException.class, () -> out.send(new byte[100]));
            assertThrows(LimitException.class, () -> out.claim(100));
            assertNull(out.tryClaim(100));
            assertFalse(out.trySend(new byte[100], Duration.ofDays(1)));
            while (count > 0) {
                assertEquals(100, in.receive().length);
                count--;
            }
            assertNull(in.tryReceive());
            out.send(new byte[100]);
        }
        SharedRing.remove(path());
    }

    @Test
    void aBroadcastDropsItsSlowestIfItWasMadeSo() throws Exception {
        RingOptions options = SMALL.withKind(RingKind.BROADCAST).withWhenFull(RingFullPolicy.DROP_SLOWEST);
        try (SharedRing ring = SharedRing.create(path(), options);
                RingReceiver<Long> slow = ring.openReceiver(Codecs.int64());
                RingReceiver<Long> quick = ring.openReceiver(Codecs.int64());
                RingSender<Long> out = ring.openSender(Codecs.int64())) {
            for (long i = 0; i < 1000; i++) {
                out.send(i);
                assertEquals(i, quick.receive());
            }
            assertThrows(LimitException.class, slow::receive);
            assertNull(slow.tryReceive());
            out.send(7L);
            assertEquals(7L, slow.receive());
            assertEquals(7L, quick.receive());
            assertEquals(1L, Ipc.inspect(ring.address()).get("receivers dropped"));
        }
        SharedRing.remove(path());
    }

    @Test
    void whatNobodyHearsOfABroadcastIsCounted() throws Exception {
        try (SharedRing ring = SharedRing.create(path(), SMALL.withKind(RingKind.BROADCAST));
                RingSender<Long> out = ring.openSender(Codecs.int64())) {
            for (long i = 0; i < 1000; i++) {
                out.send(i);
            }
            try (Claim claim = out.claim(8)) {
                claim.buffer().putLong(1);
                claim.commit();
            }
            assertEquals(1001L, Ipc.inspect(ring.address()).get("unheard"));
            try (RingReceiver<Long> in = ring.openReceiver(Codecs.int64())) {
                assertNull(in.tryReceive());
                out.send(5L);
                assertEquals(5L, in.receive());
            }
            out.send(6L);
            assertEquals(1002L, Ipc.inspect(ring.address()).get("unheard"));
        }
        SharedRing.remove(path());
    }

    // ---- the other side

    @Test
    void messagesWaitForTheFirstReceiverAndTheEndIsToldOnce() throws Exception {
        try (SharedRing ring = SharedRing.create(path(), SMALL)) {
            try (RingSender<Long> out = ring.openSender(Codecs.int64())) {
                out.send(1L);
                out.send(2L);
            }
            try (RingReceiver<Long> in = ring.openReceiver(Codecs.int64())) {
                assertEquals(1L, in.receive());
            }
            try (RingReceiver<Long> in = ring.openReceiver(Codecs.int64())) {
                assertEquals(2L, in.receive());
                PeerGoneException gone = assertThrows(PeerGoneException.class, in::receive);
                assertEquals(PeerGoneException.Reason.CLOSED, gone.reason());
                assertNull(in.tryReceive());
                try (RingSender<Long> out = ring.openSender(Codecs.int64())) {
                    assertNull(in.tryReceive());
                    out.send(3L);
                }
                assertEquals(3L, in.receive());
                assertThrows(PeerGoneException.class, in::tryReceive);
            }
            try (RingReceiver<Long> in = ring.openReceiver(Codecs.int64())) {
                assertNull(in.tryReceive(), "it was told to the one before");
            }
        }
        SharedRing.remove(path());
    }

    @Test
    void receiversOfABroadcastAreToldOfItsEndEach() throws Exception {
        try (SharedRing ring = SharedRing.create(path(), SMALL.withKind(RingKind.BROADCAST))) {
            RingSender<Long> out = ring.openSender(Codecs.int64());
            try (RingReceiver<Long> first = ring.openReceiver(Codecs.int64());
                    RingReceiver<Long> second = ring.openReceiver(Codecs.int64());
                    Worker<Long> waits = Worker.call(first::receive)) {
                waits.awaitBlocked();
                out.close();
                waits.failure(PeerGoneException.class, Duration.ofSeconds(10));
                assertThrows(PeerGoneException.class, second::receive);
                assertNull(second.tryReceive());
            }
        }
        SharedRing.remove(path());
    }

    @Test
    void aSenderGoesOnWhenAnotherReceiverHasCome() throws Exception {
        try (SharedRing ring = SharedRing.create(path(), SMALL);
                RingSender<Long> out = ring.openSender(Codecs.int64())) {
            out.send(1L);
            RingReceiver<Long> in = ring.openReceiver(Codecs.int64());
            out.send(2L);
            in.close();
            assertThrows(PeerGoneException.class, () -> out.send(3L));
            try (RingReceiver<Long> next = ring.openReceiver(Codecs.int64())) {
                out.send(4L);
                assertEquals(List.of(1L, 2L, 4L), List.of(next.receive(), next.receive(), next.receive()));
            }
        }
        SharedRing.remove(path());
    }

    // ---- in place

    @Test
    void aClaimIsSentWhenItIsCommittedAndElseNever() throws Exception {
        try (SharedRing ring = SharedRing.create(path(), SMALL);
                RingReceiver<byte[]> in = ring.openReceiver(Codecs.bytes());
                RingSender<byte[]> out = ring.openSender(Codecs.bytes())) {
            for (int i = 0; i < 1000; i++) { // many laps
                int size = i % 300;
                try (Claim claim = out.claim(size)) {
                    assertEquals(size, claim.buffer().remaining());
                    assertEquals(0, claim.buffer().position() % 8);
                    for (int k = 0; k < size; k++) {
                        claim.buffer().put((byte) i);
                    }
                    if (i % 3 != 0) {
                        claim.commit();
                        assertThrows(ClosedChannelException.class, claim::commit);
                    }
                }
                if (i % 3 != 0) {
                    byte[] message = in.receive();
                    assertEquals(size, message.length);
                    assertTrue(size == 0 || (message[0] == (byte) i && message[size - 1] == (byte) i));
                } else {
                    assertNull(in.tryReceive());
                }
            }
            assertThrows(LimitException.class, () -> out.claim(ring.maxMessageBytes() + 1));
            assertThrows(IllegalArgumentException.class, () -> out.claim(-1));
            try (Claim claim = out.claim(1)) {
                assertEquals(1, claim.length());
                assertThrows(IllegalStateException.class, () -> out.send(new byte[1]));
                try (Worker<Boolean> other = Worker.call(() -> out.trySend(new byte[1]))) {
                    assertFalse(other.result());
                }
            }
            out.send(new byte[1]);
        }
        SharedRing.remove(path());
    }

    @Test
    void aSenderThatIsClosedWithAClaimOpenEndsWithTheClaim() throws Exception {
        try (SharedRing ring = SharedRing.create(path(), SMALL)) {
            RingSender<byte[]> out = ring.openSender(Codecs.bytes());
            Claim claim = out.claim(1);
            try (Worker<Boolean> closer = Worker.run(out::close)) {
                closer.result();
            }
            assertThrows(LimitException.class, () -> ring.openSender(Codecs.bytes()), "its lane was given away");
            claim.close();
            ring.openSender(Codecs.bytes()).close();
        }
        SharedRing.remove(path());
    }

    @ParameterizedTest
    @EnumSource(RingKind.class)
    void drainsInPlace(RingKind kind) throws Exception {
        List<Long> seen = new ArrayList<>();
        try (SharedRing ring = SharedRing.create(path(), SMALL.withKind(kind));
                RingReceiver<Long> in = ring.openReceiver(Codecs.int64());
                RingSender<Long> out = ring.openSender(Codecs.int64())) {
            assertEquals(0, in.drainInPlace(message -> seen.add(message.getLong()), 10));
            for (long round = 0; round < 100; round++) {
                for (long i = 0; i < 10; i++) {
                    out.send(10 * round + i);
                }
                assertEquals(4, in.drainInPlace(message -> seen.add(message.getLong()), 4));
                assertThrows(
                        IllegalStateException.class,
                        () -> in.drainInPlace(
                                message -> {
                                    seen.add(message.getLong());
                                    throw new IllegalStateException("the handler's");
                                },
                                4));
                assertEquals(5, in.drainInPlace(message -> seen.add(message.getLong()), 100));
            }
            for (int i = 0; i < 1000; i++) {
                assertEquals(i, seen.get(i));
            }
            out.close();
            assertThrows(PeerGoneException.class, () -> in.drainInPlace(message -> {}, 1));
        }
        SharedRing.remove(path());
    }

    @Test
    void aHandlerMayCloseItsReceiver() throws Exception {
        try (SharedRing ring = SharedRing.create(path(), SMALL);
                RingSender<Long> out = ring.openSender(Codecs.int64())) {
            RingReceiver<Long> in = ring.openReceiver(Codecs.int64());
            out.send(1L);
            out.send(2L);
            assertEquals(1, in.drainInPlace(message -> in.close(), 10));
            assertThrows(ClosedChannelException.class, in::tryReceive);
            try (RingReceiver<Long> next = ring.openReceiver(Codecs.int64())) {
                assertEquals(2L, next.receive());
            }
        }
        SharedRing.remove(path());
    }

    // ---- cost

    @Test
    void nothingIsAllocatedForAMessage() throws Exception {
        try (SharedRing ring = SharedRing.create(path(), SMALL);
                RingReceiver<ByteBuffer> in = ring.openReceiver(Codecs.buffers());
                RingSender<ByteBuffer> out = ring.openSender(Codecs.buffers())) {
            ByteBuffer message = ByteBuffer.allocateDirect(64);
            long[] sum = new long[1];
            RingHandler handler = each -> sum[0] += each.getLong(each.position());
            pass(out, in, message, handler, 30_000);
            com.sun.management.ThreadMXBean threads =
                    (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            pass(out, in, message, handler, 10_000);
            long each = (threads.getCurrentThreadAllocatedBytes() - before) / 10_000;
            assertEquals(0, each, "bytes a message");
        }
        SharedRing.remove(path());
    }

    private static void pass(
            RingSender<ByteBuffer> out, RingReceiver<ByteBuffer> in, ByteBuffer message, RingHandler handler, int count)
            throws IOException, InterruptedException {
        for (int i = 0; i < count; i++) {
            out.send(message);
            assertNotNull(in.receive());
            try (Claim claim = out.claim(64)) {
                claim.buffer().putLong(i);
                claim.commit();
            }
            in.drainInPlace(handler, 1);
        }
    }
}
