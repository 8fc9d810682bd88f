package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvmipc.Batch;
import org.jvmipc.Codecs;
import org.jvmipc.LimitException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.internal.RingLayout;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.MemoryDirectory;
import org.jvmipc.testkit.Payloads;
import org.jvmipc.testkit.Worker;

/**
 * A participant is killed between two given stores of the protocol, each in a ring of its own: nothing committed is lost, doubled
 * or torn, and whoever comes next goes on. Between stores there is no call that a test could stop at. So the participant does the
 * whole of it, takes back the stores after the seam, which nobody has looked at yet, and is killed then.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RingSeamIT {
    private static final long SEED = 20_261_129;
    private static final int CAPACITY = RingLayout.LEAST_CAPACITY;

    /** A record of 104 bytes: nine of them leave 88 of a lap. */
    private static final byte[] FILLING = new byte[96];

    /** Two messages are sent in any case, each in a record of 32 bytes. */
    private static final int SURELY = 2;

    /** Where it does not wrap, and where the third message does; both in the second lap, over what the first has left. */
    private static final int FILLINGS = 12;

    private static final int FILLINGS_TO_WRAP = 18;

    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    private static Path path(Path directory, int ring) {
        return directory.resolve("r" + ring);
    }

    private static RingOptions options(RingKind kind) {
        RingOptions options = RingOptions.defaults()
                .withKind(kind)
                .withCapacity(CAPACITY)
                .withMaxMessage(CAPACITY / 4)
                .withWaiting(RingWaiting.SLEEP);
        return switch (kind) {
            case ONE_TO_ONE -> options;
            case LANES -> options.withLanes(2);
            case BROADCAST -> options.withReceivers(2);
        };
    }

    /** The lane that it is about: of several the last one. */
    private static int lane(RingKind kind) {
        return kind == RingKind.LANES ? 1 : 0;
    }

    private static byte[] message(long seq) {
        return Payloads.bytes(SEED, seq, size(seq));
    }

    private static int size(long seq) {
        return seq < SURELY ? 24 : 40;
    }

    private static void assertMessage(long seq, byte[] message) {
        Payloads.verify(SEED, seq, size(seq), message);
    }

    private static byte[] next(RingReceiver<byte[]> in) throws Exception {
        byte[] message = in.tryReceive(Await.LONG);
        assertNotNull(message, "nothing comes");
        return message;
    }

    private static void pass(RingSender<byte[]> out, RingReceiver<byte[]> in, long from, int count) throws Exception {
        for (long seq = from; seq < from + count; seq++) {
            assertTrue(out.trySend(message(seq), Await.LONG), "there is no room");
            assertMessage(seq, next(in));
        }
    }

    private static PeerGoneException.Reason end(RingReceiver<byte[]> in) {
        return assertThrows(PeerGoneException.class, () -> in.tryReceive(Await.LONG))
                .reason();
    }

    /** Senders in all lanes of the ring. */
    private static List<RingSender<byte[]>> senders(Path path, RingKind kind) throws IOException {
        List<RingSender<byte[]>> all = new ArrayList<>();
        try (SharedRing ring = SharedRing.open(path)) {
            for (int i = 0; i <= lane(kind); i++) {
                all.add(ring.openSender(Codecs.bytes()));
            }
        }
        return all;
    }

    private static RingReceiver<byte[]> receiver(Path path) throws IOException {
        try (SharedRing ring = SharedRing.open(path)) {
            return ring.openReceiver(Codecs.bytes());
        }
    }

    private static RingSender<byte[]> sender(Path path) throws IOException {
        try (SharedRing ring = SharedRing.open(path)) {
            return ring.openSender(Codecs.bytes());
        }
    }

    private static void fill(RingSender<byte[]> out, RingReceiver<byte[]> in, boolean wraps) throws Exception {
        for (int i = wraps ? FILLINGS_TO_WRAP : FILLINGS; i > 0; i--) {
            out.send(FILLING);
            assertArrayEquals(FILLING, in.receive());
        }
    }

    // ---- senders

    /** After which store. */
    private enum Sent {
        /** The message is written, or several are with all headers but the first. */
        MESSAGE,
        /** The next header is cleared. */
        CLEARED,
        /** At the end of a lap: the header of the record at the beginning is there, and the padding's is not. */
        RECORD_BEHIND_PADDING,
        /** The header is there, or the padding's: all is shown. */
        SHOWN
    }

    /**
     * What a sender is killed in.
     *
     * @param messages one, or the size of a batch
     */
    private record Sending(Sent after, boolean wraps, int messages) {
        static List<Sending> all() {
            List<Sending> all = new ArrayList<>();
            for (Sent after : Sent.values()) {
                for (int messages : new int[] {1, 3}) {
                    all.add(new Sending(after, true, messages));
                    if (after != Sent.RECORD_BEHIND_PADDING) {
                        all.add(new Sending(after, false, messages));
                    }
                }
            }
            return all;
        }

        int sent() {
            return SURELY + (after == Sent.SHOWN ? messages : 0);
        }
    }

    /** Sends two messages, and then one or several up to one of the stores. */
    static final class Sends implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            RingKind kind = RingKind.valueOf(arguments[1]);
            List<Sending> all = Sending.all();
            for (int i = 0; i < all.size(); i++) {
                Path path = path(Path.of(arguments[0]), i);
                RingSender<byte[]> out = SharedRing.open(path).openSender(Codecs.bytes());
                for (int seq = 0; seq < SURELY; seq++) {
                    out.send(message(seq));
                }
                sendUpTo(all.get(i), out, new RingWords(path, options(kind), lane(kind)));
            }
            parent.ready();
            Await.until("killed", () -> false);
        }

        private static void sendUpTo(Sending sending, RingSender<byte[]> out, RingWords ring) throws Exception {
            long begin = ring.tail();
            long record = begin;
            int bytes = sending.messages * RingLayout.aligned(RingLayout.HEADER_BYTES + size(SURELY));
            if (sending.wraps) {
                record += ring.capacity() - begin % ring.capacity();
            }
            long oldRecord = ring.header(record);
            long oldNext = ring.header(record + bytes);
            send(out, sending.messages);
            assertEquals(record + bytes, ring.tail(), "it is not where it should wrap, or not");
            takeBack(sending, ring, begin, record, oldRecord);
            if (sending.after == Sent.MESSAGE) {
                ring.setHeader(record + bytes, oldNext);
            }
        }

        private static void send(RingSender<byte[]> out, int messages) throws Exception {
            if (messages == 1) {
                out.send(message(SURELY));
                return;
            }
            try (Batch<byte[]> batch = out.batch()) {
                for (int i = 0; i < messages; i++) {
                    batch.add(message(SURELY + i));
                }
            }
        }

        private static void takeBack(Sending sending, RingWords ring, long begin, long record, long oldRecord) {
            ring.setTail(begin);
            if (sending.after != Sent.SHOWN) {
                ring.setHeader(begin, 0);
                if (record != begin && sending.after != Sent.RECORD_BEHIND_PADDING) {
                    ring.setHeader(record, oldRecord);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(RingKind.class)
    void aSenderKilledBetweenItsStores(RingKind kind) throws Exception {
        List<Sending> all = Sending.all();
        List<RingReceiver<byte[]>> receivers = new ArrayList<>();
        List<RingSender<byte[]>> others = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            SharedRing.create(path(directory, i), options(kind)).close();
            RingReceiver<byte[]> in = receiver(path(directory, i));
            List<RingSender<byte[]>> lanes = senders(path(directory, i), kind);
            RingSender<byte[]> last = lanes.remove(lanes.size() - 1);
            fill(last, in, all.get(i).wraps);
            last.close();
            receivers.add(in);
            others.addAll(lanes);
            if (lanes.isEmpty()) {
                assertEquals(PeerGoneException.Reason.CLOSED, end(in));
            }
        }
        try (ChildJvm child = Children.start(ChildMain.launcher(Sends.class, directory, kind))) {
            child.kill();
        }
        for (RingSender<byte[]> other : others) {
            other.send(FILLING);
            other.close();
        }
        for (int i = 0; i < all.size(); i++) {
            try (RingReceiver<byte[]> in = receivers.get(i)) {
                assertSent(all.get(i), in, lane(kind));
                othersGoOn(path(directory, i), kind, in);
            } catch (Throwable e) {
                throw new AssertionError(all.get(i) + ": " + e, e);
            }
            SharedRing.remove(path(directory, i));
        }
    }

    private static void assertSent(Sending sending, RingReceiver<byte[]> in, int others) throws Exception {
        int got = 0;
        int ofOthers = 0;
        while (got < sending.sent() || ofOthers < others) {
            byte[] message = next(in);
            if (message.length == FILLING.length) {
                ofOthers++;
            } else {
                assertMessage(got++, message);
            }
        }
        assertEquals(PeerGoneException.Reason.DIED, end(in));
        assertEquals(others, ofOthers);
    }

    private static void othersGoOn(Path path, RingKind kind, RingReceiver<byte[]> in) throws Exception {
        for (RingSender<byte[]> out : senders(path, kind)) {
            pass(out, in, 0, 100); // several laps
            out.close();
        }
        assertEquals(PeerGoneException.Reason.CLOSED, end(in));
        assertNull(in.tryReceive());
    }

    // ---- receivers

    /** After which step. */
    private enum Took {
        READ,
        TAKEN,
        TOLD
    }

    private record Taking(Took after, boolean wraps) {
        static List<Taking> all() {
            List<Taking> all = new ArrayList<>();
            for (Took after : Took.values()) {
                all.add(new Taking(after, true));
                all.add(new Taking(after, false));
            }
            return all;
        }

        int taken() {
            return SURELY + (after == Took.READ ? 0 : 1);
        }
    }

    /** Receives two messages, and a third up to one of the steps. */
    static final class Receives implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            RingKind kind = RingKind.valueOf(arguments[1]);
            List<Taking> all = Taking.all();
            for (int i = 0; i < all.size(); i++) {
                Path path = path(Path.of(arguments[0]), i);
                RingReceiver<byte[]> in = SharedRing.open(path).openReceiver(Codecs.bytes());
                for (int seq = 0; seq < SURELY; seq++) {
                    assertMessage(seq, in.receive());
                }
                int lane = lane(kind);
                RingWords ring = new RingWords(path, options(kind), lane);
                long head = ring.head(lane);
                long taken = ring.taken(lane);
                assertMessage(SURELY, in.receive());
                assertTrue(ring.taken(lane) > taken, "it was not said that it is taken");
                switch (all.get(i).after) {
                    case READ -> {
                        ring.setHead(lane, head);
                        ring.setTaken(lane, taken);
                    }
                    case TAKEN -> ring.setHead(lane, head);
                    case TOLD -> ring.setHead(lane, ring.taken(lane));
                }
            }
            parent.ready();
            Await.until("killed", () -> false);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ONE_TO_ONE", "LANES"})
    void aReceiverKilledBetweenItsStores(RingKind kind) throws Exception {
        List<Taking> all = Taking.all();
        List<List<RingSender<byte[]>>> senders = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            SharedRing.create(path(directory, i), options(kind)).close();
            List<RingSender<byte[]>> lanes = senders(path(directory, i), kind);
            RingSender<byte[]> out = lanes.get(lane(kind));
            try (RingReceiver<byte[]> in = receiver(path(directory, i))) {
                fill(out, in, all.get(i).wraps);
                for (int seq = 0; seq < SURELY + 3; seq++) {
                    out.send(message(seq));
                }
            }
            senders.add(lanes);
        }
        try (ChildJvm child = Children.start(ChildMain.launcher(Receives.class, directory, kind))) {
            child.kill();
        }
        for (int i = 0; i < all.size(); i++) {
            RingSender<byte[]> out = senders.get(i).get(lane(kind));
            try {
                int sent = sendUntilTold(out, SURELY + 3);
                try (RingReceiver<byte[]> in = receiver(path(directory, i))) {
                    for (int seq = all.get(i).taken(); seq < sent; seq++) {
                        assertMessage(seq, next(in));
                    }
                    pass(out, in, sent, 100);
                    assertNull(in.tryReceive());
                }
            } catch (Throwable e) {
                throw new AssertionError(all.get(i) + ": " + e, e);
            }
            for (RingSender<byte[]> each : senders.get(i)) {
                each.close();
            }
            SharedRing.remove(path(directory, i));
        }
    }

    /** How many were sent until it was told that the receiver has died. */
    private static int sendUntilTold(RingSender<byte[]> out, int from) throws Exception {
        int sent = from;
        try {
            while (out.trySend(message(sent), Await.LONG)) {
                sent++;
            }
        } catch (PeerGoneException e) {
            assertEquals(PeerGoneException.Reason.DIED, e.reason());
            return sent;
        }
        throw new AssertionError("it was not told of the death");
    }

    // ---- killed before it wakes who sleeps

    /** Shows a message to a receiver that sleeps; in the second ring it counts that it has, too. */
    static final class WakesNoReceiver implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            for (int i = 0; i < 2; i++) {
                Path path = path(Path.of(arguments[0]), i);
                SharedRing.open(path).openSender(Codecs.bytes());
                RingWords ring = new RingWords(path, options(RingKind.ONE_TO_ONE), 0);
                Await.until("the receiver sleeps", ring::isReceiverAsleep);
                int bytes = RingLayout.HEADER_BYTES + size(0);
                ring.put(0, message(0));
                ring.setHeader(RingLayout.aligned(bytes), 0);
                ring.setHeader(0, RingLayout.header(RingLayout.MESSAGE, bytes));
                ring.setTail(RingLayout.aligned(bytes));
                if (i == 1) {
                    ring.countArrival();
                }
            }
            parent.ready();
            Await.until("killed", () -> false);
        }
    }

    private Worker<Boolean> receivesOneAndTheEnd(int ring) {
        return Worker.run(() -> {
            try (RingReceiver<byte[]> in = receiver(path(directory, ring))) {
                assertMessage(0, in.receive());
                assertEquals(PeerGoneException.Reason.DIED, end(in));
            }
        });
    }

    @Test
    void aReceiverThatSleepsIsWokenWhenTheSenderDiesBeforeItWakesIt() throws Exception {
        for (int i = 0; i < 2; i++) {
            SharedRing.create(path(directory, i), options(RingKind.ONE_TO_ONE)).close();
        }
        try (Worker<Boolean> first = receivesOneAndTheEnd(0);
                Worker<Boolean> second = receivesOneAndTheEnd(1);
                ChildJvm child = Children.start(ChildMain.launcher(WakesNoReceiver.class, directory))) {
            child.kill();
            first.result();
            second.result();
        }
        for (int i = 0; i < 2; i++) {
            assertTrue(SharedRing.remove(path(directory, i)));
        }
    }

    /** Takes two messages while the sender sleeps; in the second ring it counts that there is room, too. */
    static final class WakesNoSender implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            for (int i = 0; i < 2; i++) {
                Path path = path(Path.of(arguments[0]), i);
                SharedRing.open(path).openReceiver(Codecs.bytes());
                RingWords ring = new RingWords(path, options(RingKind.ONE_TO_ONE), 0);
                Await.until("the sender sleeps", ring::isSenderAsleep);
                long taken = ring.taken(0) + 2L * (RingLayout.HEADER_BYTES + size(0));
                ring.setTaken(0, taken);
                if (i == 1) {
                    ring.setHead(0, taken);
                    ring.countRoom();
                }
            }
            parent.ready();
            Await.until("killed", () -> false);
        }
    }

    @Test
    void aSenderThatSleepsIsWokenWhenTheReceiverDiesBeforeItWakesIt() throws Exception {
        List<RingSender<byte[]>> senders = new ArrayList<>();
        List<Worker<Integer>> workers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            SharedRing.create(path(directory, i), options(RingKind.ONE_TO_ONE)).close();
            RingSender<byte[]> out = sender(path(directory, i));
            senders.add(out);
            workers.add(Worker.call(() -> sendUntilTold(out, 0)));
        }
        try (ChildJvm child = Children.start(ChildMain.launcher(WakesNoSender.class, directory))) {
            child.kill();
        }
        for (int i = 0; i < 2; i++) {
            int sent = workers.get(i).result();
            try (RingSender<byte[]> out = senders.get(i);
                    RingReceiver<byte[]> in = receiver(path(directory, i))) {
                for (int seq = SURELY; seq < sent; seq++) {
                    assertMessage(seq, next(in));
                }
                pass(out, in, sent, 100);
            }
            SharedRing.remove(path(directory, i));
        }
    }

    // ---- broadcast

    /** Joins, and is killed while it is joining, and when it has said that it is in with an old head. */
    static final class Joins implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            for (int i = 0; i < 2; i++) {
                Path path = path(Path.of(arguments[0]), i);
                SharedRing.open(path).openReceiver(Codecs.bytes());
                RingWords ring = new RingWords(path, options(RingKind.BROADCAST), 0);
                ring.setHead(1, 0);
                ring.setTaken(1, 0);
                ring.setState(1, i == 0 ? RingLayout.JOINING : RingLayout.IN);
            }
            parent.ready();
            Await.until("killed", () -> false);
        }
    }

    @Test
    void aReceiverKilledWhileItJoinsABroadcast() throws Exception {
        List<RingSender<byte[]>> senders = new ArrayList<>();
        List<RingReceiver<byte[]>> receivers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            SharedRing.create(path(directory, i), options(RingKind.BROADCAST)).close();
            receivers.add(receiver(path(directory, i)));
            senders.add(sender(path(directory, i)));
            fill(senders.get(i), receivers.get(i), false);
        }
        try (ChildJvm child = Children.start(ChildMain.launcher(Joins.class, directory))) {
            for (int seq = 0; seq < 100; seq++) {
                assertTrue(senders.get(0).trySend(message(seq)), "one that is joining holds the sender up");
                assertMessage(seq, next(receivers.get(0)));
            }
            child.kill();
        }
        for (int i = 0; i < 2; i++) {
            try (RingReceiver<byte[]> in = receivers.get(i);
                    RingSender<byte[]> out = senders.get(i)) {
                pass(out, in, 100, 100);
                try (RingReceiver<byte[]> late = receiver(path(directory, i))) {
                    pass(out, in, 200, 10);
                    for (int seq = 200; seq < 210; seq++) {
                        assertMessage(seq, next(late));
                    }
                    assertNull(late.tryReceive());
                }
            }
            SharedRing.remove(path(directory, i));
        }
    }

    private static RingOptions dropping() {
        return options(RingKind.BROADCAST).withWhenFull(RingFullPolicy.DROP_SLOWEST);
    }

    /** Sends two messages, and says that the receiver is dropped. */
    static final class Drops implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            Path path = path(Path.of(arguments[0]), 0);
            RingSender<byte[]> out = SharedRing.open(path).openSender(Codecs.bytes());
            out.send(message(0));
            out.send(message(1));
            new RingWords(path, dropping(), 0).setState(0, RingLayout.DROPPED);
            parent.ready();
            Await.until("killed", () -> false);
        }
    }

    @Test
    void aSenderKilledWhenItHasDroppedAReceiverAndOverwrittenNothing() throws Exception {
        SharedRing.create(path(directory, 0), dropping()).close();
        try (RingReceiver<byte[]> in = receiver(path(directory, 0))) {
            try (ChildJvm child = Children.start(ChildMain.launcher(Drops.class, directory))) {
                child.kill();
            }
            assertThrows(LimitException.class, in::receive);
            assertEquals(PeerGoneException.Reason.DIED, end(in));
            othersGoOn(path(directory, 0), RingKind.BROADCAST, in);
        }
        SharedRing.remove(path(directory, 0));
    }

    /** Sends three messages, and has not said yet where the third one ends. */
    static final class TellsNoTail implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            Path path = path(Path.of(arguments[0]), 0);
            RingSender<byte[]> out = SharedRing.open(path).openSender(Codecs.bytes());
            RingWords ring = new RingWords(path, options(RingKind.BROADCAST), 0);
            out.send(message(0));
            out.send(message(1));
            long tail = ring.tail();
            out.send(message(2));
            ring.setTail(tail);
            parent.ready();
            Await.until("killed", () -> false);
        }
    }

    @Test
    void whoJoinsBeforeTheNextSenderHasSentAnythingIsNotOverwritten() throws Exception {
        Path path = path(directory, 0);
        SharedRing.create(path, options(RingKind.BROADCAST)).close();
        try (RingReceiver<byte[]> in = receiver(path)) {
            try (ChildJvm child = Children.start(ChildMain.launcher(TellsNoTail.class, directory))) {
                child.kill();
            }
            for (int seq = 0; seq < 3; seq++) {
                assertMessage(seq, next(in));
            }
            assertEquals(PeerGoneException.Reason.DIED, end(in));
            try (RingSender<byte[]> out = sender(path);
                    Claim claim = out.claim(size(3))) {
                try (RingReceiver<byte[]> late = receiver(path)) { // the sender has looked who is there before
                    claim.buffer().put(message(3));
                    claim.commit();
                    int sent = 4;
                    while (out.trySend(message(sent))) {
                        sent++;
                    }
                    for (int seq = 3; seq < sent; seq++) {
                        assertMessage(seq, next(in));
                        assertMessage(seq, next(late));
                    }
                    assertTrue(out.trySend(message(sent)));
                    assertMessage(sent, next(late));
                }
            }
        }
        SharedRing.remove(path);
    }
}
