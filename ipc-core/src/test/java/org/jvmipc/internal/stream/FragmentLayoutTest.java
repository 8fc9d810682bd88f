package org.jvmipc.internal.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.PeerGoneException;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.PolledFd;
import org.jvmipc.process.ProcessIdentity;

/** The bytes of fragments, as docs/wire-formats.md gives them: a peer in another language relies on each. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FragmentLayoutTest {
    private static final ProcessIdentity SELF = ProcessIdentity.self();

    /** What a sender of ours writes while it is used so. */
    private static List<ByteBuffer> wire(FifoTraffic traffic, Use use) throws Exception {
        try (RawFifo fifo = new RawFifo();
                PolledFd reading = fifo.reading()) {
            try (FramedSender<byte[]> sender = fifo.sender(traffic)) {
                reading.setPipeCapacity(RawFifo.CAPACITY);
                use.of(sender);
            }
            return fragments(contents(reading));
        }
    }

    private interface Use {
        void of(FramedSender<byte[]> sender) throws Exception;
    }

    private static byte[] contents(PolledFd reading) throws Exception {
        byte[] bytes = new byte[OsCalls.bytesWaiting(reading.number())];
        NativeBuffer buffer = new NativeBuffer(bytes.length + 1);
        for (int at = 0; at < bytes.length; ) { // a read takes one packet, where there are packets
            int count = reading.read(buffer, 0, bytes.length - at);
            assertTrue(count > 0);
            buffer.bytes().get(0, bytes, at, count);
            at += count;
        }
        return bytes;
    }

    /** Cuts at the lengths, and checks what all fragments have in common. */
    private static List<ByteBuffer> fragments(byte[] wire) {
        List<ByteBuffer> all = new ArrayList<>();
        for (int at = 0; at < wire.length; ) {
            int length = ByteBuffer.wrap(wire).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
            ByteBuffer fragment = ByteBuffer.wrap(wire, at, 52 + length).slice().order(ByteOrder.LITTLE_ENDIAN);
            assertEquals(0, fragment.get(5));
            assertArrayEquals(new byte[] {'J', 'F'}, new byte[] {fragment.get(6), fragment.get(7)});
            assertEquals(SELF.pid(), fragment.getInt(8));
            assertEquals(all.isEmpty() ? fragment.getInt(12) : all.get(0).getInt(12), fragment.getInt(12));
            assertEquals(SELF.startTime(), fragment.getLong(16));
            assertEquals((int) SELF.pidNamespace(), fragment.getInt(40));
            assertEquals(0, fragment.getInt(44));
            assertEquals(FrameLayoutTest.bitwiseCrc32c(wire, at, at + 48 + length), fragment.getInt(48 + length));
            all.add(fragment);
            at += 52 + length;
        }
        return all;
    }

    private static void assertFragment(
            ByteBuffer fragment, int type, long sequence, int offset, int total, int length) {
        assertEquals(type, fragment.get(4));
        assertEquals(sequence, fragment.getLong(24));
        assertEquals(offset, fragment.getInt(32));
        assertEquals(total, fragment.getInt(36));
        assertEquals(length, fragment.getInt(0));
    }

    @Test
    void senderGreetsNumbersItsMessagesAndSaysGoodbye() throws Exception {
        for (FifoTraffic traffic : FifoTraffic.values()) {
            List<ByteBuffer> wire = wire(traffic, sender -> {
                sender.send(new byte[] {'a', 'b', 'c'});
                sender.send(new byte[0]);
                sender.sendAll(List.of(new byte[] {1}, new byte[0], new byte[] {2, 3}));
            });
            assertEquals(5, wire.size());
            assertFragment(wire.get(0), FragmentImages.HELLO, 0, 0, 0, 0);
            assertFragment(wire.get(1), FragmentImages.MESSAGE, 0, 0, 3, 3);
            assertEquals('c', wire.get(1).get(50));
            assertFragment(wire.get(2), FragmentImages.MESSAGE, 1, 0, 0, 0);
            assertFragment(wire.get(3), FragmentImages.BATCH, 2, 0, 15, 15);
            assertEquals(1, wire.get(3).getInt(48));
            assertEquals(0, wire.get(3).getInt(53));
            assertEquals(2, wire.get(3).getInt(57));
            assertFragment(wire.get(4), FragmentImages.END, 3, 0, 0, 0);
        }
    }

    @Test
    void largeMessageOfManySendersIsCutIntoWhatTheKernelWritesInOnePiece() throws Exception {
        List<ByteBuffer> wire = wire(FifoTraffic.MANY_SENDERS, sender -> sender.send(new byte[2 * 4044 + 1]));
        assertFragment(wire.get(1), FragmentImages.MESSAGE, 0, 0, 8089, 4044);
        assertFragment(wire.get(2), FragmentImages.MESSAGE, 0, 4044, 8089, 4044);
        assertFragment(wire.get(3), FragmentImages.MESSAGE, 0, 8088, 8089, 1);
        assertFragment(wire.get(4), FragmentImages.END, 1, 0, 0, 0);
    }

    @Test
    void largeMessageOfOneSenderIsCutIntoLargePieces() throws Exception {
        List<ByteBuffer> wire = wire(FifoTraffic.ONE_SENDER, sender -> sender.send(new byte[65_484 + 1]));
        assertFragment(wire.get(1), FragmentImages.MESSAGE, 0, 0, 65_485, 65_484);
        assertFragment(wire.get(2), FragmentImages.MESSAGE, 0, 65_484, 65_485, 1);
    }

    /** A batch of many senders is no larger than one write may be. */
    @Test
    void batchFillsOneWrite() throws Exception {
        List<byte[]> many = Collections.nCopies(1000, new byte[8]);
        for (FifoTraffic traffic : FifoTraffic.values()) {
            List<ByteBuffer> wire = wire(traffic, sender -> sender.sendAll(many));
            int most = traffic == FifoTraffic.ONE_SENDER ? 65_536 : 4096;
            int messages = 0;
            for (ByteBuffer fragment : wire.subList(1, wire.size() - 1)) {
                assertTrue(fragment.capacity() <= most);
                messages += fragment.getInt(0) / 12;
            }
            assertEquals(1000, messages);
            assertEquals((1000 + (most - 52) / 12 - 1) / ((most - 52) / 12), wire.size() - 2);
        }
    }

    /** The program in docs/wire-formats.md, run as it stands there. */
    @Test
    void senderInPythonIsReceived() throws Exception {
        Path documentation = Path.of("..", "docs", "wire-formats.md");
        String text = Files.readString(documentation);
        int start = text.indexOf("```python\nimport os, struct");
        assertTrue(start >= 0, "the program is in the documentation");
        String program = text.substring(start + "```python\n".length(), text.indexOf("```", start + 3));
        assumeTrue(hasPython(), "python3 is not installed");
        try (RawFifo fifo = new RawFifo();
                FragmentReceiver<byte[]> receiver = fifo.receiver(FifoTraffic.MANY_SENDERS)) {
            Process python = new ProcessBuilder("python3", "-c", program, fifo.path.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try {
                assertEquals("hello from Python", new String(receiver.receive(), UTF_8));
                assertEquals(100_000, receiver.receive().length);
                PeerGoneException gone = assertThrows(PeerGoneException.class, receiver::receive);
                assertEquals(PeerGoneException.Reason.CLOSED, gone.reason());
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
