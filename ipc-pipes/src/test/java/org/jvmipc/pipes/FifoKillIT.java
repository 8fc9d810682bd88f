package org.jvmipc.pipes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Codecs;
import org.jvmipc.Lifetime;
import org.jvmipc.PeerGoneException;
import org.jvmipc.PeerGoneException.Reason;
import org.jvmipc.internal.RuntimeDirectory;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Campaign;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.FaultSeam;
import org.jvmipc.testkit.KillWalk;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Payloads;
import org.jvmipc.testkit.Worker;

/** A child that uses a FIFO dies at any of its native calls: the others go on, and nobody has to tidy up. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FifoKillIT implements NoLeaks.WarmUp {
    private static final long SEED = 5;
    private static final int[] SIZES = {10, 0, 200_000, 4096, 12};
    private static final String SENT = "sent";
    private static final byte SURVIVOR = 77;
    private static final Duration MOMENT = Duration.ofMillis(300);

    @TempDir
    Path directory;

    private Path path() {
        return directory.resolve("f");
    }

    @Override
    public void warmUp() throws Exception {
        Fifo fifo = TemporaryFifos.create(FifoOptions.defaults());
        try (FifoReceiver<byte[]> receiver = fifo.openReceiver(Codecs.bytes());
                ChildJvm child = ChildMain.launcher(Sends.class, fifo.path()).start()) {
            receiver.receive();
            child.kill();
        } finally {
            TemporaryFifos.remove(fifo);
        }
    }

    @AfterEach
    void remove() throws Exception {
        Fifo.remove(path());
    }

    private static byte[] message(int seq) {
        return Payloads.bytes(SEED, seq, SIZES[seq]);
    }

    // ---- a sender

    static final class Sends implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            parent.ready();
            FaultSeam.underKill(() -> {
                try (FifoSender<byte[]> out = Fifo.open(Path.of(arguments[0])).openSender(Codecs.bytes())) {
                    for (int seq = 0; seq < SIZES.length; seq++) {
                        out.send(message(seq));
                        System.err.println(SENT);
                    }
                }
            });
        }
    }

    @Test
    void whatAKilledSenderHasSentArrivesAndItsDeathIsToldOnce() throws Exception {
        Fifo fifo = Fifo.create(path());
        try (FifoReceiver<byte[]> in = fifo.openReceiver(Codecs.bytes());
                FifoSender<byte[]> survivor = fifo.openSender(Codecs.bytes())) {
            for (int time = 0; time < 3; time++) { // what an end opens at its first waits is no leak of a round
                survivor.send(new byte[] {SURVIVOR});
                in.receive();
            }
            Set<Long> untold = new HashSet<>();
            new KillWalk().watching(directory).walk(victim -> {
                Received received = new Received(untold);
                try (ChildJvm child = victim.start(Sends.class, path());
                        Worker<Boolean> reader = Worker.run(() -> received.untilTheSurvivorsMessage(in))) {
                    boolean killed = victim.awaitEnd(child);
                    survivor.send(new byte[] {SURVIVOR});
                    reader.result();
                    received.rest(in, child, killed);
                    long sent =
                            child.lastErrorLines().stream().filter(SENT::equals).count();
                    assertTrue(received.count >= sent, () -> received.count + " came of " + sent + " that were sent");
                }
            });
        }
    }

    /** The child's messages, in order, then its death if it was killed in between. */
    private static final class Received {
        private final Set<Long> untold;
        private int count;
        private @Nullable PeerGoneException death;

        /** Of the children before, the deaths may be told late. */
        Received(Set<Long> untold) {
            this.untold = untold;
        }

        void untilTheSurvivorsMessage(FifoReceiver<byte[]> in) throws Exception {
            while (true) {
                try {
                    byte[] got = in.receive();
                    if (got.length == 1 && got[0] == SURVIVOR) {
                        return;
                    }
                    assertArrayEquals(message(count++), got);
                } catch (PeerGoneException e) {
                    died(e);
                }
            }
        }

        /** A death may be told behind the survivor's message; of who has said goodbye, or no hello, none is told. */
        void rest(FifoReceiver<byte[]> in, ChildJvm child, boolean killed) throws Exception {
            try {
                Duration patience = killed && count > 0 && count < SIZES.length ? Await.LONG : MOMENT;
                assertNull(death == null ? in.tryReceive(patience) : in.tryReceive(), "nothing comes any more");
            } catch (PeerGoneException e) {
                died(e);
            }
            if (death != null) {
                assertTrue(killed && death.reason() == Reason.DIED, death::toString);
                assertEquals(child.pid(), death.pid().orElse(0));
            } else {
                assertTrue(count == 0 || count == SIZES.length, () -> "nobody told of a death after " + count);
                untold.add(child.pid());
            }
        }

        private void died(PeerGoneException e) {
            if (!untold.remove(e.pid().orElse(0))) {
                assertNull(death, "told twice");
                death = e;
            }
        }
    }

    // ---- a receiver

    static final class Receives implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            parent.ready();
            FaultSeam.underKill(() -> {
                try (FifoReceiver<byte[]> in = Fifo.open(Path.of(arguments[0])).openReceiver(Codecs.bytes())) {
                    for (int seq = 0; seq < SIZES.length; seq++) {
                        assertArrayEquals(message(seq), in.receive());
                    }
                }
            });
        }
    }

    @Test
    void theNextReceiverTakesThePlaceOfAKilledOne() throws Exception {
        Fifo fifo = Fifo.create(path());
        new KillWalk().watching(directory).walk(victim -> {
            try (ChildJvm child = victim.start(Receives.class, path())) {
                sendUntilGone(fifo, child);
                victim.awaitEnd(child);
            }
            try (FifoReceiver<byte[]> in = fifo.openReceiver(Codecs.bytes());
                    FifoSender<byte[]> out = fifo.openSender(Codecs.bytes())) {
                out.send(message(0));
                assertArrayEquals(message(0), in.receive());
            }
        });
    }

    private static void sendUntilGone(Fifo fifo, ChildJvm child) throws Exception {
        FifoSender<byte[]> opened = null;
        while (opened == null && child.isAlive()) {
            opened = fifo.tryOpenSender(Codecs.bytes(), Duration.ofMillis(20));
        }
        if (opened == null) {
            return;
        }
        try (FifoSender<byte[]> out = opened) {
            for (int seq = 0; seq < SIZES.length; seq++) {
                out.send(message(seq));
            }
        } catch (PeerGoneException e) {
            assertEquals(Reason.DIED, e.reason());
        }
    }

    // ---- who makes and removes names

    static final class MakesAndRemoves implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            parent.ready();
            FifoOptions options = FifoOptions.defaults().withLifetime(Lifetime.valueOf(arguments[1]));
            FaultSeam.underKill(() -> {
                Fifo.create(Path.of(arguments[0]), options);
                Fifo.remove(Path.of(arguments[0]));
                Fifo.openOrCreate(Path.of(arguments[0]), options);
                Fifo.removeStale();
                Fifo.remove(Path.of(arguments[0]));
            });
        }
    }

    /** After each kill both the next use and the next cleaning work as if nothing had been. */
    @Test
    void whatAKilledMakerLeavesIsNobodysTrouble() throws Exception {
        for (Lifetime lifetime : Campaign.isOn() ? Lifetime.values() : new Lifetime[] {Lifetime.OWNED}) {
            int[] round = {0};
            new KillWalk()
                    .watching(directory, RuntimeDirectory.path().resolve("registry"))
                    .walk(victim -> {
                        try (ChildJvm child = victim.start(MakesAndRemoves.class, path(), lifetime)) {
                            victim.awaitEnd(child);
                        }
                        if (round[0]++ % 2 == 0 && lifetime == Lifetime.OWNED) {
                            Fifo.removeStale();
                            assertTrue(!Fifo.exists(path()), "its owner is dead");
                        }
                        Fifo fifo = Fifo.openOrCreate(path(), FifoOptions.defaults());
                        assertNull(fifo.tryOpenSender(Codecs.bytes()));
                        Fifo.remove(path());
                        Fifo.removeStale(); // what a killed writer of a record has left
                    });
        }
    }
}
