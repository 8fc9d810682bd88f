package org.jvmipc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.jvmipc.CodecsTest.encoded;
import static org.jvmipc.CodecsTest.roundTripped;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RecordCodecTest {
    public record Price(String symbol, long cents) {}

    private record All(
            boolean truth,
            byte tiny,
            short small,
            char unit,
            int number,
            long large,
            float single,
            double twice,
            String text) {}

    @SuppressWarnings("ArrayRecordComponent")
    private record Blob(int id, byte[] data) {}

    private record Empty() {}

    record Positive(int value) {
        Positive {
            if (value <= 0) {
                throw new IllegalArgumentException("value is " + value);
            }
        }
    }

    private record Dated(int id, Date date) {}

    private record Mixed(byte a, long b, byte c, int d) {}

    private static final class Failed extends Error {
        private static final long serialVersionUID = 1L;
    }

    record Failing(int value) {
        @Override
        public int value() {
            throw new Failed();
        }
    }

    private static ByteBuffer message(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            buffer.put((byte) value);
        }
        return buffer.flip();
    }

    private static void assertRefused(String messagePart, Codec<?> codec, ByteBuffer source) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> codec.decode(source));
        assertTrue(e.getMessage().contains(messagePart), e.getMessage());
    }

    @Test
    void carriesEveryTypeOfComponent() {
        All lows = new All(
                false, Byte.MIN_VALUE, Short.MIN_VALUE, '\0', Integer.MIN_VALUE, Long.MIN_VALUE, Float.NaN, -0.0, "");
        All highs = new All(
                true,
                Byte.MAX_VALUE,
                Short.MAX_VALUE,
                '\uffff',
                Integer.MAX_VALUE,
                Long.MAX_VALUE,
                Float.MIN_VALUE,
                Double.POSITIVE_INFINITY,
                "\u00e4\ud83d\ude00");
        assertEquals(lows, roundTripped(Codecs.record(All.class), lows));
        assertEquals(highs, roundTripped(Codecs.record(All.class), highs));
    }

    @Test
    void carriesByteArrays() {
        Blob received = roundTripped(Codecs.record(Blob.class), new Blob(7, new byte[] {1, 2, 3}));
        assertEquals(7, received.id());
        assertArrayEquals(new byte[] {1, 2, 3}, received.data());
    }

    @Test
    void carriesARecordWithoutComponents() {
        assertEquals(new Empty(), roundTripped(Codecs.record(Empty.class), new Empty()));
    }

    @Test
    void carriesALocalRecord() {
        record Local(int x) {}
        assertEquals(new Local(5), roundTripped(Codecs.record(Local.class), new Local(5)));
    }

    @Test
    void laysComponentsOutInOrderLittleEndianWithoutPadding() {
        Mixed mixed = new Mixed((byte) 1, 2, (byte) 3, 0x04050607);
        assertEquals(message(1, 2, 0, 0, 0, 0, 0, 0, 0, 3, 7, 6, 5, 4), encoded(Codecs.record(Mixed.class), mixed));
    }

    @Test
    void writesTheLengthOfTextInBytes() {
        assertEquals(
                message(3, 0, 0, 0, 0xe2, 0x82, 0xac, 1, 0, 0, 0, 0, 0, 0, 0),
                encoded(Codecs.record(Price.class), new Price("\u20ac", 1)));
    }

    @Test
    void knowsTheSizeWhereThatIsCheap() {
        assertEquals(14, Codecs.record(Mixed.class).size(new Mixed((byte) 0, 0, (byte) 0, 0)));
        assertEquals(11, Codecs.record(Blob.class).size(new Blob(0, new byte[3])));
        assertEquals(Codec.UNKNOWN_SIZE, Codecs.record(Price.class).size(new Price("x", 0)));
    }

    @Test
    void namesTheComponentThatIsNull() {
        Codec<Price> prices = Codecs.record(Price.class);
        Codec<Blob> blobs = Codecs.record(Blob.class);
        ByteBuffer target = ByteBuffer.allocate(100);
        List<IllegalArgumentException> errors = List.of(
                assertThrows(IllegalArgumentException.class, () -> prices.encode(new Price(null, 1), target)),
                assertThrows(IllegalArgumentException.class, () -> blobs.encode(new Blob(1, null), target)),
                assertThrows(IllegalArgumentException.class, () -> blobs.size(new Blob(1, null))));
        assertTrue(
                errors.get(0).getMessage().startsWith("Price.symbol is null"),
                errors.get(0).getMessage());
        assertTrue(
                errors.get(1).getMessage().startsWith("Blob.data is null"),
                errors.get(1).getMessage());
        assertTrue(
                errors.get(2).getMessage().startsWith("Blob.data is null"),
                errors.get(2).getMessage());
    }

    @Test
    void refusesANullMessage() {
        assertThrows(
                NullPointerException.class, () -> Codecs.record(Empty.class).encode(null, ByteBuffer.allocate(1)));
    }

    @Test
    void namesTheComponentWhoseTextCannotBeSent() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Codecs.record(Price.class)
                .encode(new Price("\ud800", 1), ByteBuffer.allocate(100)));
        assertTrue(e.getMessage().startsWith("Price.symbol: text has half a surrogate pair"), e.getMessage());
    }

    @Test
    void saysWhenTheTargetIsTooSmall() {
        Codec<Blob> blobs = Codecs.record(Blob.class);
        for (int room = 0; room < 11; room++) {
            ByteBuffer target = ByteBuffer.allocate(room);
            assertThrows(BufferOverflowException.class, () -> blobs.encode(new Blob(1, new byte[3]), target));
        }
    }

    @Test
    void namesTheComponentThatTheDataIsTooShortFor() {
        assertRefused("Mixed.d needs 4 bytes, and 3 are left", Codecs.record(Mixed.class), message(new int[13]));
        assertRefused("Price.symbol needs 4 bytes, and 0 are left", Codecs.record(Price.class), message());
    }

    @Test
    void refusesTrailingBytes() {
        assertRefused("2 bytes more than record Mixed", Codecs.record(Mixed.class), message(new int[16]));
        assertRefused("1 bytes more than record Empty", Codecs.record(Empty.class), message(0));
    }

    @Test
    void refusesANegativeLength() {
        assertRefused("Price.symbol has length -1", Codecs.record(Price.class), message(0xff, 0xff, 0xff, 0xff));
    }

    @Test
    void refusesALengthBeyondTheDataBeforeItAllocates() {
        assertRefused(
                "Price.symbol has length 2147483647, and 1 bytes follow",
                Codecs.record(Price.class),
                message(0xff, 0xff, 0xff, 0x7f, 'a'));
    }

    @Test
    void refusesMalformedText() {
        assertRefused("Price.symbol: byte 0 of 1", Codecs.record(Price.class), message(1, 0, 0, 0, 0xff));
    }

    @Test
    void refusesABooleanThatIsNeither() {
        record Flag(boolean on) {}
        assertRefused("Flag.on is 2", Codecs.record(Flag.class), message(2));
    }

    @Test
    void letsTheConstructorRefuse() {
        assertRefused("value is -1", Codecs.record(Positive.class), message(0xff, 0xff, 0xff, 0xff));
    }

    @Test
    void handsOnWhatAnAccessorThrows() {
        assertThrows(Failed.class, () -> Codecs.record(Failing.class).encode(new Failing(1), ByteBuffer.allocate(8)));
    }

    @Test
    void refusesAnUnsupportedTypeOfComponent() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Codecs.record(Dated.class));
        assertEquals(
                "record org.jvmipc.RecordCodecTest$Dated: component date has type java.util.Date;"
                        + " supported are String, boolean, byte, char, double, float, int, long, short, arrays of the"
                        + " primitive ones, records, enums, and List and Optional of these (of what takes at least one byte)",
                e.getMessage());
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void refusesWhatIsNoRecord() {
        assertThrows(IllegalArgumentException.class, () -> Codecs.record((Class) String.class));
        assertThrows(IllegalArgumentException.class, () -> Codecs.record(Record.class));
    }

    @Test
    void explainsWhyARecordOfAClosedModuleIsInaccessible() throws ClassNotFoundException {
        Class<? extends Record> closed =
                Class.forName("sun.security.pkcs.SignerInfo$AlgorithmInfo").asSubclass(Record.class);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Codecs.record(closed));
        assertTrue(
                e.getMessage().contains("module java.base does not open the package sun.security.pkcs to"),
                e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(classes = {All.class, Price.class, Blob.class, Mixed.class})
    void decodesRandomBytesOrRefusesThem(Class<? extends Record> type) {
        Codec<? extends Record> codec = Codecs.record(type);
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(48)];
            random.nextBytes(bytes);
            try {
                assertSame(
                        type,
                        codec.decode(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN))
                                .getClass());
            } catch (IllegalArgumentException e) {
                assertTrue(e.getMessage().contains(type.getSimpleName()), e.getMessage());
            }
        }
    }

    @Test
    void isUsedByManyThreadsAtOnce() throws Exception {
        Codec<Price> codec = Codecs.record(Price.class);
        List<Long> failures = LongStream.range(0, 10_000)
                .parallel()
                .filter(n -> !roundTripped(codec, new Price("s" + n, n)).equals(new Price("s" + n, n)))
                .boxed()
                .toList();
        assertEquals(List.of(), failures);
    }
}
