package org.jvmipc.pipes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Batch;
import org.jvmipc.Codecs;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.process.ChildFailedException;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.FaultSeam;
import org.jvmipc.testkit.FaultWalk;
import org.jvmipc.testkit.KillWalk;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Payloads;

/** Pipes to and from a child JVM: any native call of the parent fails once, any of the child is its last. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PipeChildSeamIT implements NoLeaks.WarmUp {
    private static final long SEED = 3;
    /** Of all messages in order: small ones, one of several frames, and some small ones as a batch. */
    private static final int[] SIZES = {10, 0, 200_000, 4096, 10, 11, 12, 13};

    private static final int BATCHED = 4;

    /** What a child prints when a send or the batch has returned. */
    private static final String SENT = "sent";

    @TempDir
    Path home;

    @Override
    public void warmUp() throws Exception {
        try (ChildJvm child = ChildMain.launcher("sleep").start()) {
            child.awaitReady();
        }
    }

    static byte[] message(int seq) {
        return Payloads.bytes(SEED, seq, SIZES[seq]);
    }

    private static void sendAll(Sender<byte[]> out, Runnable sent) throws IOException, InterruptedException {
        int batched = SIZES.length - BATCHED;
        for (int seq = 0; seq < batched; seq++) {
            out.send(message(seq));
            sent.run();
        }
        try (Batch<byte[]> batch = out.batch()) {
            for (int seq = batched; seq < SIZES.length; seq++) {
                batch.add(message(seq));
            }
        }
        sent.run();
    }

    /** Whole messages from the first on; how many came before the end. */
    private static int receiveAll(Receiver<byte[]> in) throws IOException, InterruptedException {
        int count = 0;
        try {
            while (true) {
                byte[] got = in.receive();
                assertTrue(count < SIZES.length, "more came than was sent");
                assertArrayEquals(message(count), got);
                count++;
            }
        } catch (PeerGoneException e) {
            boolean all = count == SIZES.length;
            assertTrue(all || e.reason() == PeerGoneException.Reason.DIED, e + " after " + count);
            return count;
        }
    }

    // ---- a child that is killed

    static final class Sends implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            parent.ready();
            FaultSeam.underKill(() -> {
                try (Sender<byte[]> out = parent.sender(Pipes.STDOUT, Codecs.bytes())) {
                    sendAll(out, () -> System.err.println(SENT));
                }
            });
        }
    }

    @Test
    void whatAKilledSenderHasSentArrivesWholeAndInOrder() throws Exception {
        new KillWalk().walk(victim -> {
            JvmLauncher launcher = victim.launcher(Sends.class);
            try (PipeReceiver<byte[]> in = Pipes.fromStdout(launcher, Codecs.bytes());
                    ChildJvm child = launcher.start()) {
                int received = receiveAll(in);
                victim.awaitEnd(child);
                long sent = child.lastErrorLines().stream().filter(SENT::equals).count();
                long acknowledged = sent > SIZES.length - BATCHED ? SIZES.length : sent;
                assertTrue(received >= acknowledged, () -> received + " came of " + acknowledged + " that were sent");
            }
        });
    }

    static final class Receives implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            parent.ready();
            FaultSeam.underKill(() -> {
                try (Receiver<byte[]> in = parent.receiver(Pipes.STDIN, Codecs.bytes())) {
                    if (receiveAll(in) != SIZES.length) {
                        throw new IOException("not all came");
                    }
                }
            });
        }
    }

    @Test
    @SuppressWarnings("try") // closes early on purpose
    void theSenderToAKilledReceiverIsToldOrHasSentAll() throws Exception {
        new KillWalk().walk(victim -> {
            JvmLauncher launcher = victim.launcher(Receives.class);
            try (PipeSender<byte[]> out = Pipes.toStdin(launcher, Codecs.bytes());
                    ChildJvm child = launcher.start()) {
                try {
                    sendAll(out, () -> {});
                } catch (PeerGoneException e) {
                    assertEquals(PeerGoneException.Reason.DIED, e.reason());
                }
                out.close();
                victim.awaitEnd(child);
            }
        });
    }

    @Test
    void aChildKilledWhileItStartsIsToldOf() throws Exception {
        new KillWalk().fromStart().walk(victim -> {
            JvmLauncher launcher = victim.launcher(Sends.class);
            try (PipeReceiver<byte[]> in = Pipes.fromStdout(launcher, Codecs.bytes());
                    PipeSender<byte[]> out = Pipes.toStdin(launcher, Codecs.bytes());
                    ChildJvm child = launcher.start()) {
                boolean ready = isReady(child);
                int received = receiveAll(in);
                assertTrue(ready || received == 0);
                assertTrue(out.isOpen());
                victim.awaitEnd(child);
            }
        });
    }

    private static boolean isReady(ChildJvm child) throws IOException, InterruptedException {
        try {
            child.awaitReady();
            return true;
        } catch (ChildFailedException e) {
            return false;
        }
    }

    // ---- a parent whose calls fail

    /** With a script instead of a JVM, which ends at once. */
    @Test
    void pipesArePromisedToAChild() throws Exception {
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
        new FaultWalk().walk(round -> {
            JvmLauncher launcher = ChildMain.launcher(Sends.class).javaHome(home);
            try (var toStdin = round.call(() -> Pipes.toStdin(launcher, Codecs.bytes()));
                    var fromStdout = round.call(() -> Pipes.fromStdout(launcher, Codecs.bytes()));
                    var toChild = round.call(() -> Pipes.toChild(launcher, "more", Codecs.bytes()));
                    var fromChild = round.call(() -> Pipes.fromChild(launcher, "back", Codecs.bytes()));
                    ChildJvm child = launcher.start()) {
                child.awaitExit();
                assertThrows(PeerGoneException.class, () -> toStdin.send(message(0)));
                assertThrows(PeerGoneException.class, fromStdout::receive);
                assertThrows(PeerGoneException.class, () -> toChild.send(message(0)));
                assertThrows(PeerGoneException.class, fromChild::receive);
            }
        });
    }
}
