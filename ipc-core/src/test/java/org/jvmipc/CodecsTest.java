package org.jvmipc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CodecsTest {
    /** Encodes behind three other bytes, as framing does, and hands back what was written, as a receiver does. */
    static <T> ByteBuffer encoded(Codec<T> codec, T message) {
        ByteBuffer target = ByteBuffer.allocateDirect(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        target.position(3);
        int size = codec.size(message);
        codec.encode(message, target);
        if (size != Codec.UNKNOWN_SIZE) {
            assertEquals(size, target.position() - 3);
        }
        return target.flip().position(3).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    static <T> T roundTripped(Codec<T> codec, T message) {
        return codec.decode(encoded(codec, message));
    }

    private static ByteBuffer bytes(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            buffer.put((byte) value);
        }
        return buffer.flip();
    }

    private static ByteBuffer target(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096})
    void carriesBytes(int size) {
        byte[] message = new byte[size];
        new Random(size).nextBytes(message);
        assertArrayEquals(message, roundTripped(Codecs.bytes(), message));
    }

    @Test
    void leavesThePositionOfABufferThatIsSent() {
        ByteBuffer message =
                ByteBuffer.wrap("abcdef".getBytes(UTF_8)).position(1).limit(4);
        ByteBuffer received = encoded(Codecs.buffers(), message);
        assertEquals(1, message.position());
        assertEquals(4, message.limit());
        assertEquals("bcd", UTF_8.decode(received).toString());
    }

    @Test
    void sendsAReadOnlyBuffer() {
        ByteBuffer message = ByteBuffer.wrap(new byte[] {1, 2}).asReadOnlyBuffer();
        assertEquals(message, encoded(Codecs.buffers(), message));
    }

    @Test
    void handsOnTheVeryBufferThatWasReceived() {
        ByteBuffer source = bytes(1, 2, 3);
        assertSame(source, Codecs.buffers().decode(source));
        assertEquals(3, source.remaining());
    }

    @Test
    void writesNothingOfABufferThatDoesNotFit() {
        ByteBuffer target = target(2);
        assertThrows(BufferOverflowException.class, () -> Codecs.buffers().encode(bytes(1, 2, 3), target));
        assertEquals(0, target.position());
    }

    @Test
    void writesNothingOfBytesThatDoNotFit() {
        ByteBuffer target = target(2);
        assertThrows(BufferOverflowException.class, () -> Codecs.bytes().encode(new byte[3], target));
        assertEquals(0, target.position());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "what?", "\u00e4\u00f6", "\u20ac", "\ud83d\ude00?", "real \ufffd", "a\0b"})
    void carriesText(String message) {
        assertEquals(message, roundTripped(Codecs.utf8(), message));
    }

    @Test
    void writesTextAsUtf8() {
        assertEquals(bytes('a', 0xe2, 0x82, 0xac), encoded(Codecs.utf8(), "a\u20ac"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "ab\udc00", "a\ud83dz", "\udc00\ud800", "?\ud800"})
    void refusesHalfASurrogatePair(String message) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> Codecs.utf8().encode(message, target(100)));
        int index =
                message.chars().takeWhile(c -> !Character.isSurrogate((char) c)).toArray().length;
        assertTrue(e.getMessage().contains("at index " + index), e.getMessage());
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        int[][] malformed = {
            {0x80}, {0xff}, {'a', 0xc3}, {0xc0, 0xaf}, {0xed, 0xa0, 0x80}, {0xf5, 0x80, 0x80, 0x80}, {0xe2, 0x82}
        };
        for (int[] values : malformed) {
            assertThrows(IllegalArgumentException.class, () -> Codecs.utf8().decode(bytes(values)));
        }
    }

    @Test
    void tellsWhereTextIsMalformed() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> Codecs.utf8().decode(bytes('a', 'b', 0xff, 'c')));
        assertEquals("byte 2 of 4 is not UTF-8", e.getMessage());
    }

    @Test
    void refusesTruncatedTextBehindARealReplacementCharacter() {
        assertThrows(IllegalArgumentException.class, () -> Codecs.utf8().decode(bytes(0xef, 0xbf, 0xbd, 0xe2, 0x82)));
    }

    @Test
    void decodesRandomBytesAsTextOrRefusesThem() {
        Random random = new Random(3);
        for (int i = 0; i < 100_000; i++) {
            byte[] message = new byte[random.nextInt(6)];
            random.nextBytes(message);
            try {
                String text = Codecs.utf8().decode(ByteBuffer.wrap(message));
                assertArrayEquals(message, text.getBytes(UTF_8));
            } catch (IllegalArgumentException e) {
                assertTrue(e.getMessage().endsWith("is not UTF-8"), e.getMessage());
            }
        }
    }

    @Test
    void writesNothingOfTextThatDoesNotFit() {
        ByteBuffer target = target(2);
        assertThrows(BufferOverflowException.class, () -> Codecs.utf8().encode("abc", target));
        assertEquals(0, target.position());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE})
    void carriesNumbers(long message) {
        assertEquals(message, roundTripped(Codecs.int64(), message));
    }

    @Test
    void writesNumbersLittleEndian() {
        assertEquals(bytes(8, 7, 6, 5, 4, 3, 2, 1), encoded(Codecs.int64(), 0x0102030405060708L));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 9})
    void refusesANumberOfAnotherLength(int size) {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> Codecs.int64().decode(target(size)));
        assertTrue(e.getMessage().contains("has " + size + " bytes"), e.getMessage());
    }
}
