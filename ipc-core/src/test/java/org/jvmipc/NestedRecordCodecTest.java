package org.jvmipc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.jvmipc.CodecsTest.encoded;
import static org.jvmipc.CodecsTest.roundTripped;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that hold records, enums, lists, options and arrays. */
@Timeout(60)
class NestedRecordCodecTest {
    private enum Side {
        BUY,
        /** Of a class of its own. */
        SELL {
            @Override
            public String toString() {
                return "SELL!";
            }
        }
    }

    record Price(long units, int nanos) {
        Price {
            if (nanos < 0) {
                throw new IllegalArgumentException("nanos is " + nanos);
            }
        }
    }

    record Item(String name, Price price, List<String> tags) {}

    record Order(long id, Side side, List<Item> items, Optional<Price> limit, List<List<Integer>> groups) {}

    @SuppressWarnings("ArrayRecordComponent")
    record Sized(Price price, List<Price> more, Optional<Long> limit, Side side, List<byte[]> blobs, int[] numbers) {}

    record Boxed(Boolean a, Byte b, Short c, Character d, Integer e, Long f, Float g, Double h) {}

    @SuppressWarnings("ArrayRecordComponent")
    record Arrays7(boolean[] a, short[] b, char[] c, int[] d, long[] e, float[] f, double[] g) {}

    @SuppressWarnings("ArrayRecordComponent")
    record Bits(boolean... bits) {}

    record Nothing() {}

