package org.jvmipc.pipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Codecs;
import org.jvmipc.Framing;
import org.jvmipc.Ipc;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.UnsupportedMechanismException;
import org.jvmipc.testkit.NoLeaks;

/** What is special to pipes: capacity, how full, waits, addresses. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(NoLeaks.class)
class PipesTest implements NoLeaks.WarmUp {
    private static final int HEADER_BYTES = 12;

    @Override
    public void warmUp() throws Exception {
        try (PipePair<byte[]> pipe = Pipes.open(Codecs.bytes())) {
            pipe.sender().send(new byte[1]);
            pipe.receiver().receive();
            pipe.receiver().tryReceive(Duration.ofMillis(1));
        }
    }

    @Test
    void capacityIsRoundedUpToPages() throws Exception {
        try (PipePair<byte[]> pipe =
                Pipes.open(Codecs.bytes(), PipeOptions.defaults().withCapacity(5000))) {
            assertEquals(8192, pipe.sender().capacityBytes());
            assertEquals(8192, pipe.receiver().capacityBytes());
            assertEquals(4096, pipe.sender().setCapacity(1));
            assertEquals(4096, pipe.receiver().capacityBytes());
        }
    }

    @Test
    void capacityOfNothingIsRefused() throws Exception {
        try (PipePair<byte[]> pipe = Pipes.open(Codecs.bytes())) {
            String message = assertThrows(
                            IllegalArgumentException.class, () -> pipe.sender().setCapacity(0))
                    .getMessage();
            assertTrue(String.valueOf(message).contains("0"), message);
        }
        assertThrows(
                IllegalArgumentException.class, () -> PipeOptions.defaults().withCapacity(-1));
        assertThrows(
                IllegalArgumentException.class, () -> PipeOptions.defaults().withMaxMessage(0));
    }

    @Test
    void capacityBelowWhatLiesInThePipeIsRefusedAndNothingLost() throws Exception {
        try (PipePair<byte[]> pipe = Pipes.open(Codecs.bytes())) {
            pipe.sender().send(new byte[20_000]);
            LimitException limit =
                    assertThrows(LimitException.class, () -> pipe.sender().setCapacity(4096));
            assertEquals(20_000 + HEADER_BYTES, limit.value());
            assertEquals(20_000, pipe.receiver().receive().length);
        }
    }

    @Test
    void absurdCapacityIsRefusedAndNothingLeftOpen() {
        assertThrows(
                LimitOrOs.class,
                () -> limitOrOs(
                        () -> Pipes.open(Codecs.bytes(), PipeOptions.defaults().withCapacity(Integer.MAX_VALUE))));
    }

    /** The kernel says EPERM to a user and EINVAL or ENOMEM to root. */
    private static final class LimitOrOs extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private interface Opening {
        PipePair<byte[]> open() throws Exception;
    }

    private static void limitOrOs(Opening opening) throws Exception {
        try (PipePair<byte[]> pipe = opening.open()) {
            assertTrue(pipe.sender().capacityBytes() > 1 << 30);
        } catch (LimitException | OsException e) {
            throw new LimitOrOs();
        }
    }

    @Test
    void bytesWaitingCountsFramesUntilTheyAreReadAhead() throws Exception {
        try (PipePair<byte[]> pipe = Pipes.open(Codecs.bytes())) {
            assertEquals(0, pipe.receiver().bytesWaiting());
            pipe.sender().send(new byte[100]);
            pipe.sender().send(new byte[0]);
            assertEquals(100 + 2 * HEADER_BYTES, pipe.receiver().bytesWaiting());
            assertEquals(100 + 2 * HEADER_BYTES, pipe.sender().bytesWaiting());
            pipe.receiver().receive();
            assertEquals(0, pipe.receiver().bytesWaiting());
            assertEquals(0, pipe.receiver().receive().length);
        }
    }

    @Test
    void waitsAreCountedAndTimedOnBothEnds() throws Exception {
        try (PipePair<byte[]> pipe =
                Pipes.open(Codecs.bytes(), PipeOptions.defaults().withCapacity(4096))) {
            assertEquals(new WaitStatistics(0, Duration.ZERO), pipe.sender().waits());
            while (pipe.sender().trySend(new byte[1000])) {}
            assertFalse(pipe.sender().trySend(new byte[1000], Duration.ofMillis(30)));
            WaitStatistics writer = pipe.sender().waits();
            assertEquals(1, writer.count());
            assertTrue(writer.total().compareTo(Duration.ofMillis(30)) >= 0, writer::toString);
            while (pipe.receiver().tryReceive() != null) {}
            assertNull(pipe.receiver().tryReceive(Duration.ofMillis(20)));
            WaitStatistics reader = pipe.receiver().waits();
            assertEquals(1, reader.count());
            assertTrue(reader.total().compareTo(Duration.ofMillis(20)) >= 0, reader::toString);
        }
    }

    @Test
    void nothingIsAllocatedPerMessage() throws Exception {
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        int count = 20_000;
        ByteBuffer message = ByteBuffer.allocateDirect(64);
        try (PipePair<ByteBuffer> pipe = Pipes.open(Codecs.buffers())) {
            exchange(pipe, message, count);
            long before = threads.getCurrentThreadAllocatedBytes();
            exchange(pipe, message, count);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(allocated < count, () -> allocated + " bytes for " + count + " messages");
        }
    }

    private static void exchange(PipePair<ByteBuffer> pipe, ByteBuffer message, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            pipe.sender().send(message);
            assertEquals(64, pipe.receiver().receive().remaining());
        }
    }

    @Test
    void addressOfAnOpenPipeOpensItAgain() throws Exception {
        try (PipePair<String> pipe = Pipes.open(Codecs.utf8());
                Sender<String> second = Ipc.sender(pipe.sender().address(), Codecs.utf8())) {
            assertTrue(Ipc.exists(pipe.sender().address()));
            second.send("through /proc");
            Map<String, Object> facts = Ipc.inspect(pipe.receiver().address());
            assertEquals(13 + HEADER_BYTES, facts.get("waiting"));
            assertEquals(pipe.receiver().capacityBytes(), facts.get("capacity"));
            assertEquals("through /proc", pipe.receiver().receive());
        }
    }

    @Test
    void addressCarriesWhatTheOtherEndHasToKnow() throws Exception {
        PipeOptions options = PipeOptions.defaults().withFraming(Framing.LINE).withMaxMessage(100);
        try (PipePair<String> pipe = Pipes.open(Codecs.utf8(), options);
                Receiver<String> second = Ipc.receiver(pipe.receiver().address(), Codecs.utf8())) {
            pipe.sender().send("a line");
            assertEquals("a line", second.receive());
            assertEquals("line", pipe.sender().address().parameter("framing"));
            assertEquals("100", pipe.sender().address().parameter("max"));
        }
    }

    @Test
    void whatIsNoPipeIsRefused() {
        long self = ProcessHandle.current().pid();
        assertThrows(OsException.class, () -> Ipc.sender("pipe:" + self + ".99999", Codecs.utf8()));
        assertThrows(AddressException.class, () -> Ipc.sender("pipe:somewhere", Codecs.utf8()));
        assertThrows(AddressException.class, () -> Ipc.sender("pipe:1.2?frames=1", Codecs.utf8()));
        assertThrows(UnsupportedMechanismException.class, () -> Ipc.create(Address.of("pipe:1.2")));
        assertThrows(UnsupportedMechanismException.class, () -> Ipc.remove(Address.of("pipe:1.2")));
    }

    @Test
    void closedEndsRefuseQuestions() throws Exception {
        PipePair<byte[]> pipe = Pipes.open(Codecs.bytes());
        pipe.close();
        assertThrows(ClosedChannelException.class, () -> pipe.sender().capacityBytes());
        assertThrows(ClosedChannelException.class, () -> pipe.receiver().bytesWaiting());
        assertFalse(pipe.sender().isOpen());
    }
}
