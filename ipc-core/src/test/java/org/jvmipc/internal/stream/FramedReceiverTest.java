package org.jvmipc.internal.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.Batch;
import org.jvmipc.CorruptDataException;
import org.jvmipc.LimitException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.PeerGoneException.Reason;

/** What a hostile or dying sender can put on the wire. */
@Timeout(60)
class FramedReceiverTest {
    private static final int DAMAGED_IMAGES = 10_000;

    /** A frame as a sender in another language would make it. */
    private static byte[] frame(byte type, byte... payload) {
        byte[] bytes = new byte[FrameLayout.OVERHEAD_BYTES + payload.length];
        ByteBuffer frame = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int trailer = FrameLayout.HEADER_BYTES + payload.length;
        frame.putInt(0, payload.length).put(4, type).putShort(6, FrameLayout.MAGIC);
        frame.put(FrameLayout.HEADER_BYTES, payload);
        frame.putInt(trailer, FrameLayoutTest.bitwiseCrc32c(bytes, 0, trailer));
        return bytes;
    }

    private static Reason endOf(FramedReceiver<byte[]> receiver) {
        return assertThrows(PeerGoneException.class, receiver::receive).reason();
    }

    private static String corruptionAfter(byte[]... frames) throws Exception {
        try (RawPipe pipe = new RawPipe()) {
            FramedReceiver<byte[]> receiver = pipe.framedReceiver();
            for (byte[] frame : frames) {
                pipe.inject(frame);
            }
            CorruptDataException first = assertThrows(CorruptDataException.class, receiver::tryReceive);
            pipe.inject(frame(FrameLayout.MESSAGE, (byte) 1));
            assertThrows(
                    CorruptDataException.class, receiver::tryReceive, "a stream that was wrong is not trusted again");
            return String.valueOf(first.getMessage());
        }
    }

    @Test
    void frameOfAnotherLanguageIsReceived() throws Exception {
        try (RawPipe pipe = new RawPipe()) {
            pipe.inject(frame(FrameLayout.MESSAGE, (byte) 5, (byte) 6));
            assertArrayEquals(new byte[] {5, 6}, pipe.framedReceiver().receive());
        }
    }

    @Test
    void frameThatComesByteByByteIsReceivedWhenWhole() throws Exception {
        try (RawPipe pipe = new RawPipe()) {
            FramedReceiver<byte[]> receiver = pipe.framedReceiver();
            byte[] frame = frame(FrameLayout.MESSAGE, new byte[100]);
            for (int i = 0; i < frame.length; i++) {
                assertNull(receiver.tryReceive(), "byte " + i);
                pipe.inject(frame[i]);
            }
            assertArrayEquals(new byte[100], receiver.tryReceive());
        }
    }

    @Test
    void wrongMagicIsCorrupt() throws Exception {
        byte[] frame = frame(FrameLayout.MESSAGE);
        frame[6] = 0;
        assertTrue(corruptionAfter(frame).contains("magic"));
    }

