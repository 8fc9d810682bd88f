package org.jvmipc.testkit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The bytes of message {@code seq} of a run, computed from (seed, seq, size) alone, so that a receiver in another JVM
 * knows what it must have got.
 *
 * <p>A <em>tagged</em> message carries who sent it, its number and a checksum, for tests in which the receiver cannot
 * know what comes next:
 *
 * <pre>
 *  0        4        8            16                     size-4     size
 *  +--------+--------+------------+----------------------+----------+
 *  | sender |  size  |    seq     |  bytes(seed,seq,...)  |  CRC32C  |    little-endian
 *  +--------+--------+------------+----------------------+----------+
 * </pre>
 */
public final class Payloads {
    /** The least size of a tagged message. */
    public static final int TAGGED_MIN = 20;

    /** The sizes at which something changes: words, PIPE_BUF, the capacity of a pipe with and without a header. */
    private static final int[] EDGES = {
        0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 63, 64, 65, 255, 256, 257, 1023, 1024, 1025, 4060, 4072, 4080, 4084, 4088,
        4092, 4095, 4096, 4097, 4100, 8191, 8192, 8193, 16384, 32768, 65500, 65508, 65516, 65520, 65523, 65524, 65525,
        65528, 65532, 65535, 65536, 65537, 65540, 131071, 131072, 131073, 1048575, 1048576, 1048577
    };

    private static final int TAG_BYTES = 16;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Payloads() {}

    /** The edge sizes that are not above the limit, ascending, and the limit's neighbours below it up to 2 MiB. */
    public static int[] edgeSizes(int limit) {
        return Arrays.stream(EDGES).filter(size -> size <= limit).toArray();
    }

    /** The size of message {@code seq}: edges, small and now and then large ones, at most {@code limit}. */
    public static int size(long seed, long seq, int limit) {
        long random = mix(seed * 31 + seq);
        int pick = (int) (random >>> 60);
        int bound =
                switch (pick) {
                    case 0 -> 1 << 20;
                    case 1, 2 -> 1 << 17;
                    case 3, 4, 5 -> 1 << 13;
                    default -> 300;
                };
        int size = pick == 15
                ? EDGES[(int) Math.floorMod(random, (long) EDGES.length)]
                : (int) Math.floorMod(random, (long) bound);
        return Math.min(size, limit);
    }

    /** The bytes of message {@code seq}. */
    public static byte[] bytes(long seed, long seq, int size) {
        byte[] bytes = new byte[size];
        fill(bytes, 0, size, mix(seed) ^ mix(seq * GOLDEN + size));
        return bytes;
    }

    private static void fill(byte[] bytes, int from, int to, long state) {
        ByteBuffer words = ByteBuffer.wrap(bytes, from, to - from).order(ByteOrder.LITTLE_ENDIAN);
        long counter = state;
        while (words.remaining() >= Long.BYTES) {
            counter += GOLDEN;
            words.putLong(mix(counter));
        }
        long last = mix(counter + GOLDEN);
        while (words.hasRemaining()) {
            words.put((byte) last);
            last >>>= Byte.SIZE;
        }
    }

    /** The mixing function of SplitMix64: every bit of the result depends on every bit of the argument. */
    public static long mix(long value) {
        long z = value + GOLDEN;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Fails, and says at which byte, if these are not the bytes of message {@code seq}. */
    public static void verify(long seed, long seq, int size, byte[] got) {
        byte[] expected = bytes(seed, seq, size);
        int at = Arrays.mismatch(expected, got);
        if (at >= 0) {
            throw new AssertionError("message " + seq + " of " + size + " bytes is wrong: got " + got.length
                    + " bytes, the first difference is at " + at);
        }
    }

    /** One step of a digest over a sequence of messages: depends on content, boundaries and order. */
    public static long digest(long digest, byte[] message) {
        CRC32C crc = new CRC32C();
        crc.update(message);
        return mix(digest ^ (crc.getValue() << 32 | message.length));
    }

    /** Who sent a message, its number with that sender, and its size. */
    public record Tag(int sender, long seq, int size) {}

    /** A message that says what it is; at least {@link #TAGGED_MIN} bytes. */
    public static byte[] tagged(long seed, int sender, long seq, int size) {
        if (size < TAGGED_MIN) {
            throw new IllegalArgumentException("size is " + size + "; a tagged message has at least " + TAGGED_MIN);
        }
        byte[] bytes = new byte[size];
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(sender)
                .putInt(size)
                .putLong(seq);
        fill(bytes, TAG_BYTES, size - Integer.BYTES, mix(seed + sender) ^ mix(seq));
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(size - Integer.BYTES, crc(bytes));
        return bytes;
    }

    /** Reads the tag; fails if anything of the message is not as {@link #tagged} made it. */
    public static Tag verifyTagged(long seed, byte[] message) {
        if (message.length < TAGGED_MIN) {
            throw new AssertionError("a tagged message of " + message.length + " bytes");
        }
        ByteBuffer view = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        Tag tag = new Tag(view.getInt(0), view.getLong(8), view.getInt(4));
        if (tag.size() != message.length || view.getInt(message.length - Integer.BYTES) != crc(message)) {
            throw new AssertionError(
                    "a torn message: " + tag + " came as " + message.length + " bytes, or its checksum differs");
        }
        if (!Arrays.equals(message, tagged(seed, tag.sender(), tag.seq(), tag.size()))) {
            throw new AssertionError("a message with a good checksum that nobody sent: " + tag);
        }
        return tag;
    }

    private static int crc(byte[] message) {
        CRC32C crc = new CRC32C();
        crc.update(message, 0, message.length - Integer.BYTES);
        return (int) crc.getValue();
    }
}
