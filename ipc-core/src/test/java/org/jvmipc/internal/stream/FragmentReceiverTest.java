package org.jvmipc.internal.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.CorruptDataException;
import org.jvmipc.LimitException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Worker;

/** What comes in fragments of several senders, also of hostile ones, in the three kinds of traffic. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@SuppressWarnings("try") // what is closed early is closed again by the end of its block
class FragmentReceiverTest {
    private static final FragmentImages A = FragmentImages.foreign(1);
    private static final FragmentImages B = FragmentImages.foreign(2);
    private static final byte[] GARBAGE = new byte[10];

    private RawFifo fifo;

    @BeforeEach
    void makeFifo() throws Exception {
        fifo = new RawFifo();
    }

    @AfterEach
    void removeFifo() throws Exception {
        fifo.close();
    }

    private interface Session {
        void run(FragmentReceiver<byte[]> receiver, RawFifo.Injector out) throws Exception;
    }

    private void with(FifoTraffic traffic, Session session) throws Exception {
        try (FragmentReceiver<byte[]> receiver = fifo.receiver(traffic);
                RawFifo.Injector out = fifo.injector()) {
            session.run(receiver, out);
        }
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static void expect(FragmentReceiver<byte[]> receiver, int... values) throws Exception {
        assertArrayEquals(bytes(values), receiver.tryReceive());
    }

    private static String corruption(FragmentReceiver<byte[]> receiver) {
        return String.valueOf(
                assertThrows(CorruptDataException.class, receiver::tryReceive).getMessage());
    }

    @Test
    void fragmentsOfSeveralSendersAreSortedOut() throws Exception {
        with(FifoTraffic.MANY_SENDERS, (receiver, out) -> {
            out.write(A.hello(0), A.part(0, 0, 3, bytes(1)), B.part(7, 0, 2, bytes(10)), A.part(0, 1, 3, bytes(2)));
            assertNull(receiver.tryReceive());
            out.write(B.part(7, 1, 2, bytes(11)), B.message(8, bytes(12)), A.part(0, 2, 3, bytes(3)));
            expect(receiver, 10, 11);
            expect(receiver, 12);
            expect(receiver, 1, 2, 3);
            assertNull(receiver.tryReceive());
        });
    }

    @Test
    void batchIsSeveralMessagesAndOneOfTheSequence() throws Exception {
        with(FifoTraffic.MANY_SENDERS, (receiver, out) -> {
            out.write(A.batch(0, bytes(1), bytes(), bytes(2, 3)), A.batch(1), A.message(2));
            expect(receiver, 1);
            expect(receiver);
            expect(receiver, 2, 3);
            expect(receiver);
            assertNull(receiver.tryReceive());
        });
    }

    @Test
    void fragmentThatComesByteByByteIsReceivedWhenWhole() throws Exception {
        with(FifoTraffic.ONE_SENDER, (receiver, out) -> {
            for (byte single : A.message(0, bytes(1, 2))) {
                assertNull(receiver.tryReceive());
                out.write(new byte[] {single});
            }
            expect(receiver, 1, 2);
        });
    }

    @Test
    void newSequenceNumberDropsWhatWasNotFinished() throws Exception {
        with(FifoTraffic.MANY_SENDERS, (receiver, out) -> {
            out.write(A.part(0, 0, 3, bytes(1, 2)), A.message(1, bytes(9)));
            expect(receiver, 9);
            out.write(A.part(2, 0, 3, bytes(1, 2)), A.part(3, 0, 2, bytes(4)), A.part(3, 1, 2, bytes(5)));
            expect(receiver, 4, 5);
        });
    }

    @Test
    void revokedFragmentIsDroppedWithThePartsBeforeIt() throws Exception {
        with(FifoTraffic.ONE_SENDER, (receiver, out) -> {
            out.write(FragmentImages.revoked(A.message(0, bytes(1))), A.part(1, 0, 2, bytes(2)));
            out.write(FragmentImages.revoked(A.part(1, 1, 2, bytes(3))), A.message(2, bytes(4)));
            expect(receiver, 4);
            assertNull(receiver.tryReceive());
        });
    }

    @Test
    void messageWhoseBeginningWasAnotherReadersIsPassedOver() throws Exception {
        with(FifoTraffic.MANY_SENDERS, (receiver, out) -> {
            byte[] lost = A.part(4, 0, 3, bytes(1));
            out.write(Arrays.copyOfRange(lost, 20, lost.length)); // the reader before died with its beginning
            out.write(A.part(4, 1, 3, bytes(2)), B.message(0, bytes(5)), A.part(4, 2, 3, bytes(3)));
            out.write(A.message(5, bytes(6)));
            expect(receiver, 5);
            expect(receiver, 6);
        });
    }

    @Test
    void missingMessageIsToldOnceAndTheNextIsReceived() throws Exception {
        with(FifoTraffic.MANY_SENDERS, (receiver, out) -> {
            out.write(A.message(0, bytes(1)), A.message(2, bytes(3)), A.message(3, bytes(4)));
            expect(receiver, 1);
            assertTrue(corruption(receiver).contains("missing"));
            expect(receiver, 3);
            expect(receiver, 4);
        });
    }

    @Test
    void goodbyeOfASenderWithMessagesMissingIsTold() throws Exception {
        with(FifoTraffic.MANY_SENDERS, (receiver, out) -> {
            out.write(A.message(0, bytes(1)), A.end(3));
            expect(receiver, 1);
            assertTrue(corruption(receiver).contains("missing"));
        });
    }

    @Test
    void partsThatDoNotFitTogetherAreNoMessage() throws Exception {
        with(FifoTraffic.MANY_SENDERS, (receiver, out) -> {
            out.write(A.part(0, 0, 9, bytes(1)), A.part(0, 1, 2, bytes(2))); // its length has changed
            assertTrue(corruption(receiver).contains("missing"));
            out.write(B.part(0, 0, 3, bytes(1)), B.part(0, 2, 3, bytes(3)));
            assertTrue(corruption(receiver).contains("missing"));
            out.write(A.message(1, bytes(8)), B.message(1, bytes(9)));
            expect(receiver, 8);
            expect(receiver, 9);
        });
    }

    @Test
    void damageIsToldOnceAndTheNextFragmentReceived() throws Exception {
        with(FifoTraffic.MANY_SENDERS, (receiver, out) -> {
            out.write(A.message(0, bytes(1)), GARBAGE, GARBAGE, A.message(1, bytes(2)));
            expect(receiver, 1);
            assertTrue(corruption(receiver).contains("20 bytes"));
            expect(receiver, 2);
            out.write(GARBAGE); // with nothing behind it
            assertTrue(corruption(receiver).contains("10 bytes"));
            assertNull(receiver.tryReceive());
        });
    }

    @Test
    void wrongChecksumIsDamage() throws Exception {
        with(FifoTraffic.MANY_SENDERS, (receiver, out) -> {
            byte[] wrong = A.message(1, bytes(1, 2, 3));
            wrong[49] ^= 1;
            out.write(A.message(0), wrong, A.message(2, bytes(7)));
            expect(receiver);
            assertTrue(corruption(receiver).contains("checksum"));
            assertTrue(corruption(receiver).contains("missing"));
            expect(receiver, 7);
        });
    }

    @Test
    void headersOutOfRangeAreDamage() throws Exception {
        byte[] good = A.message(1, bytes(1, 2, 3));
        int[][] changes = { // offset in the header, value of that byte
            {0, 4},
            {1, 0xff},
            {3, 0x80},
            {4, 0},
            {4, 5},
            {4, 2},
            {5, 1},
            {6, 0},
            {11, 0x80},
            {23, 0x80},
            {31, 0x80},
            {32, 1},
            {35, 0x80},
            {36, 2},
            {44, 1}
        };
        for (int[] change : changes) {
            byte[] wrong = good.clone();
            wrong[change[0]] = (byte) change[1];
            byte[] bad =
                    change[0] == 4 && change[1] == 2 ? A.fragment(FragmentImages.END, 1, 0, 3, bytes(1, 2, 3)) : wrong;
            with(FifoTraffic.MANY_SENDERS, (receiver, out) -> {
                out.write(A.message(0), FragmentImages.sealed(bad.clone()), B.message(0, bytes(7)));
                expect(receiver);
                String fault = corruption(receiver);
                assertTrue(fault.contains("passed over"), () -> Arrays.toString(change) + " " + fault);
                expect(receiver, 7);
            });
        }
    }

    @Test
    void messagesBehindABeginningThatIsNoneAreReceived() throws Exception {
        with(FifoTraffic.MANY_SENDERS, (receiver, out) -> {
            byte[] large = B.message(0, new byte[3000]);
            out.write(A.message(0, bytes(1)), Arrays.copyOf(large, 60), A.message(1, bytes(2)), A.message(2, bytes(3)));
            expect(receiver, 1);
            assertTrue(corruption(receiver).contains("60 bytes"));
            expect(receiver, 2);
            expect(receiver, 3);
        });
    }

    @Test
    void messageOverTheReceiversLimitIsDroppedAndTheNextReceived() throws Exception {
        try (FragmentReceiver<byte[]> receiver = fifo.receiver(FifoTraffic.MANY_SENDERS, 10, 0);
                FramedSender<byte[]> sender = fifo.sender(FifoTraffic.MANY_SENDERS)) {
            sender.send(new byte[11]);
            sender.send(new byte[20_000]);
            sender.send(new byte[10]);
            for (int i = 0; i < 2; i++) {
                assertEquals(
                        "maxMessageBytes",
                        assertThrows(LimitException.class, receiver::receive).limit());
            }
            assertEquals(10, receiver.receive().length);
        }
    }

    /** What is incomplete is bounded altogether: who has not gone on for longest loses its message, and is told of. */
    @Test
    void incompleteMessagesTogetherAreBoundedInMemory() throws Exception {
        int part = 4000;
        try (FragmentReceiver<byte[]> receiver = fifo.receiver(FifoTraffic.MANY_SENDERS, 2 * part, 0);
                RawFifo.Injector out = fifo.injector()) {
            FragmentImages[] senders = new FragmentImages[3];
            for (int i = 0; i < senders.length; i++) { // room for two
                senders[i] = FragmentImages.foreign(i);
                out.write(senders[i].part(0, 0, 2 * part, new byte[part]));
            }
            for (FragmentImages sender : senders) {
                out.write(sender.part(0, part, 2 * part, new byte[part]), sender.message(1, bytes(sender.sender())));
            }
            LimitException limit = assertThrows(LimitException.class, receiver::tryReceive);
            assertEquals("bytes of incomplete messages", limit.limit());
            expect(receiver, 0);
            for (int i = 1; i < senders.length; i++) {
                assertArrayEquals(new byte[2 * part], receiver.tryReceive());
                expect(receiver, i);
            }
        }
    }

    @Test
    void oneSenderTooManyIsToldAndTheOthersGoOn() throws Exception {
        with(FifoTraffic.MANY_SENDERS, (receiver, out) -> {
            for (int i = 0; i < FragmentSources.MOST; i++) {
                out.write(FragmentImages.foreign(i).message(0, bytes(i)));
                expect(receiver, (byte) i);
            }
            FragmentImages late = FragmentImages.foreign(FragmentSources.MOST);
            out.write(late.part(0, 0, 2, bytes(1)), late.part(0, 1, 2, bytes(1)), A.message(1, bytes(7)));
            assertEquals(
                    FragmentSources.MOST,
                    assertThrows(LimitException.class, receiver::tryReceive).value());
            expect(receiver, 7);
            out.write(A.end(2), late.message(1, bytes(8)));
            expect(receiver, 8);
        });
    }

    /** Their goodbyes are other readers', so nothing says that they have gone. */
    @Test
    void anyNumberOfSendersOfPacketsComeAndGo() throws Exception {
        with(FifoTraffic.PACKETS, (receiver, out) -> {
            for (int i = 0; i < 2 * FragmentSources.MOST; i++) {
                out.write(FragmentImages.foreign(i).message(0, bytes(i)));
                expect(receiver, (byte) i);
            }
        });
    }

    @Test
    void packetThatIsAPartIsRefused() throws Exception {
        with(FifoTraffic.PACKETS, (receiver, out) -> {
            out.write(A.part(0, 0, 2, bytes(1)), A.message(5, bytes(2)));
            assertTrue(corruption(receiver).contains("part"));
            expect(receiver, 2);
        });
    }

    /** Noise without a pause must hold up neither a close nor an interrupt. */
    @Test
    void noiseWithoutEndHoldsUpNothing() throws Exception {
        try (FragmentReceiver<byte[]> receiver = fifo.receiver(FifoTraffic.ONE_SENDER);
                RawFifo.Injector out = fifo.injector()) {
            out.write(A.message(0, bytes(1)));
            expect(receiver, 1);
            AtomicBoolean stop = new AtomicBoolean();
            AtomicLong written = new AtomicLong();
            NativeBuffer noise = new NativeBuffer(60_000);
            try (Worker<Boolean> writer = Worker.run(() -> {
                        while (!stop.get()) {
                            written.addAndGet(Math.max(0, out.fd().write(noise, 0, noise.capacity())));
                        }
                    });
                    Worker<Boolean> first = Worker.run(() -> receiveThroughDamage(receiver))) {
                awaitFlow(written);
                first.interrupt();
                first.failure(InterruptedException.class);
                try (Worker<Boolean> second = Worker.run(() -> receiveThroughDamage(receiver))) {
                    awaitFlow(written);
                    receiver.close();
                    second.failure(ClosedChannelException.class);
                }
                stop.set(true);
                writer.result();
            }
        }
    }

    /** More is written than the pipe holds, so somebody is reading it. */
    private static void awaitFlow(AtomicLong written) throws Exception {
        long enough = written.get() + 3L * RawFifo.CAPACITY;
        Await.until("noise is read", () -> written.get() > enough);
    }

    private static void receiveThroughDamage(FragmentReceiver<byte[]> receiver) throws Exception {
        while (true) {
            try {
                receiver.receive();
            } catch (CorruptDataException e) {
                // told whenever the writer is slower for a moment
            }
        }
    }

    @Test
    void closeEndsAReceiveThatWaits() throws Exception {
        try (FragmentReceiver<byte[]> receiver = fifo.receiver(FifoTraffic.MANY_SENDERS);
                FramedSender<byte[]> sender = fifo.sender(FifoTraffic.MANY_SENDERS);
                Worker<byte[]> reader = Worker.call(receiver::receive)) {
            reader.awaitBlocked();
            receiver.close();
            reader.failure(AsynchronousCloseException.class);
            assertThrows(PeerGoneException.class, () -> sender.send(new byte[1]));
        }
    }
}
