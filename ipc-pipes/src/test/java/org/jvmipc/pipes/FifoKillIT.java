package org.jvmipc.pipes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
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
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.FaultSeam;
import org.jvmipc.testkit.KillWalk;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Payloads;

/** A child that uses a FIFO dies at any of its native calls: the others go on, and nobody has to tidy up. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FifoKillIT implements NoLeaks.WarmUp {
    private static final long SEED = 5;
    private static final int[] SIZES = {10, 0, 200_000, 4096, 12};
    private static final String SENT = "sent";

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
            new KillWalk().watching(directory).walk(victim -> {
                try (ChildJvm child = victim.start(Sends.class, path())) {
                    boolean killed = victim.awaitEnd(child);
                    survivor.send(new byte[] {77});
                    int received = receiveOf(in, child, killed);
                    long sent =
                            child.lastErrorLines().stream().filter(SENT::equals).count();
                    assertTrue(received >= sent, () -> received + " came of " + sent + " that were sent");
                }
            });
        }
    }

    /** The messages of the child, in order, then perhaps its death, and the survivor's message wherever it is. */
    private static int receiveOf(FifoReceiver<byte[]> in, ChildJvm child, boolean killed) throws Exception {
        int count = 0;
        boolean survived = false;
        boolean died = false;
        while (true) {
            byte[] got;
            try {
                got = in.tryReceive();
            } catch (PeerGoneException e) {
                assertTrue(killed && !died && e.reason() == Reason.DIED, e::toString);
                assertEquals(child.pid(), e.pid().orElse(0));
                died = true;
                continue;
            }
            if (got == null && survived && (died || !killed || count == 0)) {
                assertTrue(killed || count == SIZES.length);
                return count;
            }
            if (got == null) {
                got = in.tryReceive(Await.LONG.dividedBy(20)); // the watch may need a moment to tell of the death
                if (got == null) {
                    assertTrue(survived, "the survivor's message is lost");
                    return count; // killed before it had said hello, or behind its goodbye
                }
            }
            if (got.length == 1 && got[0] == 77) {
                survived = true;
            } else {
                assertArrayEquals(message(count), got);
                count++;
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
            opened = fifo.tryOpenSender(Codecs.bytes(), java.time.Duration.ofMillis(20));
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
        for (Lifetime lifetime : Lifetime.values()) {
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
