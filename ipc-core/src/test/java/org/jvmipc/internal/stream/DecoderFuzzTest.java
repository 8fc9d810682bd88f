package org.jvmipc.internal.stream;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.CorruptDataException;
import org.jvmipc.Framing;
import org.jvmipc.LimitException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.internal.posix.DataPath;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.PolledFd;
import org.jvmipc.testkit.Campaign;

/** Random bytes, and good streams with bytes changed, into each decoder: messages or typed errors, and no more memory than allowed. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DecoderFuzzTest {
    private static final Address ADDRESS = Address.of("tcp://127.0.0.1:1");
    private static final int MAX_MESSAGE = 10_000;
    private static final int MOST_BYTES = 2_000;

    @ParameterizedTest
    @EnumSource(Framing.class)
    void whateverComesIsMessagesOrATypedError(Framing framing) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int streams = Campaign.size(2_000, 2_000_000); // of each of five
        long messages = 0;
        for (int i = 0; i < streams; i++) {
            byte[] stream = random.nextInt(4) == 0 ? noise(random) : mutated(random, framing);
            try {
                messages += decode(framing, new BytePath(stream, random));
            } catch (RuntimeException | Error e) {
                throw new AssertionError("stream " + i + " of seed " + seed + ": " + Arrays.toString(stream), e);
            }
        }
        assertTrue(messages > streams / 10, "only " + messages + " messages were decoded of " + streams + " streams");
    }

    private static long decode(Framing framing, BytePath path) throws InterruptedException {
        long messages = 0;
        PolledFd fd = new PolledFd(Fd.borrowed(0), path, false);
        try (StreamReceiver<byte[]> receiver = receiver(framing, fd)) {
            for (int calls = 0; calls < 2 * MOST_BYTES; calls++) {
                try {
                    byte[] message = receiver.tryReceive();
                    if (message != null) {
                        assertTrue(message.length <= MAX_MESSAGE, "a message of " + message.length + " bytes");
                        messages++;
                    }
                } catch (LimitException e) {
                    // A message was dropped; the next one comes.
                }
            }
            throw new AssertionError("no end was told");
        } catch (PeerGoneException | CorruptDataException e) {
            return messages;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static StreamReceiver<byte[]> receiver(Framing framing, PolledFd fd) {
        return framing == Framing.FRAMED
                ? new FramedReceiver<>(fd, ADDRESS, Set.of(), Codecs.bytes(), MAX_MESSAGE)
                : new PlainReceiver<>(fd, ADDRESS, Set.of(), Codecs.bytes(), framing, MAX_MESSAGE, false);
    }

    private static byte[] noise(Random random) {
        byte[] bytes = new byte[random.nextInt(MOST_BYTES)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A few good messages, of which some bytes are changed, left out or doubled. */
    private static byte[] mutated(Random random, Framing framing) {
        ByteBuffer stream = ByteBuffer.allocate(MOST_BYTES).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        while (stream.remaining() > 400 && random.nextInt(5) > 0) {
            byte[] payload = new byte[random.nextInt(300)];
            random.nextBytes(payload);
            put(stream, framing, payload, random);
        }
        byte[] bytes = Arrays.copyOf(stream.array(), stream.position());
        for (int changes = random.nextInt(4); changes > 0 && bytes.length > 0; changes--) {
            int at = random.nextInt(bytes.length);
            bytes[at] = (byte) (random.nextBoolean() ? bytes[at] ^ (1 << random.nextInt(8)) : random.nextInt());
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes;
    }

    private static void put(ByteBuffer stream, Framing framing, byte[] payload, Random random) {
        switch (framing) {
            case FRAMED -> {
                byte type = (byte) (random.nextInt(3) > 0 ? 1 : 1 + random.nextInt(7));
                int at = stream.position();
                stream.putInt(payload.length)
                        .put(type)
                        .put((byte) 0)
                        .putShort(FrameLayout.MAGIC)
                        .put(payload);
                CRC32C crc = new CRC32C();
                crc.update(stream.array(), at, stream.position() - at);
                stream.putInt((int) crc.getValue() ^ (random.nextInt(8) == 0 ? FrameLayout.REVOKED : 0));
            }
            case LINE -> stream.put(payload).put((byte) '\n');
            case NUL -> stream.put(payload).put((byte) 0);
            case LEN32 -> stream.putInt(payload.length).put(payload);
            case RAW -> stream.put(payload);
        }
    }

    /** Bytes that come in pieces of any size, with nothing between some of them, and an end. */
    private static final class BytePath implements DataPath {
        private final byte[] bytes;
        private final Random random;
        private int at;

        private BytePath(byte[] bytes, Random random) {
            this.bytes = bytes;
            this.random = random;
        }

        @Override
        public int read(int fd, NativeBuffer target, int offset, int count) {
            if (at == bytes.length) {
                return 0;
            }
            if (random.nextInt(8) == 0) {
                return -Errno.EAGAIN;
            }
            int length = Math.min(Math.min(count, bytes.length - at), 1 + random.nextInt(500));
            target.bytes().put(offset, bytes, at, length);
            at += length;
            return length;
        }

        @Override
        public int readBlocking(int fd, NativeBuffer target, int offset, int count) {
            return read(fd, target, offset, count);
        }

        @Override
        public int write(int fd, NativeBuffer source, int offset, int count) {
            return -Errno.EPIPE;
        }

        @Override
        public boolean blocksItself() {
            return false;
        }

        @Override
        public int readBytes() {
            return 128;
        }

        @Override
        public int capacity(int fd) {
            return 0;
        }

        @Override
        public int room(int fd) {
            return 0;
        }

        @Override
        public boolean isAtomic() {
            return true;
        }
    }
}
