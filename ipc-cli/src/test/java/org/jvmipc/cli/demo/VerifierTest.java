package org.jvmipc.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each fault that a channel can commit is seen, and told from the others. */
@Timeout(20)
class VerifierTest {
    private static final long RUN = 0x0123456789ABCDEFL;
    private static final int SENDER = 7;
    private static final int PAYLOAD = 61; // no multiple of a word

    private final MessageSource source = new MessageSource(RUN, SENDER, PAYLOAD);
    private final List<ByteBuffer> sent = new ArrayList<>();
    private Verifier verifier = new Verifier(RUN, PAYLOAD, SENDER);

    @BeforeEach
    void makeMessages() {
        for (int i = 0; i < 10; i++) {
            sent.add(copy(source.message()));
            source.sent();
        }
    }

    private static ByteBuffer copy(ByteBuffer message) {
        byte[] bytes = new byte[message.remaining()];
        message.duplicate().get(bytes);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void receive(int... indices) {
        for (int index : indices) {
            verifier.accept(sent.get(index).duplicate().asReadOnlyBuffer());
        }
    }

    private void assertFound(long received, long lost, long duplicated, long reordered, long corrupt) {
        assertEquals(received, verifier.received(SENDER), "received");
        assertEquals(lost, verifier.lost(SENDER, source.count()), "lost");
        assertEquals(duplicated, verifier.duplicated(), "duplicated");
        assertEquals(reordered, verifier.reordered(), "reordered");
        assertEquals(corrupt, verifier.corrupt(), "corrupt");
    }

    @Test
    void findsNothingWrongWithAllInOrder() {
        receive(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertFound(10, 0, 0, 0, 0);
        assertEquals(source.digest(), verifier.digest(SENDER));
        assertEquals(0, verifier.gaps(SENDER));
    }

    @Test
    void findsWhatIsLostInTheMiddle() {
        receive(0, 1, 4, 5, 6, 7, 8, 9);
        assertFound(8, 2, 0, 0, 0);
        assertEquals(2, verifier.gaps(SENDER));
        assertNotEquals(source.digest(), verifier.digest(SENDER));
    }

    @Test
    void findsWhatIsLostAtTheEnd() {
        receive(0, 1, 2);
        assertFound(3, 7, 0, 0, 0);
        assertEquals(0, verifier.gaps(SENDER), "a prefix has no gaps");
    }

    @Test
    void findsWhatIsLostAtTheBeginning() {
        receive(9);
        assertFound(1, 9, 0, 0, 0);
    }

    @Test
    void findsWhatIsDoubled() {
        receive(0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0);
        assertFound(10, 0, 2, 0, 0);
        assertNotEquals(source.digest(), verifier.digest(SENDER));
    }

    @Test
    void findsWhatIsOutOfOrder() {
        receive(1, 0, 2, 6, 4, 5, 3, 7, 8, 9);
        assertFound(10, 0, 0, 4, 0);
        assertNotEquals(source.digest(), verifier.digest(SENDER));
    }

    @Test
    void tellsLateFromDoubled() {
        receive(0, 5, 3, 3, 9, 5);
        assertFound(4, 6, 2, 1, 0);
    }

    @Test
    void findsEveryCorruptBit() {
        for (int bit = 0; bit < sent.get(0).capacity() * Byte.SIZE; bit++) {
            verifier = new Verifier(RUN, PAYLOAD, SENDER);
            ByteBuffer message = copy(sent.get(0));
            int at = bit / Byte.SIZE;
            message.put(at, (byte) (message.get(at) ^ 1 << bit % Byte.SIZE));
            verifier.accept(message);
            assertEquals(1, verifier.corrupt(), "bit " + bit);
            assertEquals(0, verifier.received(SENDER), "bit " + bit);
        }
    }

    @Test
    void findsAWrongPayloadWithARightChecksum() {
        ByteBuffer message = sent.get(3);
        message.put(DemoMessage.PAYLOAD_OFFSET + 60, (byte) (message.get(DemoMessage.PAYLOAD_OFFSET + 60) + 1));
        int end = DemoMessage.PAYLOAD_OFFSET + PAYLOAD;
        message.putInt(end, DemoMessage.checksum(message, end, new CRC32C()));
        receive(3);
        assertFound(0, 10, 0, 0, 1);
    }

    @Test
    void findsAMessageOfAnotherRun() {
        verifier.accept(new MessageSource(RUN + 1, SENDER, PAYLOAD).message());
        assertFound(0, 10, 0, 0, 1);
    }

    @Test
    void findsAMessageOfAnotherSender() {
        verifier.accept(new MessageSource(RUN, SENDER + 1, PAYLOAD).message());
        assertFound(0, 10, 0, 0, 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 23, 27, 28, 88})
    void findsATruncatedMessage(int bytes) {
        verifier.accept(sent.get(0).slice(0, bytes));
        assertFound(0, 10, 0, 0, 1);
    }

    @Test
    void findsAMessageThatIsTooLong() {
        verifier.accept(
                ByteBuffer.allocate(sent.get(0).capacity() + 1).put(sent.get(0)).clear());
        assertFound(0, 10, 0, 0, 1);
    }

    @Test
    void keepsSendersApart() {
        verifier = new Verifier(RUN, PAYLOAD, SENDER, 1);
        MessageSource other = new MessageSource(RUN, 1, PAYLOAD);
        receive(0);
        verifier.accept(other.message());
        other.sent();
        receive(1);
        assertEquals(2, verifier.received(SENDER));
        assertEquals(1, verifier.received(1));
        assertEquals(other.digest(), verifier.digest(1));
        assertEquals(0, verifier.reordered() + verifier.duplicated() + verifier.corrupt());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 4096})
    void takesPayloadsOfAnySize(int payloadBytes) {
        MessageSource own = new MessageSource(RUN, SENDER, payloadBytes);
        Verifier of = new Verifier(RUN, payloadBytes, SENDER);
        for (int i = 0; i < 3; i++) {
            of.accept(own.message());
            own.sent();
        }
        assertEquals(3, of.received(SENDER));
        assertEquals(0, of.corrupt());
        assertEquals(own.digest(), of.digest(SENDER));
    }

    @Test
    void tellsWhoseAMessageIs() {
        assertEquals(SENDER, verifier.accept(sent.get(0)));
        sent.get(1).put(30, (byte) ~sent.get(1).get(30));
        assertEquals(Verifier.NOBODY, verifier.accept(sent.get(1)));
    }

    @Test
    void knowsWhereASequenceBeginsAndEnds() {
        assertEquals(0, verifier.next(SENDER));
        receive(3, 4, 6);
        assertEquals(3, verifier.first(SENDER));
        assertEquals(7, verifier.next(SENDER));
        assertEquals(3, verifier.received(SENDER));
    }
}
