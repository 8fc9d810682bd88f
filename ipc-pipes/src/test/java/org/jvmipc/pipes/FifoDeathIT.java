package org.jvmipc.pipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvmipc.Codecs;
import org.jvmipc.PeerGoneException;
import org.jvmipc.PeerGoneException.Reason;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Campaign;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Payloads;
import org.jvmipc.testkit.Worker;

/**
 * {@code kill -9} at random moments of processes that hold many ends each, over and over; both sides are opened anew in
 * between, in any order, and meet again. What was received is a verified beginning of what was sent, and each death is told
 * once.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(NoLeaks.class)
class FifoDeathIT implements NoLeaks.WarmUp {
    private static final int ENDS = 25;
    private static final int ROUNDS = Campaign.size(2, 50);
    private static final int LARGEST = 200_000;
    private static final long SEED = 4711;
    private static final Duration PROMPT = Duration.ofSeconds(5);

    @TempDir
    Path directory;

    private final List<Fifo> fifos = new ArrayList<>();
    private final List<AutoCloseable> ends = new ArrayList<>();

    /** Of the first sender in another process on, a descriptor is kept for being told of deaths. */
    @Override
    public void warmUp() throws Exception {
        Fifo fifo = TemporaryFifos.create(FifoOptions.defaults());
        try (FifoReceiver<byte[]> receiver = fifo.openReceiver(Codecs.bytes());
                ChildJvm child =
                        ChildMain.launcher(Sending.class, 1, fifo.path()).start()) {
            receiver.receive();
            child.kill();
        } finally {
            TemporaryFifos.remove(fifo);
        }
    }

    void create(FifoSharing sharing) throws Exception {
        for (int i = 0; i < ENDS; i++) {
            fifos.add(Fifo.create(
                    directory.resolve(Integer.toString(i)),
                    FifoOptions.defaults().withSharing(sharing)));
        }
    }

    @BeforeEach
    void forget() {
        fifos.clear();
        ends.clear();
    }

    @AfterEach
    void remove() throws Exception {
        for (AutoCloseable end : ends) {
            end.close();
        }
        for (Fifo fifo : fifos) {
            Fifo.remove(fifo.path());
        }
    }

    private Object[] arguments(Object first) {
        List<Object> all = new ArrayList<>(List.of(first));
        fifos.forEach(fifo -> all.add(fifo.path()));
        return all.toArray();
    }

    private static void pauseAtRandom() {
        LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(10_000_000));
    }

    private static void kill(ChildJvm child) throws Exception {
        child.kill();
        assertEquals(9, child.awaitExit().signal(), () -> "it had ended before: " + child.lastErrorLines());
    }

    // ---- senders die

    @ParameterizedTest
    @EnumSource(
            value = FifoSharing.class,
            names = {"MANY_SENDERS", "ONE_SENDER"})
    void aKilledSendersMessagesAreABeginningAndItsDeathIsToldOnce(FifoSharing sharing) throws Exception {
        create(sharing);
        List<FifoReceiver<byte[]>> receivers = new ArrayList<>();
        for (Fifo fifo : fifos) {
            receivers.add(fifo.openReceiver(Codecs.bytes()));
        }
        ends.addAll(receivers);
        for (int round = 0; round < ROUNDS; round++) {
            killSenders(receivers);
            for (int i = 0; i < ENDS; i++) {
                if (ThreadLocalRandom.current().nextBoolean()) {
                    receivers.get(i).close();
                    receivers.set(i, fifos.get(i).openReceiver(Codecs.bytes()));
                    ends.add(receivers.get(i));
                }
            }
        }
    }

    private void killSenders(List<FifoReceiver<byte[]>> receivers) throws Exception {
        AtomicLong received = new AtomicLong();
        List<Worker<PeerGoneException>> readers = new ArrayList<>();
        try (ChildJvm child = Children.start(ChildMain.launcher(Sending.class, arguments(2)))) {
            for (FifoReceiver<byte[]> receiver : receivers) {
                readers.add(Worker.call(() -> receiveBothToTheDeath(receiver, received)));
            }
            Await.until(
                    "it flows",
                    () -> received.get() > 20 * ENDS || readers.stream().anyMatch(Worker::isDone));
            pauseAtRandom();
            kill(child);
            for (int i = 0; i < ENDS; i++) {
                PeerGoneException gone = readers.get(i).result(PROMPT);
                assertEquals(Reason.DIED, gone.reason());
                assertEquals(OptionalLong.of(child.pid()), gone.pid());
                assertNull(receivers.get(i).tryReceive(), "told once, and nothing comes any more");
            }
        } finally {
            for (Worker<PeerGoneException> reader : readers) {
                reader.close();
            }
        }
    }

    /** What comes of a sender has to be its messages from the first on. */
    private static PeerGoneException receiveBothToTheDeath(FifoReceiver<byte[]> receiver, AtomicLong received)
            throws Exception {
        long expected = 0;
        while (true) {
            try {
                Payloads.Tag tag = Payloads.verifyTagged(SEED, receiver.receive());
                assertEquals(expected++, tag.seq());
                received.incrementAndGet();
            } catch (PeerGoneException e) {
                return e;
            }
        }
    }

    /** Sends into each of the FIFOs, without end. */
    static final class Sending implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            for (int i = 1; i < arguments.length; i++) {
                FifoSender<byte[]> sender = Fifo.open(Path.of(arguments[i])).openSender(Codecs.bytes());
                Thread thread = new Thread(() -> sendForEver(sender));
                thread.start();
            }
            parent.ready();
        }

        private static void sendForEver(FifoSender<byte[]> sender) {
            try {
                for (long seq = 0; ; seq++) {
                    sender.send(message(seq));
                }
            } catch (Exception e) {
                e.printStackTrace();
                Runtime.getRuntime().halt(3); // seen by who waits for a kill
            }
        }
    }

    private static byte[] message(long seq) {
        int size = Math.max(Payloads.TAGGED_MIN, Payloads.size(SEED, seq, LARGEST));
        return Payloads.tagged(SEED, 0, seq, size);
    }

    // ---- receivers die

    @ParameterizedTest
    @EnumSource(
            value = FifoSharing.class,
            names = {"MANY_SENDERS", "ONE_SENDER"})
    void aKilledReceiversSendersAreToldAndGoOnWithTheNext(FifoSharing sharing) throws Exception {
        create(sharing);
        List<FifoSender<byte[]>> senders = new ArrayList<>();
        List<AtomicLong> next = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            try (ChildJvm child = Children.start(ChildMain.launcher(Receiving.class, arguments(0)))) {
                for (int i = 0; i < ENDS; i++) {
                    openOrGoOn(senders, next, i);
                }
                killReceivers(child, senders, next);
            }
        }
    }

    private void openOrGoOn(List<FifoSender<byte[]>> senders, List<AtomicLong> next, int i) throws Exception {
        if (senders.size() == i) {
            senders.add(fifos.get(i).openSender(Codecs.bytes()));
            next.add(new AtomicLong());
        } else if (ThreadLocalRandom.current().nextBoolean()) {
            senders.get(i).close();
            senders.set(i, fifos.get(i).openSender(Codecs.bytes()));
        }
        ends.add(senders.get(i));
        senders.get(i).awaitReceiver();
    }

    private static void killReceivers(ChildJvm child, List<FifoSender<byte[]>> senders, List<AtomicLong> next)
            throws Exception {
        AtomicLong sent = new AtomicLong();
        List<Worker<Boolean>> writers = new ArrayList<>();
        try {
            for (int i = 0; i < ENDS; i++) {
                FifoSender<byte[]> sender = senders.get(i);
                AtomicLong seq = next.get(i);
                writers.add(Worker.run(() -> {
                    while (true) {
                        sender.send(message(seq.get()));
                        seq.incrementAndGet();
                        sent.incrementAndGet();
                    }
                }));
            }
            Await.until(
                    "it flows", () -> sent.get() > 20 * ENDS || writers.stream().anyMatch(Worker::isDone));
            pauseAtRandom();
            kill(child);
            for (Worker<Boolean> writer : writers) {
                assertEquals(
                        Reason.DIED,
                        writer.failure(PeerGoneException.class, PROMPT).reason());
            }
        } finally {
            for (Worker<Boolean> writer : writers) {
                writer.close();
            }
        }
    }

    /** Receives from each of the FIFOs, and ends if what it gets is not the messages one after the other. */
    static final class Receiving implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            for (int i = 1; i < arguments.length; i++) {
                FifoReceiver<byte[]> receiver = Fifo.open(Path.of(arguments[i])).openReceiver(Codecs.bytes());
                Thread thread = new Thread(() -> receiveForEver(receiver));
                thread.start();
            }
            parent.ready();
        }

        private static void receiveForEver(FifoReceiver<byte[]> receiver) {
            try {
                long last = -1;
                while (true) {
                    try {
                        long seq =
                                Payloads.verifyTagged(SEED, receiver.receive()).seq();
                        assertTrue(last < 0 || seq == last + 1, () -> seq + " is not the next one");
                        last = seq;
                    } catch (PeerGoneException e) {
                        assertEquals(Reason.CLOSED, e.reason()); // of a sender that was opened anew
                    }
                }
            } catch (Throwable e) {
                e.printStackTrace();
                Runtime.getRuntime().halt(3);
            }
        }
    }
}