    @Test
    void absurdLengthIsRefusedBeforeItsBytesCome() throws Exception {
        for (int length : new int[] {FrameLayout.MAX_PAYLOAD_BYTES + 1, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
            byte[] header = frame(FrameLayout.MESSAGE);
            ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putInt(0, length);
            assertTrue(corruptionAfter(header).contains(Integer.toUnsignedString(length)));
        }
    }

    @Test
    void unknownTypeIsCorrupt() throws Exception {
        for (byte type : new byte[] {0, 8, 127, -1}) {
            assertTrue(corruptionAfter(frame(type)).contains("type is " + (type & 0xff)));
        }
    }

    @Test
    void wrongChecksumIsCorrupt() throws Exception {
        byte[] frame = frame(FrameLayout.MESSAGE, (byte) 1, (byte) 2);
        frame[9] ^= 4;
        assertTrue(corruptionAfter(frame).contains("checksum"));
    }

    @Test
    void partWithoutBeginningIsCorrupt() throws Exception {
        for (byte type : new byte[] {FrameLayout.MIDDLE, FrameLayout.LAST, FrameLayout.ABORT}) {
            assertTrue(corruptionAfter(frame(type)).contains("without a message begun"));
        }
    }

    @Test
    void otherFrameInsideAMessageIsCorrupt() throws Exception {
        for (byte type : new byte[] {FrameLayout.MESSAGE, FrameLayout.FIRST, FrameLayout.BATCH, FrameLayout.END}) {
            assertTrue(corruptionAfter(frame(FrameLayout.FIRST, (byte) 1), frame(type))
                    .contains("inside a message"));
        }
    }

    @Test
    void batchRecordBeyondItsFrameIsCorrupt() throws Exception {
        byte[][] payloads = {
            {1, 0, 0}, {2, 0, 0, 0, 9}, {-1, -1, -1, -1}, {-1, -1, -1, 127}, {0, 0, 0, 0, 7},
        };
        for (int i = 0; i < payloads.length; i++) {
            try (RawPipe pipe = new RawPipe()) {
                FramedReceiver<byte[]> receiver = pipe.framedReceiver();
                pipe.inject(frame(FrameLayout.BATCH, payloads[i]));
                if (i == 4) {
                    assertArrayEquals(new byte[0], receiver.tryReceive());
                }
                assertThrows(CorruptDataException.class, receiver::tryReceive);
                assertThrows(CorruptDataException.class, receiver::tryReceive);
            }
        }
    }

    @Test
    void emptyBatchIsNothing() throws Exception {
        try (RawPipe pipe = new RawPipe()) {
            FramedReceiver<byte[]> receiver = pipe.framedReceiver();
            pipe.inject(frame(FrameLayout.BATCH));
            assertNull(receiver.tryReceive());
            pipe.inject(frame(FrameLayout.MESSAGE, (byte) 3));
            assertArrayEquals(new byte[] {3}, receiver.receive());
        }
    }

    @Test
    void abortDropsThePart() throws Exception {
        try (RawPipe pipe = new RawPipe()) {
            FramedReceiver<byte[]> receiver = pipe.framedReceiver();
            pipe.inject(frame(FrameLayout.FIRST, (byte) 1));
            pipe.inject(frame(FrameLayout.ABORT));
            pipe.inject(frame(FrameLayout.MESSAGE, (byte) 2));
            assertArrayEquals(new byte[] {2}, receiver.receive());
        }
    }

    /** The frame as it is when its sender gave up before its last byte left. */
    private static byte[] revoked(byte type, byte... payload) {
        byte[] frame = frame(type, payload);
        frame[frame.length - 1] = (byte) ~frame[frame.length - 1];
        return frame;
    }

    @Test
    void revokedFrameIsDroppedWithThePartsBeforeIt() throws Exception {
        try (RawPipe pipe = new RawPipe()) {
            FramedReceiver<byte[]> receiver = pipe.framedReceiver();
            pipe.inject(revoked(FrameLayout.MESSAGE, (byte) 1));
            pipe.inject(revoked(FrameLayout.FIRST, (byte) 2));
            pipe.inject(frame(FrameLayout.FIRST, (byte) 3));
            pipe.inject(revoked(FrameLayout.MIDDLE, (byte) 4));
            pipe.inject(frame(FrameLayout.FIRST, (byte) 5));
            pipe.inject(revoked(FrameLayout.LAST, (byte) 6));
            pipe.inject(frame(FrameLayout.MESSAGE, (byte) 7));
            assertArrayEquals(new byte[] {7}, receiver.receive());
            assertNull(receiver.tryReceive());
        }
    }

    @Test
    void endOfStreamIsADeathWhereverItComes() throws Exception {
        byte[] whole = frame(FrameLayout.MESSAGE, (byte) 1, (byte) 2, (byte) 3);
        for (int cut = 0; cut <= whole.length; cut++) {
            RawPipe pipe = new RawPipe();
            try (pipe.reading;
                    FramedReceiver<byte[]> receiver = pipe.framedReceiver()) {
                pipe.inject(java.util.Arrays.copyOf(whole, cut));
                pipe.writing.close();
                if (cut == whole.length) {
                    assertEquals(3, receiver.receive().length);
                }
                assertEquals(Reason.DIED, endOf(receiver));
                assertEquals(Reason.DIED, endOf(receiver));
            }
        }
    }

    @Test
    void endOfStreamInsideALargeMessageIsADeathAndThePartIsDropped() throws Exception {
        RawPipe pipe = new RawPipe();
        try (FramedReceiver<byte[]> receiver = pipe.framedReceiver()) {
            pipe.inject(frame(FrameLayout.FIRST, new byte[1000]));
            pipe.inject(frame(FrameLayout.MIDDLE, new byte[1000]));
            pipe.writing.close();
            PeerGoneException gone = assertThrows(PeerGoneException.class, receiver::receive);
            assertEquals(Reason.DIED, gone.reason());
            assertTrue(String.valueOf(gone.getMessage()).contains("middle of a message"));
        }
    }

    @Test
    void goodbyeIsACloseForEver() throws Exception {
        RawPipe pipe = new RawPipe();
        try (FramedReceiver<byte[]> receiver = pipe.framedReceiver()) {
            pipe.inject(frame(FrameLayout.MESSAGE, (byte) 1));
            pipe.inject(frame(FrameLayout.END));
            assertEquals(1, receiver.receive().length);
            assertEquals(Reason.CLOSED, endOf(receiver));
            pipe.writing.close();
            assertEquals(Reason.CLOSED, endOf(receiver));
        }
    }

    @Test
    void messageOverTheReceiversLimitIsDroppedAndTheNextReceived() throws Exception {
        try (RawPipe pipe = new RawPipe()) {
            FramedReceiver<byte[]> receiver = pipe.framedReceiver(10);
            FramedSender<byte[]> sender = pipe.framedSender();
            sender.send(new byte[11]);
            sender.send(new byte[200_000]);
            sender.sendAll(List.of(new byte[12], new byte[10]));
            for (int i = 0; i < 3; i++) {
                LimitException limit = assertThrows(LimitException.class, receiver::receive);
                assertEquals("maxMessageBytes", limit.limit());
                assertEquals(10, limit.value());
            }
            assertEquals(10, receiver.receive().length);
        }
    }

    /** Every receive of a damaged stream answers a message that was sent, in order, or a typed error; and it ends. */
    @Test
    void damagedStreamsGiveAPrefixThenATypedError() throws Exception {
        byte[] wire = mixedStream();
        Random random = new Random(20221);
        for (int image = 0; image < DAMAGED_IMAGES; image++) {
            byte[] damaged = wire.clone();
            int at = random.nextInt(damaged.length);
            damaged[at] = (byte) (damaged[at] ^ (1 << random.nextInt(8)));
            if (image % 3 == 0) {
                damaged = java.util.Arrays.copyOf(damaged, random.nextInt(damaged.length));
            }
            assertPrefixThenError(damaged, "image " + image + ", byte " + at);
        }
    }

    private static final int MESSAGES = 12;

    private static byte[] message(int number) {
        byte[] message = new byte[number * 7];
        java.util.Arrays.fill(message, (byte) number);
        return message;
    }

    private static byte[] mixedStream() throws Exception {
        try (RawPipe pipe = new RawPipe()) {
            FramedSender<byte[]> sender = pipe.framedSender();
            List<byte[]> several = new ArrayList<>();
            for (int i = 0; i < MESSAGES / 2; i++) {
                several.add(message(i));
            }
            sender.sendAll(several);
            for (int i = MESSAGES / 2; i < MESSAGES - 1; i++) {
                sender.send(message(i));
            }
            ByteArrayOutputStream wire = new ByteArrayOutputStream();
            wire.write(pipe.contents());
            byte[] last = message(MESSAGES - 1);
            wire.write(frame(FrameLayout.FIRST, java.util.Arrays.copyOf(last, 30)));
            wire.write(frame(FrameLayout.MIDDLE));
            wire.write(frame(FrameLayout.LAST, java.util.Arrays.copyOfRange(last, 30, last.length)));
            wire.write(frame(FrameLayout.END));
            return wire.toByteArray();
        }
    }

    private static void assertPrefixThenError(byte[] damaged, String what) throws IOException {
        RawPipe pipe = new RawPipe();
        try (FramedReceiver<byte[]> receiver = pipe.framedReceiver()) {
            pipe.inject(damaged);
            pipe.writing.close();
            int count = 0;
            IOException end = null;
            while (end == null) {
                byte @Nullable [] message = null;
                try {
                    message = receiver.tryReceive();
                } catch (PeerGoneException | CorruptDataException e) {
                    end = e;
                }
                if (message != null) {
                    assertTrue(count < MESSAGES, what);
                    assertArrayEquals(message(count++), message, what);
                }
            }
            boolean whole = end instanceof PeerGoneException gone && gone.reason() == Reason.CLOSED;
            assertTrue(!whole || count == MESSAGES, what + ": an orderly end after " + count + " messages");
        }
    }

    @Test
    void batchOfManyFramesArrivesWhole() throws Exception {
        try (RawPipe pipe = new RawPipe()) {
            FramedReceiver<byte[]> receiver = pipe.framedReceiver();
            int count = 50_000;
            try (Batch<byte[]> batch = pipe.framedSender().batch()) {
                for (int i = 0; i < count / 5; i++) {
                    batch.add(new byte[] {(byte) i, (byte) (i >> 8)});
                }
            }
            for (int i = 0; i < count / 5; i++) {
                assertArrayEquals(new byte[] {(byte) i, (byte) (i >> 8)}, receiver.tryReceive());
            }
            assertNull(receiver.tryReceive());
        }
    }
}
