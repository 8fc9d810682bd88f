package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Codecs;
import org.jvmipc.PeerGoneException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Seam;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.FaultSeam;
import org.jvmipc.testkit.KillWalk;
import org.jvmipc.testkit.MemoryDirectory;
import org.jvmipc.testkit.Payloads;
import org.jvmipc.testkit.Strike;

/** What a ring asks of the kernel: nothing for a message; what if it refuses; what if the process dies there. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RingCallsIT {
    private static final long SEED = 3;

    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    private Path path() {
        return directory.resolve("r");
    }

    /** Passes many messages in every form, with no call to the kernel. */
    static final class PassesMany implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            try (SharedRing ring = SharedRing.create(Path.of(arguments[0]), RingOptions.defaults());
                    RingReceiver<ByteBuffer> in = ring.openReceiver(Codecs.buffers());
                    RingSender<ByteBuffer> out = ring.openSender(Codecs.buffers())) {
                ByteBuffer message = ByteBuffer.allocateDirect(64);
                out.send(message);
                assertNotNull(in.receive());
                try (Strike calls = Strike.counting().arm()) {
                    for (int i = 0; i < 50_000; i++) {
                        out.send(message);
                        assertNotNull(in.receive());
                        try (Claim claim = out.claim(8)) {
                            claim.commit();
                        }
                        assertEquals(1, in.drainInPlace(each -> {}, 10));
                        assertNull(in.tryReceive());
                    }
                    assertEquals(List.of(), calls.calls());
                }
            }
        }
    }

    @Test
    void aMessageTakesNoSystemCallWhileNobodySleeps() throws Exception {
        try (ChildJvm child = FaultSeam.launcher(PassesMany.class, path()).start()) {
            Children.assertExit(0, child);
        }
        SharedRing.remove(path());
    }

    /** A kernel without {@code membarrier(2)}, or a filter that forbids it. */
    public static final class NoMembarrier implements Seam.Hook {
        /** For the seam. */
        public NoMembarrier() {}

        @Override
        public int before(String call) {
            return call.startsWith("membarrier") ? Errno.EPERM : 0;
        }

        @Override
        public void after(String call, long result) {}
    }

    @Test
    void oneSideMayBeWithoutMembarrier() throws Exception {
        JvmLauncher launcher =
                ChildMain.launcher("echo").jvmArguments("-D" + Seam.PROPERTY + "=" + NoMembarrier.class.getName());
        Path back = directory.resolve("back");
        RingOptions options = RingOptions.defaults().withWaiting(RingWaiting.SLEEP);
        try (SharedRing there = SharedRing.create(path(), options);
                SharedRing here = SharedRing.create(back, options)) {
            launcher.handOver(ChildMain.IN, there.address().with("waiting", "sleep"));
            launcher.handOver(ChildMain.OUT, here.address().with("waiting", "sleep"));
            try (RingReceiver<byte[]> in = here.openReceiver(Codecs.bytes());
                    RingSender<byte[]> out = there.openSender(Codecs.bytes());
                    ChildJvm child = Children.start(launcher)) {
                for (int seq = 0; seq < 5_000; seq++) {
                    byte[] message = Payloads.bytes(SEED, seq, 40);
                    out.send(message);
                    assertArrayEquals(message, in.tryReceive(Await.LONG));
                }
                assertTrue(child.isAlive());
            }
        }
        SharedRing.remove(path());
        SharedRing.remove(back);
    }

    // ---- killed at any call

    /** Makes or opens a ring, sends, receives, waits for what does not come, leaves. */
    static final class Uses implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            FaultSeam.underKill(() -> {
                RingOptions options = RingOptions.defaults().withCapacity(4096).withWaiting(RingWaiting.SLEEP);
                try (SharedRing ring = SharedRing.openOrCreate(Path.of(arguments[0]), options);
                        RingReceiver<byte[]> in = ring.openReceiver(Codecs.bytes());
                        RingSender<byte[]> out = ring.openSender(Codecs.bytes())) {
                    for (int seq = 0; seq < 3; seq++) {
                        out.send(Payloads.bytes(SEED, seq, 100));
                    }
                    Payloads.verify(SEED, 0, 100, in.receive());
                    Payloads.verify(SEED, 1, 100, in.receive());
                    Payloads.verify(SEED, 2, 100, in.receive());
                    assertNull(in.tryReceive(Duration.ofMillis(1)));
                    while (out.trySend(new byte[100], Duration.ofMillis(1))) {
                        // until it is full
                    }
                }
            });
        }
    }

    @Test
    void whoeverComesAfterOneThatWasKilledAtACallFindsAllInOrder() throws Exception {
        int kills = new KillWalk().walk(victim -> {
            victim.awaitEnd(victim.start(Uses.class, path()));
            assertAllIsInOrder();
            assertTrue(SharedRing.remove(path()));
        });
        assertTrue(kills > 0);
    }

    private void assertAllIsInOrder() throws Exception {
        RingOptions options = RingOptions.defaults().withCapacity(4096);
        try (SharedRing ring = SharedRing.openOrCreate(path(), options);
                RingReceiver<byte[]> in = ring.openReceiver(Codecs.bytes());
                RingSender<byte[]> out = ring.openSender(Codecs.bytes())) {
            for (byte[] left = in.tryReceive(); left != null; left = in.tryReceive()) {
                assertEquals(100, left.length);
            }
            for (int seq = 0; seq < 100; seq++) {
                assertTrue(out.trySend(Payloads.bytes(SEED, seq, 77), Await.LONG));
                byte[] message = in.tryReceive(Await.LONG);
                assertNotNull(message);
                Payloads.verify(SEED, seq, 77, message);
            }
        } catch (PeerGoneException e) {
            throw new AssertionError("there was a sender all the time", e);
        }
    }
}
