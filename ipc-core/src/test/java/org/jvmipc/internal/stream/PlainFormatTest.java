package org.jvmipc.internal.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvmipc.Batch;
import org.jvmipc.Codecs;
import org.jvmipc.CorruptDataException;
import org.jvmipc.Framing;
import org.jvmipc.LimitException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.PeerGoneException.Reason;

/** Messages that end with a byte, or begin with their length. */
@Timeout(60)
class PlainFormatTest {
    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static byte[] counted(byte[] message) {
        return ByteBuffer.allocate(4 + message.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(message.length)
                .put(message)
                .array();
    }

    /** The message with what marks it off. */
    private static byte[] wire(Framing framing, byte[] message) {
        if (framing == Framing.LEN32) {
            return counted(message);
        }
        byte[] ended = Arrays.copyOf(message, message.length + 1);
        ended[message.length] = (byte) (framing == Framing.LINE ? '\n' : 0);
        return ended;
    }

    private static byte[] join(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    /** All bytes that a message of the framing may have, each. */
    private static byte[] alphabet(Framing framing) {
        ByteBuffer all = ByteBuffer.allocate(256);
        for (int b = 0; b < 256; b++) {
            if (framing == Framing.LEN32 || b != (framing == Framing.LINE ? '\n' : 0)) {
                all.put((byte) b);
            }
        }
        return Arrays.copyOf(all.array(), all.position());
    }

    private static PlainSender<byte[]> sender(RawPipe pipe, Framing framing, int maxMessageBytes) {
        return new PlainSender<>(pipe.writing, RawPipe.ADDRESS, Set.of(), Codecs.bytes(), framing, maxMessageBytes);
    }

    // ---- to send

    @ParameterizedTest
    @EnumSource(names = {"LINE", "NUL", "LEN32"})
    void messagesAreMarkedOffAloneAndInBatches(Framing framing) throws Exception {
        try (RawPipe pipe = new RawPipe()) {
            PlainSender<byte[]> sender = pipe.plainSender(framing);
            byte[] all = alphabet(framing);
            sender.send(bytes("one"));
            sender.send(bytes(""));
            sender.sendAll(List.of(bytes("two"), bytes(""), all));
            assertArrayEquals(
                    join(
                            wire(framing, bytes("one")),
                            wire(framing, bytes("")),
                            wire(framing, bytes("two")),
                            wire(framing, bytes("")),
                            wire(framing, all)),
                    pipe.contents());
        }
    }

    @Test
    void aLengthIsLittleEndian() throws Exception {
        try (RawPipe pipe = new RawPipe()) {
            pipe.plainSender(Framing.LEN32).send(new byte[0x010203]);
            assertArrayEquals(new byte[] {3, 2, 1, 0}, Arrays.copyOf(pipe.contents(), 4));
        }
    }

    @Test
    void aMessageWithTheDelimiterIsRefusedAndNothingSent() throws Exception {
        try (RawPipe pipe = new RawPipe()) {
            PlainSender<byte[]> sender = pipe.plainSender(Framing.NUL);
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> sender.send(bytes("a\0b")));
            assertTrue(String.valueOf(e.getMessage()).contains("a zero byte, at byte 1 of 3"), e::getMessage);
            try (Batch<byte[]> batch = sender.batch()) {
                batch.add(bytes("kept\n"));
                assertThrows(IllegalArgumentException.class, () -> batch.add(bytes("\0")));
            }
            assertArrayEquals(bytes("kept\n\0"), pipe.contents());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LINE", "NUL", "LEN32"})
    void theLargestIsSentAndALargerOneRefusedBeforeAnythingIs(Framing framing) throws Exception {
        byte[] largest = new byte[70_000];
        Arrays.fill(largest, (byte) 'x');
        try (RawPipe pipe = new RawPipe();
                PlainSender<byte[]> sender = sender(pipe, framing, largest.length)) {
            byte[] larger = Arrays.copyOf(largest, largest.length + 1);
            assertThrows(LimitException.class, () -> sender.send(larger));
            Batch<byte[]> batch = sender.batch();
            assertThrows(LimitException.class, () -> batch.add(larger));
            batch.close();
            assertEquals(0, pipe.contents().length);
            sender.send(largest);
            assertArrayEquals(wire(framing, largest), pipe.contents());
        }
    }

    @Test
    void whereSeveralSendAMessageAndItsLengthAreOneWrite() throws Exception {
        try (RawFifo fifo = new RawFifo();
                PlainReceiver<byte[]> receiver = fifo.plainReceiver(Framing.LEN32);
                PlainSender<byte[]> one = fifo.plainSender(Framing.LEN32);
                PlainSender<byte[]> other = fifo.plainSender(Framing.LEN32)) {
            byte[] large = new byte[4092];
            int sent = 0;
            while (one.trySend(large) && other.trySend(large)) { // whole, or not at all
                sent += 2;
            }
            assertTrue(sent > 8);
            for (int i = 0; i < sent; i++) {
                assertEquals(4092, receiver.receive().length);
            }
            one.sendAll(List.of(bytes("a"), bytes("b")));
            assertArrayEquals(bytes("a"), receiver.receive());
            assertArrayEquals(bytes("b"), receiver.receive());
        }
    }

    // ---- to receive

    @ParameterizedTest
    @EnumSource(names = {"LINE", "NUL", "LEN32"})
    void messagesAreTakenHoweverTheirBytesCome(Framing framing) throws Exception {
        byte[] all = alphabet(framing);
        try (RawPipe pipe = new RawPipe()) {
            PlainReceiver<byte[]> receiver = pipe.plainReceiver(framing, 1000);
            byte[] wire = join(wire(framing, bytes("")), wire(framing, all), wire(framing, bytes("z")));
            int messages = 0;
            for (byte b : wire) {
                pipe.inject(b);
                byte[] message = receiver.tryReceive();
                if (message != null) {
                    assertArrayEquals(List.of(bytes(""), all, bytes("z")).get(messages++), message);
                }
            }
            assertEquals(3, messages);
            pipe.inject(wire);
            assertArrayEquals(bytes(""), receiver.receive());
            assertArrayEquals(all, receiver.receive());
            assertArrayEquals(bytes("z"), receiver.receive());
            assertNull(receiver.tryReceive(Duration.ofMillis(10)));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NUL", "LEN32"})
    void oneLargerThanTheReadAheadIsReceivedWhole(Framing framing) throws Exception {
        byte[] large = new byte[300_000];
        Arrays.fill(large, (byte) 'x');
        try (RawPipe pipe = new RawPipe()) {
            PlainReceiver<byte[]> receiver = pipe.plainReceiver(framing, 300_000);
            pipe.inject(join(wire(framing, bytes("a")), wire(framing, large), wire(framing, bytes("b"))));
            assertArrayEquals(bytes("a"), receiver.receive());
            assertArrayEquals(large, receiver.receive());
            assertArrayEquals(bytes("b"), receiver.receive());
        }
    }

    @Test
    void aLengthOverTheLimitIsCorruptAndEverythingAfterIt() throws Exception {
        for (int length : new int[] {1001, Integer.MAX_VALUE, Integer.MIN_VALUE, -1}) {
            try (RawPipe pipe = new RawPipe()) {
                PlainReceiver<byte[]> receiver = pipe.plainReceiver(Framing.LEN32, 1000);
                ByteBuffer hostile = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
                pipe.inject(join(counted(bytes("good")), hostile.putInt(length).array(), counted(bytes("next"))));
                assertArrayEquals(bytes("good"), receiver.receive());
                for (int time = 0; time < 3; time++) {
                    CorruptDataException e = assertThrows(CorruptDataException.class, receiver::tryReceive);
                    assertTrue(
                            e.getMessage().contains(Integer.toUnsignedString(length) + " bytes is announced"),
                            e::getMessage);
                    assertTrue(receiver.ready());
                }
            }
        }
    }

    @Test
    void anEndInsideOfAMessageIsADeathAndThePartIsNotDelivered() throws Exception {
        for (int cut = 1; cut < 9; cut++) {
            RawPipe pipe = new RawPipe();
            try (PlainReceiver<byte[]> receiver = pipe.plainReceiver(Framing.LEN32, 1000)) {
                pipe.inject(counted(bytes("whole")));
                pipe.inject(Arrays.copyOf(counted(bytes("12345")), cut));
                pipe.writing.close();
                assertArrayEquals(bytes("whole"), receiver.receive());
                String came = cut < 4 ? cut + " of the 4 bytes of a length" : cut - 4 + " of the 5 bytes of a message";
                for (int time = 0; time < 2; time++) {
                    PeerGoneException e = assertThrows(PeerGoneException.class, receiver::receive);
                    assertEquals(Reason.DIED, e.reason());
                    assertTrue(e.getMessage().contains(came), e::getMessage);
                }
            }
        }
    }

    @Test
    void anEndBetweenMessagesIsAClose() throws Exception {
        RawPipe pipe = new RawPipe();
        try (PlainReceiver<byte[]> receiver = pipe.plainReceiver(Framing.LEN32, 1000)) {
            pipe.inject(counted(bytes("")));
            pipe.writing.close();
            assertEquals(0, receiver.receive().length);
            assertEquals(
                    Reason.CLOSED,
                    assertThrows(PeerGoneException.class, receiver::receive).reason());
        }
    }

    @Test
    void aFifosNextSenderBeginsAnewBehindACutOffMessage() throws Exception {
        try (RawFifo fifo = new RawFifo();
                PlainReceiver<byte[]> receiver = fifo.plainReceiver(Framing.LEN32)) {
            for (int time = 0; time < 2; time++) {
                try (RawFifo.Injector dying = fifo.injector()) {
                    dying.write(new byte[] {5, 0, 0, 0, 'x'});
                }
                assertEquals(
                        Reason.DIED,
                        assertThrows(PeerGoneException.class, receiver::receive).reason());
                try (PlainSender<byte[]> next = fifo.plainSender(Framing.LEN32)) {
                    next.send(bytes("next"));
                }
                assertArrayEquals(bytes("next"), receiver.receive());
                assertEquals(
                        Reason.CLOSED,
                        assertThrows(PeerGoneException.class, receiver::receive).reason());
            }
        }
    }

    @Test
    void theLastMessageWithoutAZeroByteIsDelivered() throws Exception {
        RawPipe pipe = new RawPipe();
        try (PlainReceiver<byte[]> receiver = pipe.plainReceiver(Framing.NUL, 1000)) {
            pipe.inject(bytes("one\n\0last"));
            pipe.writing.close();
            assertArrayEquals(bytes("one\n"), receiver.receive());
            assertArrayEquals(bytes("last"), receiver.receive());
            assertEquals(
                    Reason.CLOSED,
                    assertThrows(PeerGoneException.class, receiver::receive).reason());
        }
    }

    /** The program in docs/wire-formats.md, run as it stands there. */
    @Test
    void senderInPythonIsReceived() throws Exception {
        String text = Files.readString(Path.of("..", "docs", "wire-formats.md"));
        int start = text.indexOf("```python\nimport struct, sys\n\nfor message");
        assertTrue(start >= 0, "the program is in the documentation");
        String program = text.substring(start + "```python\n".length(), text.indexOf("```", start + 3));
        assumeTrue(hasPython(), "python3 is not installed");
        try (RawFifo fifo = new RawFifo();
                PlainReceiver<byte[]> receiver = fifo.plainReceiver(Framing.LEN32)) {
            Process python = new ProcessBuilder("python3", "-c", program)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .redirectOutput(fifo.path.toFile())
                    .start();
            try {
                assertArrayEquals(bytes("one"), receiver.receive());
                assertEquals(0, receiver.receive().length);
                assertArrayEquals(alphabet(Framing.LEN32), receiver.receive());
                assertEquals(
                        Reason.CLOSED,
                        assertThrows(PeerGoneException.class, receiver::receive).reason());
                assertEquals(0, python.waitFor());
            } finally {
                python.destroyForcibly().waitFor();
            }
        }
    }

    private static boolean hasPython() throws InterruptedException {
        try {
            return new ProcessBuilder("python3", "-c", "").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
