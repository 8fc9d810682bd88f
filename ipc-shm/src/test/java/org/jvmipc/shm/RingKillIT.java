package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Batch;
import org.jvmipc.Codecs;
import org.jvmipc.LimitException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Campaign;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.MemoryDirectory;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Payloads;
import org.jvmipc.testkit.Worker;

/**
 * Senders and receivers are killed at random moments under traffic: nothing committed is lost, doubled or torn, and the others go
 * on. One JVM has an end of each of several rings, and each of these is one kill.
 */
@ExtendWith(NoLeaks.class)
@Timeout(value = 600, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RingKillIT implements NoLeaks.WarmUp {
    private static final int RINGS = 10;
    private static final int ROUNDS = Campaign.size(50, 10_000) / RINGS / 2;
    private static final int ROUNDS_OF_BROADCASTS = Campaign.size(1, 200);
    private static final int CAPACITY = 16 << 10;
    private static final long SEED = 20_261_129;
    private static final int LARGEST = 600;

    /** What is promised, of half of all kills, as other processes may have the processors. */
    private static final Duration PROMISE = Duration.ofMillis(500);

    /** Of any kill; who waits longer was not woken. */
    private static final Duration AT_MOST = Duration.ofSeconds(10);

    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    private final Random random = new Random(SEED);

    /** How long it took from the end of a killed process until the others of each of its rings went on. */
    private final List<Long> delays = new ArrayList<>();

    private static Path ring(Path directory, int ring) {
        return directory.resolve("ring" + ring);
    }

    private static RingKind kind(int ring) {
        return ring % 2 == 0 ? RingKind.ONE_TO_ONE : RingKind.LANES;
    }

    private static byte[] message(long seq) {
        return Payloads.bytes(SEED, seq, size(seq));
    }

    private static int size(long seq) {
        return Long.BYTES + (int) (Payloads.mix(seq) >>> 40) % (LARGEST - Long.BYTES);
    }

    private void createRings() throws Exception {
        for (int i = 0; i < RINGS; i++) {
            createRing(i, kind(i));
        }
    }

    private void createBroadcasts() throws Exception {
        for (int i = 0; i < RINGS; i++) {
            createRing(i, RingKind.BROADCAST);
        }
    }

    private void createRing(int ring, RingKind kind) throws Exception {
        RingOptions options = RingOptions.defaults().withKind(kind).withCapacity(CAPACITY);
        SharedRing.create(ring(directory, ring), options).close();
    }

    private void removeRings() throws Exception {
        for (int i = 0; i < RINGS; i++) {
            SharedRing.remove(ring(directory, i));
        }
    }

    /** What the other JVM has done with each ring, which it cannot take back by dying. */
    private static Path log(Path directory) {
        return directory.resolve("log");
    }

    private SharedMemory createLog() throws Exception {
        return SharedMemory.create(log(directory), SharedMemoryOptions.ofSize(RINGS * Long.BYTES));
    }

    private static SharedLong entry(SharedMemory log, int ring) throws IOException {
        return log.area(0, RINGS * Long.BYTES).int64(ring * Long.BYTES);
    }

    @Override
    public void warmUp() throws Exception {
        createRings();
        try (SharedMemory log = createLog()) {
            roundOfSenders(log, 0, 1);
        }
        SharedMemory.remove(log(directory));
        removeRings();
    }

    /** Kills the child, and waits until the others of each of its rings were told, or went on. */
    private void kill(ChildJvm child, Worker<Boolean> survivor, long[] told) throws Exception {
        child.kill();
        assertNotNull(child.tryAwaitExit(Await.LONG), "it was not reaped");
        long reaped = System.nanoTime();
        survivor.result(Await.LONG);
        for (long when : told) {
            delays.add(when - reaped); // below 0 where it was told sooner
        }
    }

    private void assertOthersWentOnSoon() {
        Collections.sort(delays);
        Duration median = Duration.ofNanos(delays.get(delays.size() / 2));
        Duration last = Duration.ofNanos(delays.get(delays.size() - 1));
        assertTrue(
                !Campaign.isOn() || median.compareTo(PROMISE) <= 0, // of two or three kills there is none to speak of
                () -> "after half of the kills the others went on only after " + median);
        assertTrue(last.compareTo(AT_MOST) <= 0, () -> "after a kill the others went on only after " + last);
    }

    // ---- senders

    /** Sends numbered messages into all rings in every form there is, and logs what was sent, until it is killed. */
    static final class Sends implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            Path directory = Path.of(arguments[0]);
            List<RingSender<byte[]>> senders = new ArrayList<>();
            for (int i = 0; i < RINGS; i++) {
                SharedRing ring = SharedRing.open(ring(directory, i));
                senders.add(ring.openSender(Codecs.bytes()));
            }
            SharedMemory log = SharedMemory.open(log(directory));
            long[] next = new long[RINGS];
            for (int i = 0; i < RINGS; i++) {
                next[i] = Long.parseLong(arguments[1]);
            }
            parent.ready();
            for (long round = 0; ; round++) {
                for (int i = 0; i < RINGS; i++) {
                    next[i] += sendSome(senders.get(i), next[i], (int) (round % 4));
                    entry(log, i).setVolatile(next[i]);
                }
            }
        }

        private static int sendSome(RingSender<byte[]> out, long seq, int form) throws Exception {
            switch (form) {
                case 0 -> out.send(message(seq));
                case 1 -> {
                    byte[] message = message(seq);
                    try (Claim claim = out.claim(message.length)) {
                        claim.buffer().put(message);
                        claim.commit();
                    }
                }
                case 2 -> {
                    try (Claim claim = out.claim(100)) {
                        claim.buffer().put(new byte[50]); // and never commits it
                    }
                    return 0;
                }
                default -> {
                    try (Batch<byte[]> batch = out.batch()) {
                        for (int i = 0; i < 5; i++) {
                            batch.add(message(seq + i));
                        }
                    }
                    return 5;
                }
            }
            return 1;
        }
    }

    @Test
    void allThatAKilledSenderHadSentIsThereOnceAndInOrder() throws Exception {
        createRings();
        try (SharedMemory log = createLog()) {
            for (int round = 0; round < ROUNDS; round++) {
                roundOfSenders(log, round * 1_000_000_000L, 1);
            }
        }
        assertOthersWentOnSoon();
        SharedMemory.remove(log(directory));
        removeRings();
    }

    @Test
    void allThatAKilledSenderOfABroadcastHadSentReachesEachReceiver() throws Exception {
        createBroadcasts();
        try (SharedMemory log = createLog()) {
            for (int round = 0; round < ROUNDS_OF_BROADCASTS; round++) {
                roundOfSenders(log, round * 1_000_000_000L, 2);
            }
        }
        assertOthersWentOnSoon();
        SharedMemory.remove(log(directory));
        removeRings();
    }

    /** With several receivers the rings are broadcasts. */
    private void roundOfSenders(SharedMemory log, long begin, int receiversOfEach) throws Exception {
        List<RingReceiver<byte[]>> receivers = new ArrayList<>();
        for (int i = 0; i < RINGS * receiversOfEach; i++) {
            entry(log, i / receiversOfEach).setVolatile(begin);
            try (SharedRing ring = SharedRing.open(ring(directory, i / receiversOfEach))) {
                receivers.add(ring.openReceiver(Codecs.bytes()));
            }
        }
        if (receiversOfEach > 1) {
            takeLeftOver(receivers);
        }
        long[] received = new long[receivers.size()];
        long[] told = new long[receivers.size()];
        try (ChildJvm child = Children.start(ChildMain.launcher(Sends.class, directory, begin));
                Worker<Boolean> reader = Worker.run(() -> readToEnd(receivers, begin, received, told))) {
            Await.until("it flows", () -> entry(log, RINGS - 1).getVolatile() > begin + 100);
            Thread.sleep(random.nextInt(20)); // any moment is as good as another: this one is not known
            kill(child, reader, told);
            for (int i = 0; i < received.length; i++) {
                long sent = entry(log, i / receiversOfEach).getVolatile();
                long got = received[i];
                assertTrue(got >= sent && got <= sent + 5, "sent up to " + sent + ", received up to " + got);
            }
        } finally {
            for (RingReceiver<byte[]> each : receivers) {
                each.close();
            }
        }
    }

    /** Who joins at the tail gets what a killed sender had shown, and not said any more that it has. */
    private static void takeLeftOver(List<RingReceiver<byte[]>> receivers) throws Exception {
        for (RingReceiver<byte[]> in : receivers) {
            byte[] message = in.tryReceive();
            while (message != null) {
                message = in.tryReceive();
            }
        }
    }

    /** Verifies everything, until each receiver was told the death. */
    private static void readToEnd(List<RingReceiver<byte[]>> receivers, long begin, long[] next, long[] told)
            throws Exception {
        boolean[] ended = new boolean[next.length];
        Arrays.fill(next, begin);
        for (int left = next.length; left > 0; ) {
            for (int i = 0; i < next.length; i++) {
                if (!ended[i] && readSome(receivers.get(i), next, i)) {
                    told[i] = System.nanoTime();
                    ended[i] = true;
                    left--;
                }
            }
        }
    }

    private static boolean readSome(RingReceiver<byte[]> in, long[] next, int ring) throws Exception {
        try {
            byte[] message = in.tryReceive();
            for (int some = 0; message != null && some < 20; some++) {
                Payloads.verify(SEED, next[ring], size(next[ring]), message);
                next[ring]++;
                message = some < 19 ? in.tryReceive() : null;
            }
            return false;
        } catch (PeerGoneException e) {
            assertEquals(PeerGoneException.Reason.DIED, e.reason());
            return true;
        }
    }

    // ---- receivers

    /** Receives from all rings, and logs what it has received, until it is killed. */
    static final class Receives implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            Path directory = Path.of(arguments[0]);
            List<RingReceiver<byte[]>> receivers = new ArrayList<>();
            for (int i = 0; i < RINGS; i++) {
                receivers.add(SharedRing.open(ring(directory, i)).openReceiver(Codecs.bytes()));
            }
            SharedMemory log = SharedMemory.open(log(directory));
            parent.ready();
            while (true) {
                for (int i = 0; i < RINGS; i++) {
                    SharedLong entry = entry(log, i);
                    for (int some = 0; some < 20; some++) {
                        byte[] message = receivers.get(i).tryReceive();
                        if (message == null) {
                            break;
                        }
                        long seq = entry.getVolatile();
                        Payloads.verify(SEED, seq, size(seq), message);
                        entry.setVolatile(seq + 1);
                    }
                }
            }
        }
    }

    @Test
    void nothingThatAKilledReceiverHadTakenComesAgainAndTheRestIsThere() throws Exception {
        createRings();
        try (SharedMemory log = createLog()) {
            for (int round = 0; round < ROUNDS; round++) {
                roundOfReceivers(log);
            }
        }
        assertOthersWentOnSoon();
        SharedMemory.remove(log(directory));
        removeRings();
    }

    private void roundOfReceivers(SharedMemory log) throws Exception {
        List<RingSender<byte[]>> senders = new ArrayList<>();
        for (int i = 0; i < RINGS; i++) {
            entry(log, i).setVolatile(0);
            try (SharedRing ring = SharedRing.open(ring(directory, i))) {
                senders.add(ring.openSender(Codecs.bytes()));
            }
        }
        long[] sent = new long[RINGS];
        long[] told = new long[RINGS];
        try (ChildJvm child = Children.start(ChildMain.launcher(Receives.class, directory));
                Worker<Boolean> writer = Worker.run(() -> sendToEnd(senders, sent, told))) {
            Await.until("it flows", () -> entry(log, RINGS - 1).getVolatile() > 100);
            Thread.sleep(random.nextInt(20));
            kill(child, writer, told);
            for (int i = 0; i < RINGS; i++) {
                assertRestIsThere(i, entry(log, i).getVolatile(), sent[i]);
            }
        } finally {
            for (RingSender<byte[]> each : senders) {
                each.close();
            }
        }
        for (int i = 0; i < RINGS; i++) {
            takeEnd(i);
        }
    }

    private static void sendToEnd(List<RingSender<byte[]>> senders, long[] sent, long[] told) throws Exception {
        boolean[] ended = new boolean[RINGS];
        for (int left = RINGS; left > 0; ) {
            for (int i = 0; i < RINGS; i++) {
                try {
                    while (!ended[i] && senders.get(i).trySend(message(sent[i]))) {
                        sent[i]++;
                    }
                } catch (PeerGoneException e) {
                    assertEquals(PeerGoneException.Reason.DIED, e.reason());
                    told[i] = System.nanoTime();
                    ended[i] = true;
                    left--;
                }
            }
        }
    }

    /** The one that it died with may be missing: it had been taken, and could not be logged any more. */
    private void assertRestIsThere(int ring, long logged, long sent) throws Exception {
        try (SharedRing open = SharedRing.open(ring(directory, ring));
                RingReceiver<byte[]> in = open.openReceiver(Codecs.bytes())) {
            long next = logged;
            byte[] first = in.tryReceive();
            if (first != null && (first.length != size(next) || !Arrays.equals(first, message(next)))) {
                next++;
            }
            for (byte[] message = first; message != null; message = in.tryReceive()) {
                Payloads.verify(SEED, next, size(next), message);
                next++;
            }
            assertTrue(next == sent || (first == null && next == sent - 1), "up to " + next + " of " + sent);
        }
    }

    private void takeEnd(int ring) throws Exception {
        try (SharedRing open = SharedRing.open(ring(directory, ring));
                RingReceiver<byte[]> in = open.openReceiver(Codecs.bytes())) {
            assertThrows(PeerGoneException.class, in::tryReceive);
        }
    }

    // ---- several

    /** One receiver of a broadcast: gets every message from the first one that it gets. */
    private static final class Listener implements AutoCloseable {
        private final RingReceiver<byte[]> in;
        private long next = -1;

        Listener(Path path) throws Exception {
            try (SharedRing ring = SharedRing.open(path)) {
                in = ring.openReceiver(Codecs.bytes());
            }
        }

        /** Takes what is there. */
        void take() throws Exception {
            for (byte[] message = in.tryReceive(); message != null; message = in.tryReceive()) {
                long seq = Payloads.verifyTagged(SEED, message).seq();
                assertTrue(next < 0 || seq == next, "not " + next + " but " + seq);
                next = seq + 1;
            }
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    /** Receives from all broadcasts, and logs up to where, until it is killed. */
    static final class ListensToAll implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            Path directory = Path.of(arguments[0]);
            List<Listener> listeners = new ArrayList<>();
            for (int i = 0; i < RINGS; i++) {
                listeners.add(new Listener(ring(directory, i)));
            }
            SharedMemory log = SharedMemory.open(log(directory));
            parent.ready();
            while (true) {
                for (int i = 0; i < RINGS; i++) {
                    listeners.get(i).take();
                    entry(log, i).setVolatile(listeners.get(i).next);
                }
            }
        }
    }

    /** A broadcast of this process: one listener is there all the time, one joins after the kill. */
    private static final class Broadcast implements AutoCloseable {
        private final Path path;
        private final RingSender<byte[]> out;
        private final Listener always;
        private @Nullable Listener late;
        private long sent;
        private long sentLate;

        Broadcast(Path path) throws Exception {
            this.path = path;
            this.always = new Listener(path);
            try (SharedRing ring = SharedRing.open(path)) {
                out = ring.openSender(Codecs.bytes());
            }
        }

        void pass() throws Exception {
            int size = Payloads.TAGGED_MIN + (int) (Payloads.mix(sent) >>> 40) % (LARGEST - Payloads.TAGGED_MIN);
            if (out.trySend(Payloads.tagged(SEED, 0, sent, size))) {
                sent++;
                sentLate += size;
            }
            always.take();
            if (late != null) {
                late.take();
            }
        }

        void joinLate() throws Exception {
            late = new Listener(path);
            sentLate = 0;
        }

        /** Whether it has gone on so far that whoever takes nothing would hold it up. */
        boolean hasGoneOn() {
            return sentLate > CAPACITY;
        }

        void assertAllIsThere() {
            assertEquals(sent, always.next);
            assertNotNull(late);
            assertEquals(sent, late.next);
        }

        @Override
        public void close() throws IOException {
            if (late != null) {
                late.close();
            }
            always.close();
            out.close();
        }
    }

    @Test
    void allWhoLiveGetEveryMessageOfABroadcastWhenAReceiverIsKilled() throws Exception {
        createBroadcasts();
        try (SharedMemory log = createLog()) {
            for (int round = 0; round < ROUNDS_OF_BROADCASTS; round++) {
                roundOfListeners(log);
            }
        }
        assertOthersWentOnSoon();
        SharedMemory.remove(log(directory));
        removeRings();
    }

    private void roundOfListeners(SharedMemory log) throws Exception {
        List<Broadcast> all = new ArrayList<>();
        for (int i = 0; i < RINGS; i++) {
            entry(log, i).setVolatile(0);
            all.add(new Broadcast(ring(directory, i)));
        }
        long[] told = new long[RINGS];
        try (ChildJvm child = Children.start(ChildMain.launcher(ListensToAll.class, directory))) {
            while (entry(log, RINGS - 1).getVolatile() < 100) {
                assertTrue(child.isAlive(), () -> "it has found a wrong message: " + child.lastErrorLines());
                passAll(all);
            }
            for (int i = random.nextInt(1000); i > 0; i--) {
                passAll(all);
            }
            assertTrue(child.isAlive(), () -> "it has found a wrong message: " + child.lastErrorLines());
            try (Worker<Boolean> goesOn = Worker.run(() -> goOn(all, child, told))) {
                kill(child, goesOn, told);
            }
            for (Broadcast each : all) {
                each.assertAllIsThere();
            }
        } finally {
            for (Broadcast each : all) {
                each.close();
            }
        }
    }

    private static void passAll(List<Broadcast> all) throws Exception {
        for (Broadcast each : all) {
            each.pass();
        }
    }

    private static void goOn(List<Broadcast> all, ChildJvm child, long[] told) throws Exception {
        while (child.isAlive()) {
            passAll(all);
        }
        for (Broadcast each : all) {
            each.joinLate();
        }
        for (int left = all.size(); left > 0; ) {
            passAll(all);
            for (int i = 0; i < told.length; i++) {
                if (told[i] == 0 && all.get(i).hasGoneOn()) {
                    told[i] = System.nanoTime();
                    left--;
                }
            }
        }
    }

    /** Joins a broadcast and takes nothing. */
    static final class Listens implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            RingReceiver<byte[]> in = SharedRing.open(Path.of(arguments[0])).openReceiver(Codecs.bytes());
            parent.ready();
            Await.until("killed", () -> !in.isOpen());
        }
    }

    @Test
    void theOthersOfABroadcastGoOnWhenOneIsKilledThatHeldThemUp() throws Exception {
        Path path = directory.resolve("b");
        RingOptions options =
                RingOptions.defaults().withKind(RingKind.BROADCAST).withCapacity(4096);
        try (SharedRing ring = SharedRing.create(path, options);
                RingReceiver<byte[]> in = ring.openReceiver(Codecs.bytes());
                RingSender<byte[]> out = ring.openSender(Codecs.bytes());
                ChildJvm child = Children.start(ChildMain.launcher(Listens.class, path))) {
            while (out.trySend(new byte[100])) {
                assertNotNull(in.tryReceive());
            }
            assertFalse(out.trySend(new byte[100], Duration.ofMillis(50)), "a receiver that takes nothing holds it up");
            try (Worker<Boolean> waits = Worker.run(() -> out.send(new byte[100]))) {
                waits.awaitBlocked();
                child.kill();
                waits.result();
            }
            assertEquals(100, in.receive().length);
        }
        SharedRing.remove(path);
    }

    /** Sends in a lane, and claims in it until it is told to go on. */
    static final class Claims implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            Path directory = Path.of(arguments[0]);
            try (SharedRing ring = SharedRing.open(directory.resolve("l"));
                    SharedMemory log = SharedMemory.open(log(directory));
                    RingSender<byte[]> out = ring.openSender(Codecs.bytes())) {
                out.send(message(0));
                byte[] message = message(1);
                try (Claim claim = out.claim(message.length)) {
                    claim.buffer().put(message, 0, message.length / 2);
                    parent.ready();
                    Await.until("told to go on", () -> entry(log, 0).getVolatile() == 1);
                    claim.buffer().put(message, message.length / 2, message.length - message.length / 2);
                    claim.commit();
                }
                out.send(message(2));
            }
        }
    }

    @Test
    void aStoppedSenderKeepsItsLaneAndItsClaim() throws Exception {
        Path path = directory.resolve("l");
        RingOptions options = RingOptions.defaults().withKind(RingKind.LANES).withLanes(2);
        try (SharedMemory log = createLog();
                SharedRing ring = SharedRing.create(path, options);
                RingReceiver<byte[]> in = ring.openReceiver(Codecs.bytes());
                RingSender<byte[]> other = ring.openSender(Codecs.bytes());
                ChildJvm child = Children.start(ChildMain.launcher(Claims.class, directory))) {
            assertMessage(0, in.receive());
            Children.stop(child);
            for (int i = 0; i < 10_000; i++) {
                other.send(new byte[7]);
                assertEquals(7, in.receive().length);
            }
            assertThrows(LimitException.class, () -> ring.openSender(Codecs.bytes()), "its lane was given away");
            entry(log, 0).setVolatile(1);
            Children.goOn(child);
            assertMessage(1, in.tryReceive(Await.LONG));
            assertMessage(2, in.tryReceive(Await.LONG));
            Children.assertExit(0, child);
        }
        SharedRing.remove(path);
        SharedMemory.remove(log(directory));
    }

    private static void assertMessage(long seq, byte @Nullable [] message) {
        assertNotNull(message);
        Payloads.verify(SEED, seq, size(seq), message);
    }
}
