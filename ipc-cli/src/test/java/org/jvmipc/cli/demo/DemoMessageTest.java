package org.jvmipc.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class DemoMessageTest {
    /** The layout, byte for byte: it is documented, so it must not change by accident. */
    @Test
    void hasTheDocumentedLayout() {
        ByteBuffer message = new MessageSource(0x1122334455667788L, 3, 9).message();
        assertEquals(28 + 9, message.remaining());
        String hex = HexFormat.of().formatHex(bytes(message));
        assertEquals("8877665544332211" + "0000000000000000" + "03000000" + "09000000", hex.substring(0, 48));
        assertEquals(0x1122334455667788L, message.getLong(0));
        long seed = DemoMessage.seed(0x1122334455667788L, 3, 0);
        assertEquals(seed ^ (seed >>> 31), message.getLong(24));
    }

    @Test
    void givesTheSameMessageUntilItIsSent() {
        MessageSource source = new MessageSource(1, 0, 100);
        byte[] first = bytes(source.message());
        assertSame(source.message(), source.message());
        assertEquals(0, source.count());
        source.sent();
        assertEquals(1, source.count());
        assertNotEquals(HexFormat.of().formatHex(first), HexFormat.of().formatHex(bytes(source.message())));
    }

    @Test
    void payloadsDifferFromMessageToMessageAndFromSenderToSender() {
        byte[] one = payload(new MessageSource(1, 0, 64));
        assertFalse(Arrays.equals(one, payload(new MessageSource(1, 1, 64))));
        assertFalse(Arrays.equals(one, payload(new MessageSource(2, 0, 64))));
    }

    private static byte[] payload(MessageSource source) {
        return Arrays.copyOfRange(bytes(source.message()), 24, 24 + 64);
    }

    private static byte[] bytes(ByteBuffer message) {
        byte[] bytes = new byte[message.remaining()];
        message.duplicate().get(bytes);
        return bytes;
    }

    @Test
    void digestDependsOnOrder() {
        long ab = DemoMessage.digest(DemoMessage.digest(0, 0, 10), 1, 20);
        long ba = DemoMessage.digest(DemoMessage.digest(0, 1, 20), 0, 10);
        assertNotEquals(ab, ba);
    }
}
