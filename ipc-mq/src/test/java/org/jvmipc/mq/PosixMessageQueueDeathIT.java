package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.Ipc;
import org.jvmipc.internal.RuntimeDirectory;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.FaultSeam;
import org.jvmipc.testkit.KillWalk;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Payloads;
import org.jvmipc.testkit.Worker;

/** Who uses a kernel message queue is killed: the queue stays as it is, no message is torn, the others go on. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PosixMessageQueueDeathIT implements NoLeaks.WarmUp {
    private static final long SEED = 11;
    private static final int SIZE = 4096;
    private static final int SURVIVOR = 9;

    private final Address address = PosixNames.address();

    @Override
    public void warmUp() throws Exception {
        PosixNames.ends(Codecs.bytes()).close();
        try (ChildJvm child = Children.start(ChildMain.launcher("sleep"))) {
            child.kill();
        }
    }

    @AfterEach
    void remove() throws IOException {
        PosixMessageQueue.remove(address);
    }

    private PosixMessageQueue<byte[]> create() throws IOException {
        return PosixMessageQueue.create(address, Codecs.bytes(), PosixNames.OPTIONS);
    }

    private static byte[] message(int sender, long seq) {
        int size = (int) (Payloads.TAGGED_MIN + Math.floorMod(Payloads.mix(seq), (long) SIZE - Payloads.TAGGED_MIN));
        return Payloads.tagged(SEED, sender, seq, size);
    }

    // ---- the children

    /** Sends for ever, under a number of its own. */
    static final class Sends implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            try (PosixMessageSender<byte[]> out = PosixMessageQueue.open(Address.of(arguments[0]), Codecs.bytes())
                    .openSender()) {
                parent.ready();
                for (long seq = 0; ; seq++) {
                    out.send(message(Integer.parseInt(arguments[1]), seq));
                }
            }
        }
    }

    /** Receives for ever. */
    static final class Receives implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            try (PosixMessageReceiver<byte[]> in = PosixMessageQueue.open(Address.of(arguments[0]), Codecs.bytes())
                    .openReceiver()) {
                parent.ready();
                while (true) {
                    Payloads.verifyTagged(SEED, in.receive());
                }
            }
        }
    }

    /** Makes a queue with another mode than the usual one. */
    static final class Makes implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            parent.ready();
            FaultSeam.underKill(() -> PosixMessageQueue.create(
                    Address.of(arguments[0]).with("mode", "0640"), Codecs.bytes(), PosixNames.OPTIONS));
        }
    }

    // ---- a sender

    @RepeatedTest(3)
    void whatAKilledSenderHasSentIsWholeAndInOrderAndAnotherGoesOn() throws Exception {
        PosixMessageQueue<byte[]> queue = create();
        Map<Integer, Long> next = new HashMap<>();
        try (PosixMessageReceiver<byte[]> in = queue.openReceiver();
                PosixMessageSender<byte[]> survivor = queue.openSender()) {
            for (int victim = 0; victim < 2; victim++) {
                try (ChildJvm child = Children.start(ChildMain.launcher(Sends.class, address, victim))) {
                    for (int i = 0; i < 200; i++) {
                        expectNext(in.tryReceive(Await.LONG), next);
                    }
                    child.kill();
                    child.awaitExit();
                }
                byte[] left;
                while ((left = in.tryReceive()) != null) {
                    expectNext(left, next);
                }
                survivor.send(message(SURVIVOR, victim));
                expectNext(in.receive(), next);
            }
        }
        assertEquals(2, next.get(SURVIVOR));
    }

    private static void expectNext(byte @Nullable [] message, Map<Integer, Long> next) {
        assertNotNull(message, "no message came");
        Payloads.Tag tag = Payloads.verifyTagged(SEED, message);
        assertEquals(next.getOrDefault(tag.sender(), 0L), tag.seq(), () -> "out of order: " + tag);
        next.put(tag.sender(), tag.seq() + 1);
    }

    @Test
    void aSenderThatIsKilledWhileItWaitsLeavesItsRoomToOthers() throws Exception {
        PosixMessageQueue<byte[]> queue = create();
        try (PosixMessageReceiver<byte[]> in = queue.openReceiver();
                PosixMessageSender<byte[]> out = queue.openSender();
                ChildJvm child = Children.start(ChildMain.launcher(Sends.class, address, 0))) {
            Await.until("full", () -> queue.status().messages() == PosixNames.OPTIONS.depth());
            try (Worker<Boolean> waiter = Worker.run(() -> out.send(message(SURVIVOR, 0)))) {
                waiter.awaitBlocked();
                child.kill();
                child.awaitExit();
                Map<Integer, Long> next = new HashMap<>();
                for (int i = 0; i <= PosixNames.OPTIONS.depth(); i++) {
                    expectNext(in.tryReceive(Await.LONG), next);
                }
                waiter.result();
                assertEquals(1, next.get(SURVIVOR));
            }
        }
    }

    // ---- a receiver

    @RepeatedTest(3)
    void whatAKilledReceiverHasNotTakenGoesToAnother() throws Exception {
        PosixMessageQueue<byte[]> queue = create();
        AtomicLong sent = new AtomicLong();
        try (PosixMessageSender<byte[]> out = queue.openSender()) {
            try (ChildJvm child = Children.start(ChildMain.launcher(Receives.class, address));
                    Worker<Boolean> writer = Worker.run(() -> {
                        while (true) {
                            out.send(message(0, sent.get()));
                            sent.incrementAndGet();
                        }
                    })) {
                Await.until("it flows", () -> sent.get() > 500);
                child.kill();
                child.awaitExit();
                writer.awaitBlocked(); // nobody is told: the queue is full, and waits for whoever comes
                assertEquals(PosixNames.OPTIONS.depth(), queue.status().messages());
                try (PosixMessageReceiver<byte[]> in = queue.openReceiver()) {
                    long seq = -1;
                    for (int i = 0; i < 500; i++) {
                        Payloads.Tag tag = Payloads.verifyTagged(SEED, in.receive());
                        assertTrue(seq < 0 || tag.seq() == seq + 1, "a hole behind message " + seq + ": " + tag);
                        seq = tag.seq();
                    }
                }
            }
        }
    }

    @Test
    void aReceiverThatIsKilledWhileItWaitsTakesNothing() throws Exception {
        PosixMessageQueue<byte[]> queue = create();
        try (PosixMessageSender<byte[]> out = queue.openSender();
                PosixMessageReceiver<byte[]> in = queue.openReceiver();
                ChildJvm child = Children.start(ChildMain.launcher(Receives.class, address));
                Worker<byte[]> waiter = Worker.call(in::receive).awaitBlocked()) {
            child.kill();
            child.awaitExit();
            out.send(message(SURVIVOR, 0));
            assertEquals(SURVIVOR, Payloads.verifyTagged(SEED, waiter.result()).sender());
        }
    }

    /** It is there for whoever uses it that nobody dead has it open. */
    @Test
    void aStoppedReceiverKeepsNobodyFromTheQueue() throws Exception {
        PosixMessageQueue<byte[]> queue = create();
        try (PosixMessageSender<byte[]> out = queue.openSender();
                PosixMessageReceiver<byte[]> in = queue.openReceiver();
                ChildJvm child = Children.start(ChildMain.launcher(Receives.class, address))) {
            assertEquals(List.of(child.pid()), Ipc.scheme("posixmq").users(address));
            Children.stop(child);
            out.send(message(SURVIVOR, 0)); // the stopped one waits in the kernel, and has been given it
            out.send(message(SURVIVOR, 1));
            assertNotNull(in.tryReceive(Await.LONG));
            Children.goOn(child);
            Await.until("it goes on", () -> {
                out.send(message(SURVIVOR, 2));
                return true;
            });
        }
    }

    // ---- a creator

    @Test
    void oneThatIsKilledWhileItMakesAQueueIsInNobodysWay() throws Exception {
        new KillWalk().watching(RuntimeDirectory.path().resolve("registry")).walk(victim -> {
            try (ChildJvm child = victim.start(Makes.class, address)) {
                boolean killed = victim.awaitEnd(child);
                PosixMessageQueue<byte[]> queue =
                        PosixMessageQueue.openOrCreate(address, Codecs.bytes(), PosixNames.OPTIONS);
                try (PosixMessageSender<byte[]> out = queue.openSender();
                        PosixMessageReceiver<byte[]> in = queue.openReceiver()) {
                    out.send(new byte[1]);
                    in.receive();
                }
                Object mode = Ipc.inspect(address).get("mode");
                assertTrue(killed ? List.of("0600", "0640").contains(mode) : "0640".equals(mode), "mode " + mode);
                assertTrue(Ipc.list("posixmq").contains(address));
                assertTrue(PosixMessageQueue.remove(address));
                Ipc.scheme("posixmq").removeStale(false); // a record that was half written
            }
        });
    }
}