    private static ByteBuffer message(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            buffer.put((byte) value);
        }
        return buffer.flip();
    }

    private static ByteBuffer target() {
        return ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void assertRefused(String start, Codec<?> codec, ByteBuffer source) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> codec.decode(source));
        assertTrue(e.getMessage().startsWith(start), e.getMessage());
    }

    private static <T> void assertUnsendable(String start, Codec<T> codec, T message) {
        ByteBuffer target = target();
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> codec.encode(message, target));
        assertTrue(e.getMessage().startsWith(start), e.getMessage());
    }

    // ---- round trips

    private static final Price PRICE = new Price(7, 5);

    private static Order order(Random random) {
        return new Order(
                random.nextLong(),
                Side.values()[random.nextInt(2)],
                several(random, 4, NestedRecordCodecTest::item),
                random.nextBoolean() ? Optional.empty() : Optional.of(price(random)),
                several(random, 3, r -> several(r, 5, Random::nextInt)));
    }

    private static Item item(Random random) {
        return new Item(text(random), price(random), several(random, 3, NestedRecordCodecTest::text));
    }

    private static Price price(Random random) {
        return new Price(random.nextLong(), random.nextInt(Integer.MAX_VALUE));
    }

    private static String text(Random random) {
        return random.ints(random.nextInt(6), 0, 0xd800)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static <T> List<T> several(Random random, int most, java.util.function.Function<Random, T> maker) {
        return IntStream.range(0, random.nextInt(most + 1))
                .mapToObj(i -> maker.apply(random))
                .toList();
    }

    @Test
    void carriesRandomOrders() {
        Codec<Order> codec = Codecs.record(Order.class);
        Random random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            Order order = order(random);
            ByteBuffer image = target();
            codec.encode(order, image);
            assertEquals(order, codec.decode(image.flip()));
        }
    }

    @Test
    void carriesBoxedValues() {
        Boxed boxed = new Boxed(true, (byte) -1, (short) 2, 'x', Integer.MIN_VALUE, Long.MAX_VALUE, -0f, Double.NaN);
        assertEquals(boxed, roundTripped(Codecs.record(Boxed.class), boxed));
        assertEquals(30, Codecs.record(Boxed.class).size(boxed));
    }

    @Test
    void carriesArrays() {
        Arrays7 sent = new Arrays7(
                new boolean[] {true, false},
                new short[] {1, -1},
                new char[] {'a', '\uffff'},
                new int[] {1, Integer.MIN_VALUE, 3},
                new long[] {Long.MIN_VALUE},
                new float[0],
                new double[] {Double.MIN_VALUE, -0.0});
        Arrays7 received = roundTripped(Codecs.record(Arrays7.class), sent);
        assertArrayEquals(sent.a(), received.a());
        assertArrayEquals(sent.b(), received.b());
        assertArrayEquals(sent.c(), received.c());
        assertArrayEquals(sent.d(), received.d());
        assertArrayEquals(sent.e(), received.e());
        assertArrayEquals(sent.f(), received.f());
        assertArrayEquals(sent.g(), received.g());
        assertEquals(
                7 * 4 + 2 + 4 + 4 + 12 + 8 + 0 + 16,
                Codecs.record(Arrays7.class).size(sent));
    }

    @Test
    void listsThatAreReceivedAreImmutable() {
        record Names(List<String> names) {}
        Names received = roundTripped(Codecs.record(Names.class), new Names(new ArrayList<>(List.of("a", "b"))));
        assertEquals(List.of("a", "b"), received.names());
        assertThrows(UnsupportedOperationException.class, () -> received.names().add("c"));
    }

    @Test
    void carriesARecordTwiceAndOneWithoutComponents() {
        record Both(Price first, Nothing nothing, Price second) {}
        Both both = new Both(PRICE, new Nothing(), new Price(1, 2));
        assertEquals(both, roundTripped(Codecs.record(Both.class), both));
    }

    // ---- layout

    @Test
    void laysOutNestedRecordsEnumsListsAndOptions() {
        record Small(Side side, Price price, List<Short> list, Optional<Byte> some, Optional<Byte> none) {}
        assertEquals(
                message(
                        1, 0, 0, 0, // SELL
                        7, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, // price
                        2, 0, 0, 0, 1, 0, 2, 1, // list
                        1, 9, // some
                        0),
                encoded(
                        Codecs.record(Small.class),
                        new Small(
                                Side.SELL,
                                PRICE,
                                List.of((short) 1, (short) 0x102),
                                Optional.of((byte) 9),
                                Optional.empty())));
    }

    /** The example of docs/wire-formats.md. */
    @Test
    void laysOutTheExampleOfTheDocumentation() {
        record Line(String symbol, int count) {}
        record Example(long id, Side side, List<Line> items, Optional<String> note) {}
        assertEquals(
                message(
                        7, 0, 0, 0, 0, 0, 0, 0, // id
                        1, 0, 0, 0, // side
                        1, 0, 0, 0, // one item
                        2, 0, 0, 0, 'a', 'b', 3, 0, 0, 0, 1, 1, 0, 0, 0, 'x'),
                encoded(
                        Codecs.record(Example.class),
                        new Example(7, Side.SELL, List.of(new Line("ab", 3)), Optional.of("x"))));
    }

    @Test
    void knowsTheSizeWhereNoTextIsInIt() {
        Codec<Sized> codec = Codecs.record(Sized.class);
        Random random = new Random(2);
        for (int i = 0; i < 1_000; i++) {
            Sized sized = new Sized(
                    PRICE,
                    several(random, 3, NestedRecordCodecTest::price),
                    random.nextBoolean() ? Optional.of(1L) : Optional.empty(),
                    Side.BUY,
                    several(random, 3, r -> new byte[r.nextInt(5)]),
                    new int[random.nextInt(4)]);
            ByteBuffer image = target();
            codec.encode(sized, image);
            assertEquals(image.position(), codec.size(sized));
        }
        assertEquals(Codec.UNKNOWN_SIZE, Codecs.record(Order.class).size(order(random)));
    }

    @Test
    void saysWhenTheTargetIsTooSmallWhereverThatIs() {
        Codec<Sized> codec = Codecs.record(Sized.class);
        Sized sized = new Sized(
                PRICE, List.of(PRICE), Optional.of(1L), Side.BUY, List.of(new byte[2], new byte[3]), new int[] {1, 2});
        int size = codec.size(sized);
        for (int room = 0; room < size; room++) {
            ByteBuffer target = ByteBuffer.allocate(room).order(ByteOrder.LITTLE_ENDIAN);
            assertThrows(BufferOverflowException.class, () -> codec.encode(sized, target));
        }
        codec.encode(sized, ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN));
    }

    // ---- what has no form

    @Test
    @SuppressWarnings("NullOptional") // what is refused here
    void namesThePathToWhatIsNull() {
        Codec<Order> orders = Codecs.record(Order.class);
        Item good = new Item("a", PRICE, List.of());
        assertUnsendable("Order.side is null", orders, new Order(1, null, List.of(), Optional.empty(), List.of()));
        assertUnsendable("Order.items is null", orders, new Order(1, Side.BUY, null, Optional.empty(), List.of()));
        assertUnsendable("Order.limit is null", orders, new Order(1, Side.BUY, List.of(), null, List.of()));
        assertUnsendable(
                "Order.items[1] is null",
                orders,
                new Order(1, Side.BUY, Arrays.asList(good, null), Optional.empty(), List.of()));
        assertUnsendable(
                "Order.items[3].price is null",
                orders,
                new Order(
                        1,
                        Side.BUY,
                        List.of(good, good, good, new Item("b", null, List.of())),
                        Optional.empty(),
                        List.of()));
        assertUnsendable(
                "Order.items[0].tags[2]: text has half a surrogate pair",
                orders,
                new Order(
                        1,
                        Side.BUY,
                        List.of(new Item("b", PRICE, List.of("", "", "\ud800"))),
                        Optional.empty(),
                        List.of()));
        assertUnsendable(
                "Order.groups[1][0] is null",
                orders,
                new Order(
                        1,
                        Side.BUY,
                        List.of(),
                        Optional.empty(),
                        List.of(List.of(), Arrays.asList(1, null).subList(1, 2))));
        assertUnsendable(
                "Boxed.e is null",
                Codecs.record(Boxed.class),
                new Boxed(true, (byte) 1, (short) 1, 'x', null, 1L, 1f, 1d));
    }

    @Test
    void namesThePathWhenAskedForTheSizeToo() {
        Codec<Sized> codec = Codecs.record(Sized.class);
        Sized sized =
                new Sized(PRICE, List.of(), Optional.empty(), Side.BUY, Arrays.asList(new byte[1], null), new int[0]);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> codec.size(sized));
        assertTrue(e.getMessage().startsWith("Sized.blobs[1] is null"), e.getMessage());
    }

    @Test
    void refusesAListThatChangesWhileItIsSent() {
        record Names(List<Integer> names) {}
        List<Integer> growing = new AbstractList<>() {
            @Override
            public Integer get(int index) {
                return index;
            }

            @Override
            public int size() {
                return 2;
            }

            @Override
            public Iterator<Integer> iterator() {
                return List.of(1, 2, 3).iterator();
            }
        };
        assertThrows(ConcurrentModificationException.class, () -> Codecs.record(Names.class)
                .encode(new Names(growing), ByteBuffer.allocate(100)));
    }

    record Node(int value, List<Node> children) {}

    record Ping(Optional<Pong> pong) {}

    record Pong(Ping ping) {}

    @Test
    void refusesRecordsThatContainThemselves() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Codecs.record(Node.class));
        assertTrue(e.getMessage().contains("contains itself (Node > Node)"), e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> Codecs.record(Ping.class));
        assertTrue(e.getMessage().contains("contains itself (Ping > Pong > Ping)"), e.getMessage());
    }

    record Wild(List<? extends Price> prices) {}

    @SuppressWarnings("rawtypes")
    record Raw(List prices) {}

    record Gathered(Collection<Price> prices) {}

    record Empties(List<Nothing> nothings) {}

    record Generic<T>(T value) {}

    record OfGeneric(Generic<String> value) {}

    @SuppressWarnings("ArrayRecordComponent")
    record Texts(String[] texts) {}

    record Deep(List<Optional<Gathered>> deep) {}

    @ParameterizedTest
    @ValueSource(
            classes = {
                Wild.class,
                Raw.class,
                Gathered.class,
                Empties.class,
                Generic.class,
                OfGeneric.class,
                Texts.class,
                Deep.class
            })
    void refusesTypesWhoseFormIsNotCertain(Class<? extends Record> type) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Codecs.record(type));
        assertTrue(e.getMessage().contains(": component "), e.getMessage());
    }

    // ---- hostile bytes

    @Test
    void refusesACountBeyondTheDataBeforeItAllocates() {
        record Names(List<String> names) {}
        record Groups(List<List<Price>> groups) {}
        record Numbers(List<Long> numbers) {}
        assertRefused(
                "Names.names has length 2147483647, and 0 bytes follow",
                Codecs.record(Names.class),
                message(0xff, 0xff, 0xff, 0x7f));
        assertRefused("Names.names has length -1", Codecs.record(Names.class), message(0xff, 0xff, 0xff, 0xff));
        assertRefused(
                "Names.names[1] has length 9, and 0 bytes follow",
                Codecs.record(Names.class),
                message(2, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0));
        assertRefused(
                "Groups.groups[0] has length 1, and 11 bytes follow",
                Codecs.record(Groups.class),
                message(1, 0, 0, 0, 1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
        assertRefused(
                "Numbers.numbers has length 2, and 15 bytes follow",
                Codecs.record(Numbers.class),
                message(2, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
        assertRefused(
                "Arrays7.a has length 1073741825, and 4 bytes follow",
                Codecs.record(Arrays7.class),
                message(1, 0, 0, 0x40, 0, 0, 0, 0));
    }

    @Test
    void refusesConstantsAndMarksThatDoNotExist() {
        record Sides(List<Side> sides) {}
        record Maybe(Optional<Price> price) {}
        record Truths(boolean first, Optional<Boolean> second) {}
        assertRefused(
                "Sides.sides[1] is constant number 2; Side has 2",
                Codecs.record(Sides.class),
                message(2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0));
        assertRefused(
                "Sides.sides[0] is constant number -1",
                Codecs.record(Sides.class),
                message(1, 0, 0, 0, 255, 255, 255, 255));
        assertRefused("Maybe.price is 2; a boolean is 0 or 1", Codecs.record(Maybe.class), message(2));
        assertRefused("Maybe.price.units needs 8 bytes, and 0 are left", Codecs.record(Maybe.class), message(1));
        assertRefused("Truths.second is 7", Codecs.record(Truths.class), message(0, 1, 7));
        assertRefused("Bits.bits[1] is 3", Codecs.record(Bits.class), message(2, 0, 0, 0, 1, 3));
    }

    @Test
    void namesThePathToARecordWhoseConstructorRefuses() {
        record Prices(List<Price> prices) {}
        assertRefused(
                "Prices.prices[0]: nanos is -1",
                Codecs.record(Prices.class),
                message(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255));
    }

    static List<Codec<? extends Record>> codecs() {
        return List.of(Codecs.record(Order.class), Codecs.record(Arrays7.class), Codecs.record(Sized.class));
    }

    /** Bytes flipped, cut off, put in, and lengths made huge: refused, or another message; nothing else ever happens. */
    @Test
    void decodesDamagedOrdersOrRefusesThem() {
        Codec<Order> codec = Codecs.record(Order.class);
        Random random = new Random(3);
        int refused = 0;
        for (int i = 0; i < 10_000; i++) {
            ByteBuffer image = target();
            codec.encode(order(random), image);
            byte[] bytes = new byte[image.flip().remaining()];
            image.get(bytes);
            try {
                codec.decode(ByteBuffer.wrap(damaged(bytes, random))
                        .asReadOnlyBuffer()
                        .order(ByteOrder.LITTLE_ENDIAN));
            } catch (IllegalArgumentException e) {
                assertTrue(e.getMessage().contains("Order"), e.getMessage());
                refused++;
            }
        }
        assertTrue(refused > 2_000, "only " + refused + " were noticed");
    }

    private static byte[] damaged(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(4)) {
            case 0 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 1 -> {
                return Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(9));
            }
            case 2 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            default -> {
                for (int i = at; i < Math.min(bytes.length, at + 4); i++) {
                    bytes[i] = (byte) random.nextInt();
                }
            }
        }
        return bytes;
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void decodesRandomBytesOrRefusesThem(Codec<? extends Record> codec) {
        Random random = new Random(4);
        for (int i = 0; i < 4_000; i++) {
            byte[] bytes = new byte[random.nextInt(80)];
            for (int j = 0; j < bytes.length; j++) {
                bytes[j] = (byte) (random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(2));
            }
            try {
                codec.decode(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
            } catch (IllegalArgumentException e) {
                assertTrue(!e.getMessage().isEmpty());
            }
        }
    }
}
