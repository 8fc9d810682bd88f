package org.jvmipc.shm.internal.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.PeerGoneException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.shm.RingFullPolicy;
import org.jvmipc.shm.RingKind;
import org.jvmipc.shm.RingWaiting;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.shm.internal.RingShape;
import org.jvmipc.shm.internal.SegmentObjects;
import org.jvmipc.testkit.MemoryDirectory;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Payloads;

/** Positions pass 2^31, 2^32, 2^63 and 2^64 as they pass any other number; messages of every length, at every place of the ring. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RingPositionsTest {
    private static final int CAPACITY = 1024;
    private static final int LARGEST = RingShape.largestMessage(CAPACITY);
    private static final long SEED = 7;

    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    /** Both ends of a ring that begins at the position. */
    private final class Ring implements AutoCloseable {
        private final RingShape shape;
        private final Address address =
                Address.of("ring", directory.resolve("r").toString());

        private Ring(RingKind kind, long position) throws Exception {
            shape = new RingShape(kind, CAPACITY, 1, 1, LARGEST, RingFullPolicy.BLOCK);
            SegmentObjects.RING
                    .create(address, SegmentOptions.defaults(), shape.content(position))
                    .segment()
                    .close();
        }

        private SendingEnd<byte[]> sender() throws Exception {
            return SendingEnd.open(
                    SegmentObjects.RING.open(address), shape, Codecs.bytes(), Heading.NONE, RingWaiting.ADAPTIVE);
        }

        private ReceivingEnd<byte[]> receiver() throws Exception {
            return ReceivingEnd.open(SegmentObjects.RING.open(address), shape, Codecs.bytes(), RingWaiting.ADAPTIVE);
        }

        @Override
        public void close() throws IOException {
            SegmentObjects.RING.remove(address);
        }
    }

    private static final long LAP = 4 * CAPACITY;

    @ParameterizedTest
    @ValueSource(longs = {0, (1L << 31) - LAP, (1L << 32) - LAP, Long.MAX_VALUE - 7 - LAP, -LAP})
    void allArrivesInOrderWhereverItLies(long begin) throws Exception {
        for (RingKind kind : new RingKind[] {RingKind.ONE_TO_ONE, RingKind.BROADCAST}) {
            try (Ring ring = new Ring(kind, begin)) {
                ReceivingEnd<byte[]> in = ring.receiver();
                SendingEnd<byte[]> out = ring.sender();
                Random random = new Random(SEED);
                long sent = 0;
                long received = 0;
                while (received < 3_000) {
                    for (int some = random.nextInt(20); some >= 0 && out.trySend(message(sent)); some--) {
                        sent++;
                    }
                    for (int some = random.nextInt(20); some >= 0 && received < sent; some--) {
                        byte[] message = in.tryReceive();
                        assertNotNull(message, "message " + received + " of " + sent + " is not there");
                        Payloads.verify(SEED, received, size(received), message);
                        received++;
                    }
                    assertTrue(sent - received <= CAPACITY / 8);
                }
                out.close();
                in.close();
            }
        }
    }

    /** Each of both begins where the last one has ended, a message in between. */
    @ParameterizedTest
    @ValueSource(longs = {0, (1L << 31) - LAP, (1L << 32) - LAP, Long.MAX_VALUE - 7 - LAP, -LAP})
    void newEndsGoOnWhereTheOldOnesWere(long begin) throws Exception {
        try (Ring ring = new Ring(RingKind.ONE_TO_ONE, begin)) {
            for (long seq = 0; seq < 200; seq++) {
                SendingEnd<byte[]> out = ring.sender();
                assertTrue(out.trySend(message(2 * seq)));
                assertTrue(out.send(message(2 * seq + 1), Deadline.NEVER, true));
                out.close();
                ReceivingEnd<byte[]> in = ring.receiver();
                Payloads.verify(SEED, 2 * seq, size(2 * seq), taken(in));
                in.close();
                ReceivingEnd<byte[]> next = ring.receiver();
                Payloads.verify(SEED, 2 * seq + 1, size(2 * seq + 1), taken(next));
                next.close();
            }
            ReceivingEnd<byte[]> in = ring.receiver();
            try {
                assertNull(in.tryReceive());
            } catch (PeerGoneException e) {
                assertEquals(PeerGoneException.Reason.CLOSED, e.reason());
            }
            in.close();
        }
    }

    private static byte[] taken(ReceivingEnd<byte[]> in) throws Exception {
        byte[] message = in.tryReceive();
        assertNotNull(message);
        return message;
    }

    private static int size(long seq) {
        return (Payloads.bytes(SEED, seq, 8)[3] & 0xff) * (LARGEST / 2) / 256;
    }

    private static byte[] message(long seq) {
        return Payloads.bytes(SEED, seq, size(seq));
    }
}
