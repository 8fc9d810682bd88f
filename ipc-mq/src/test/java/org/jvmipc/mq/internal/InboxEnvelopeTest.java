package org.jvmipc.mq.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.Address;
import org.jvmipc.Codecs;

@Timeout(60)
class InboxEnvelopeTest {
    private static final Address REPLY = Address.of("inbox:me");

    private static ByteBuffer encoded(EnvelopeCodec<byte[]> codec, byte... body) {
        ByteBuffer bytes = ByteBuffer.allocate(codec.size(body)).order(ByteOrder.LITTLE_ENDIAN);
        codec.encode(body, bytes);
        return bytes.flip();
    }

    @Test
    void nothingIsEncodedThatWasNotBegun() {
        assertThrows(IllegalStateException.class, () -> encoded(new EnvelopeCodec<>(Codecs.bytes()), (byte) 7));
    }

    private static ByteBuffer request() {
        EnvelopeCodec<byte[]> codec = new EnvelopeCodec<>(Codecs.bytes());
        codec.begin(InboxEnvelope.REQUEST, 0x1122_3344_5566_7788L, REPLY);
        return encoded(codec, (byte) 9);
    }

    @Test
    void aPlainMessageHasEightBytesBeforeIt() {
        ByteBuffer bytes = ByteBuffer.allocate(9).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(InboxEnvelope.plainHeader()).put((byte) 7).flip();
        assertArrayEquals(new byte[] {1, 1, 0, 0}, java.util.Arrays.copyOf(bytes.array(), 4));
        assertEquals(ProcessHandle.current().pid(), bytes.getInt(4));
        InboxEnvelope envelope = InboxEnvelope.read(bytes);
        assertEquals(InboxEnvelope.MESSAGE, envelope.kind());
        assertEquals(ProcessHandle.current().pid(), envelope.pid());
        assertNull(envelope.replyTo());
        assertEquals(7, bytes.get());
    }

    @Test
    void aRequestSaysWhereItsAnswerGoes() {
        ByteBuffer bytes = request();
        assertEquals(16 + "inbox:me".length() + 1, bytes.remaining());
        assertEquals(2, bytes.get(0));
        assertEquals("inbox:me".length(), bytes.getShort(2));
        assertEquals(0x1122_3344_5566_7788L, bytes.getLong(8));
        InboxEnvelope envelope = InboxEnvelope.read(bytes);
        assertEquals(REPLY, envelope.replyTo());
        assertEquals(0x1122_3344_5566_7788L, envelope.correlation());
        assertEquals(9, bytes.get());
    }

    @Test
    void aReplyHasTheNumberAndNoAddress() {
        EnvelopeCodec<byte[]> codec = new EnvelopeCodec<>(Codecs.bytes());
        codec.begin(InboxEnvelope.REPLY, -1, null);
        ByteBuffer bytes = encoded(codec);
        assertEquals(16, bytes.remaining());
        InboxEnvelope envelope = InboxEnvelope.read(bytes);
        assertEquals(InboxEnvelope.REPLY, envelope.kind());
        assertEquals(-1, envelope.correlation());
        assertNull(envelope.replyTo());
    }

    private static void assertRefused(ByteBuffer bytes, String where) {
        for (int way = 0; way < 2; way++) {
            ByteBuffer source = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
            boolean skips = way == 0;
            IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> {
                if (skips) {
                    InboxEnvelope.skip(source);
                } else {
                    InboxEnvelope.read(source);
                }
            });
            assertTrue(String.valueOf(refused.getMessage()).contains(where), refused.getMessage());
        }
    }

    @Test
    void whatIsWrongIsNamedWithItsPlace() {
        assertRefused(ByteBuffer.allocate(0), "0 bytes");
        assertRefused(ByteBuffer.allocate(7), "7 bytes");
        assertRefused(request().put(0, (byte) 0), "kind at byte 0 is 0");
        assertRefused(request().put(0, (byte) 4), "kind at byte 0 is 4");
        assertRefused(request().put(1, (byte) 2), "version at byte 1 is 2");
        assertRefused(request().putShort(2, (short) 0), "reply length at byte 2 is 0");
        assertRefused(request().putShort(2, (short) 256), "reply length at byte 2 is 256");
        assertRefused(request().putShort(2, (short) -1), "reply length at byte 2 is 65535");
        assertRefused(request().putShort(2, (short) 200), "it has 216 bytes");
        assertRefused(request().put(0, (byte) 1), "reply length at byte 2 is 8; of kind 1");
        assertRefused(request().put(0, (byte) 3), "reply length at byte 2 is 8; of kind 3");
        assertRefused(request().limit(12), "it has 24 bytes");
    }

    @Test
    void anAddressThatIsNoInboxIsNamed() {
        for (String wrong :
                new String[] {"inbox:/x", "rings:me", "inbox", "inbox:a?b", "inbox:a?waiting=spin", "mq:mememe"}) {
            byte[] text = wrong.getBytes(StandardCharsets.UTF_8);
            ByteBuffer bytes = ByteBuffer.allocate(16 + text.length).order(ByteOrder.LITTLE_ENDIAN);
            bytes.putLong(0, InboxEnvelopeLayout.header(2, text.length, 0)).put(16, text);
            IllegalArgumentException refused =
                    assertThrows(IllegalArgumentException.class, () -> InboxEnvelope.read(bytes), wrong);
            assertTrue(String.valueOf(refused.getMessage()).contains("at byte 16"), refused.getMessage());
        }
    }

    /** It is refused, or is one: nothing else comes out of it, and nothing beyond the end is read. */
    @Test
    void anyBytesAreAnEnvelopeOrRefused() {
        Random random = new Random(20_261_129);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            if (bytes.length > 3 && random.nextBoolean()) {
                bytes[0] = (byte) random.nextInt(5);
                bytes[1] = 1;
                bytes[2] = (byte) random.nextInt(40);
                bytes[3] = 0;
            }
            ByteBuffer source = ByteBuffer.wrap(bytes).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
            try {
                InboxEnvelope.read(source);
                assertTrue(source.position() >= 8 && source.position() <= bytes.length);
            } catch (IllegalArgumentException e) {
                assertTrue(String.valueOf(e.getMessage()).startsWith("envelope: "), e.getMessage());
            }
        }
    }
}
