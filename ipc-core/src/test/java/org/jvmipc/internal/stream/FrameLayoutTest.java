package org.jvmipc.internal.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.Batch;

/** The bytes on the wire, as docs/wire-formats.md gives them: a peer in another language relies on each. */
@Timeout(30)
class FrameLayoutTest {
    @Test
    void messageIsHeaderAndPayload() throws Exception {
        try (RawPipe pipe = new RawPipe()) {
            pipe.framedSender().send(new byte[] {'a', 'b', 'c'});
            byte[] frame = pipe.contents();
            assertEquals("03000000" + "01" + "00" + "4a49" + "616263", hex(frame, 0, frame.length - 4));
            assertEquals(bitwiseCrc32c(frame, 0, frame.length - 4), intAt(frame, frame.length - 4));
        }
    }

    @Test
    void goodbyeIsAnEmptyFrame() throws Exception {
        RawPipe pipe = new RawPipe();
        try (pipe.reading) {
            pipe.framedSender().close();
            byte[] frame = pipe.contents();
            assertEquals("00000000" + "07" + "00" + "4a49", hex(frame, 0, 8));
            assertEquals(bitwiseCrc32c(frame, 0, 8), intAt(frame, 8));
            assertEquals(12, frame.length);
        }
    }

    @Test
    void batchIsOneFrameOfRecords() throws Exception {
        try (RawPipe pipe = new RawPipe()) {
            try (Batch<byte[]> batch = pipe.framedSender().batch()) {
                batch.add(new byte[] {1});
                batch.add(new byte[0]);
                batch.add(new byte[] {2, 3});
            }
            byte[] frame = pipe.contents();
            assertEquals("0f000000" + "05" + "00" + "4a49", hex(frame, 0, 8));
            assertEquals("0100000001" + "00000000" + "020000000203", hex(frame, 8, frame.length - 4));
        }
    }

    @Test
    void largeMessageIsCutIntoFrames() throws Exception {
        byte[] message = new byte[2 * FrameLayout.MAX_PAYLOAD_BYTES + 5];
        for (int i = 0; i < message.length; i++) {
            message[i] = (byte) (i * 31);
        }
        try (RawPipe pipe = new RawPipe()) {
            pipe.framedSender().send(message);
            byte[] wire = pipe.contents();
            ByteBuffer joined = ByteBuffer.allocate(message.length);
            byte[] types = {FrameLayout.FIRST, FrameLayout.MIDDLE, FrameLayout.LAST};
            int at = 0;
            for (byte type : types) {
                int length = intAt(wire, at);
                assertEquals(type, wire[at + 4]);
                assertEquals(bitwiseCrc32c(wire, at, at + 8 + length), intAt(wire, at + 8 + length));
                joined.put(wire, at + 8, length);
                at += 12 + length;
            }
            assertEquals(wire.length, at);
            assertArrayEquals(message, joined.array());
        }
    }

    private static String hex(byte[] bytes, int from, int to) {
        return HexFormat.of().formatHex(bytes, from, to);
    }

    private static int intAt(byte[] bytes, int at) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
    }

    /** CRC-32C bit by bit, from its definition: reflected polynomial 0x82f63b78. */
    static int bitwiseCrc32c(byte[] bytes, int from, int to) {
        int crc = -1;
        for (int i = from; i < to; i++) {
            crc ^= bytes[i] & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc >>> 1) ^ ((crc & 1) == 0 ? 0 : 0x82f63b78);
            }
        }
        return ~crc;
    }
}
