package org.jvmipc.internal.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.Batch;
import org.jvmipc.Framing;
import org.jvmipc.IpcException;
import org.jvmipc.LimitException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.PeerGoneException.Reason;

/** Lines and raw bytes: what cat, C and Python write and read. */
@Timeout(60)
class PlainStreamTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void lineIsTextAndNewline() throws Exception {
        try (RawPipe pipe = new RawPipe()) {
            PlainSender<byte[]> sender = pipe.plainSender(Framing.LINE);
            sender.send(bytes("one"));
            sender.send(bytes(""));
            sender.sendAll(List.of(bytes("two"), bytes("three")));
            assertEquals("one\n\ntwo\nthree\n", text(pipe.contents()));
        }
    }

    @Test
    void lineWithANewlineIsRefusedAndNothingSent() throws Exception {
        try (RawPipe pipe = new RawPipe()) {
            PlainSender<byte[]> sender = pipe.plainSender(Framing.LINE);
            assertThrows(IllegalArgumentException.class, () -> sender.send(bytes("a\nb")));
            try (Batch<byte[]> batch = sender.batch()) {
                batch.add(bytes("kept"));
                assertThrows(IllegalArgumentException.class, () -> batch.add(bytes("a\nb")));
            }
            assertEquals("kept\n", text(pipe.contents()));
        }
    }

    @Test
    void linesAreTakenOneByOneHoweverTheyCome() throws Exception {
        try (RawPipe pipe = new RawPipe()) {
            PlainReceiver<byte[]> receiver = pipe.plainReceiver(Framing.LINE, 1000);
            pipe.inject(bytes("one\ntw"));
            assertEquals("one", text(receiver.tryReceive()));
            assertNull(receiver.tryReceive());
            pipe.inject(bytes("o\n\nlast"));
            assertEquals("two", text(receiver.receive()));
            assertEquals("", text(receiver.receive()));
            assertNull(receiver.tryReceive());
        }
    }

    @Test
    void lastLineWithoutNewlineIsDeliveredThenTheEnd() throws Exception {
        RawPipe pipe = new RawPipe();
        try (PlainReceiver<byte[]> receiver = pipe.plainReceiver(Framing.LINE, 1000)) {
            pipe.inject(bytes("one\nlast"));
            pipe.writing.close();
            assertEquals("one", text(receiver.receive()));
            assertEquals("last", text(receiver.receive()));
            assertEquals(
                    Reason.CLOSED,
                    assertThrows(PeerGoneException.class, receiver::receive).reason());
            assertEquals(
                    Reason.CLOSED,
                    assertThrows(PeerGoneException.class, receiver::receive).reason());
        }
    }

    @Test
    void lineOverTheLimitIsDroppedAndTheNextReceived() throws Exception {
        try (RawPipe pipe = new RawPipe()) {
            PlainReceiver<byte[]> receiver = pipe.plainReceiver(Framing.LINE, 10);
            pipe.inject(bytes("12345678901\nnext\n"));
            pipe.inject(bytes("x".repeat(500_000) + "\n1234567890\n"));
            assertThrows(LimitException.class, receiver::receive);
            assertEquals("next", text(receiver.receive()));
            assertThrows(LimitException.class, receiver::receive);
            assertEquals("1234567890", text(receiver.receive()));
        }
    }

    @Test
    void lineLargerThanTheReadAheadIsReceivedWhole() throws Exception {
        try (RawPipe pipe = new RawPipe()) {
            String line = "abc".repeat(100_000);
            PlainReceiver<byte[]> receiver = pipe.plainReceiver(Framing.LINE, 1_000_000);
            pipe.inject(bytes("x\n" + line + "\ny\n"));
            assertEquals("x", text(receiver.receive()));
            assertEquals(line, text(receiver.receive()));
            assertEquals("y", text(receiver.receive()));
        }
    }

    @Test
    void rawBytesPassAsTheyAre() throws Exception {
        RawPipe pipe = new RawPipe();
        try (PlainReceiver<byte[]> receiver = pipe.plainReceiver(Framing.RAW, 4)) {
            try (PlainSender<byte[]> sender = pipe.plainSender(Framing.RAW)) {
                sender.send(bytes("ab"));
                sender.send(bytes("cde"));
            }
            assertEquals("abcd", text(receiver.receive()));
            assertEquals("e", text(receiver.receive()));
            assertEquals(
                    Reason.CLOSED,
                    assertThrows(PeerGoneException.class, receiver::receive).reason());
        }
    }

    @Test
    void cutOffInTheMiddleBreaksTheSenderAndSaysHowMuchWentOut() throws Exception {
        try (RawPipe pipe = new RawPipe()) {
            PlainSender<byte[]> sender = pipe.plainSender(Framing.RAW);
            sender.send(new byte[1024 * 1024 - 5000]);
            IpcException cut =
                    assertThrows(IpcException.class, () -> sender.trySend(new byte[100_000], Duration.ofMillis(20)));
            assertTrue(String.valueOf(cut.getMessage()).contains("of 100000 bytes were written"));
            assertThrows(IpcException.class, () -> sender.send(bytes("more")));
        }
    }

    @Test
    void writeWithoutReaderIsClosed() throws Exception {
        RawPipe pipe = new RawPipe();
        pipe.reading.close();
        try (PlainSender<byte[]> sender = pipe.plainSender(Framing.RAW)) {
            assertEquals(
                    Reason.CLOSED,
                    assertThrows(PeerGoneException.class, () -> sender.send(bytes("x")))
                            .reason());
        }
    }
}
