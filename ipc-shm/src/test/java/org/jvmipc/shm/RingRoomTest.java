package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Codecs;
import org.jvmipc.testkit.MemoryDirectory;
import org.jvmipc.testkit.Worker;

/** What was taken is room, whether or not the receiver has looked for more; and a claim is its thread's own. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RingRoomTest {
    private static final int CAPACITY = 1024;

    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    private Path path() {
        return directory.resolve("r");
    }

    private SharedRing ring(RingOptions options) throws Exception {
        return SharedRing.create(path(), options.withCapacity(CAPACITY));
    }

    @AfterEach
    void removeTheRing() throws Exception {
        SharedRing.remove(path());
    }

    @Test
    void whatWasTakenIsRoomThoughTheReceiverNeverFoundNothing() throws Exception {
        for (RingFullPolicy policy : new RingFullPolicy[] {RingFullPolicy.BLOCK, RingFullPolicy.FAIL}) {
            try (SharedRing ring = ring(RingOptions.defaults().withWhenFull(policy));
                    RingReceiver<byte[]> in = ring.openReceiver(Codecs.bytes());
                    RingSender<byte[]> out = ring.openSender(Codecs.bytes())) {
                out.send(new byte[400]);
                out.send(new byte[104]);
                assertEquals(400, in.receive().length);
                assertEquals(104, in.receive().length);
                assertTrue(out.trySend(new byte[504])); // 496 bytes of padding, and nearly all of the ring
                assertEquals(504, in.receive().length);
            }
            SharedRing.remove(path());
        }
    }

    @Test
    void aSenderThatSleepsIsToldOfEveryMessageThatIsTaken() throws Exception {
        try (SharedRing ring = ring(RingOptions.defaults().withWaiting(RingWaiting.SLEEP));
                RingReceiver<byte[]> in = ring.openReceiver(Codecs.bytes());
                RingSender<byte[]> out = ring.openSender(Codecs.bytes())) {
            while (out.trySend(new byte[56])) {
                // until it is full
            }
            for (int i = 0; i < 20; i++) {
                try (Worker<Boolean> sender = Worker.run(() -> out.send(new byte[56]))) {
                    sender.awaitBlocked();
                    assertNotNull(in.tryReceive()); // less than the eighth after which it tells in any case
                    sender.result();
                }
            }
        }
    }

    @Test
    void theEndOfAClaimDoesNotEndAnotherThreads() throws Exception {
        try (SharedRing ring = ring(RingOptions.defaults());
                RingReceiver<byte[]> in = ring.openReceiver(Codecs.bytes());
                RingSender<byte[]> out = ring.openSender(Codecs.bytes())) {
            for (int i = 0; i < 20; i++) { // by every way into the ring's end
                Claim first = out.claim(8);
                first.commit();
                CountDownLatch claimed = new CountDownLatch(1);
                CountDownLatch over = new CountDownLatch(1);
                try (Worker<Boolean> other = Worker.run(() -> {
                    try (Claim second = out.claim(16)) {
                        claimed.countDown();
                        over.await();
                        second.commit();
                    }
                })) {
                    claimed.await();
                    first.close(); // it was committed, and the sender is the other thread's by now
                    assertThrows(IllegalStateException.class, first::commit);
                    assertFalse(out.trySend(new byte[1]));
                    over.countDown();
                    other.result();
                }
                assertThrows(ClosedChannelException.class, first::commit);
                assertEquals(8, in.receive().length);
                assertEquals(16, in.receive().length);
            }
        }
    }

    @Test
    void aCloseGetsOutWhoWaitsBehindAClaim() throws Exception {
        try (SharedRing ring = ring(RingOptions.defaults());
                RingReceiver<byte[]> in = ring.openReceiver(Codecs.bytes())) {
            for (int i = 0; i < 10; i++) { // by every way into the ring's end
                try (RingSender<byte[]> out = ring.openSender(Codecs.bytes());
                        Claim claim = out.claim(8)) {
                    try (Worker<Boolean> sender =
                                    Worker.run(() -> out.send(new byte[1])).awaitBlocked();
                            Worker<Boolean> closer = Worker.run(out::close)) {
                        sender.failure(AsynchronousCloseException.class, Duration.ofSeconds(10));
                        closer.result();
                    }
                    claim.commit();
                }
                assertEquals(8, in.receive().length);
            }
        }
    }
}
