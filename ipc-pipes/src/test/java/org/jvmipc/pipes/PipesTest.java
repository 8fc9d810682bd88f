package org.jvmipc.pipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
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
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.process.JvmLauncher;
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

    /**
     * With small messages, which are written all or nothing. Larger frames of two senders would tear each other, and when
     * the first of them closes the reader is told the end: a framed pipe is for one sender, see {@link Pipes}.
     */
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
    void whatTheLauncherRefusesLeavesNothingOpen() { // NoLeaks looks
        JvmLauncher launcher = JvmLauncher.of(PipesTest.class);
        for (String name : List.of("taken", Pipes.STDIN, Pipes.STDOUT)) {
            launcher.handOver(name, Address.of("pipe:1.2"));
        }
        for (String name : List.of("bad name", "taken")) {
            assertThrows(IllegalArgumentException.class, () -> Pipes.toChild(launcher, name, Codecs.utf8()));
            assertThrows(IllegalArgumentException.class, () -> Pipes.fromChild(launcher, name, Codecs.utf8()));
        }
        assertThrows(IllegalArgumentException.class, () -> Pipes.toStdin(launcher, Codecs.utf8()));
        assertThrows(IllegalArgumentException.class, () -> Pipes.fromStdout(launcher, Codecs.utf8()));
    }

    @Test
    void theStreamsOfAChildCannotBeLookedAt() {
        for (String address : List.of("pipe:stdin", "pipe:stdout?framing=line")) {
            for (Executable question : List.<Executable>of(
                    () -> Ipc.exists(Address.of(address)), () -> Ipc.inspect(Address.of(address)))) {
                String message = assertThrows(UnsupportedMechanismException.class, question)
                        .getMessage();
                assertTrue(String.valueOf(message).startsWith(address + ": only the child"), message);
            }
        }
    }

    @Test
    void onlyWhatIsNotThereDoesNotExist() throws Exception {
        String self = "pipe:" + ProcessHandle.current().pid() + ".";
        assertFalse(Ipc.exists(Address.of(self + 99999)));
        assertFalse(Ipc.exists(Address.of("pipe:4194305.0")), "there is no such process");
        try (Fd link = OsCalls.open("/proc/self", Fcntl.O_PATH | Fcntl.O_NOFOLLOW, 0)) {
            OsException error = assertThrows(OsException.class, () -> Ipc.exists(Address.of(self + link.number())));
            assertEquals("ELOOP", error.errnoName());
        }
    }

    @Test
    void aPipeOutOfReachIsNotSaidToBeAbsent() throws Exception {
        assumeFalse("root".equals(System.getProperty("user.name")), "nothing is out of root's reach");
        try (PipePair<String> pipe = Pipes.open(Codecs.utf8())) {
            OsCalls.changeMode(pipe.receiver().fd(), 0);
            OsException error = assertThrows(
                    OsException.class, () -> Ipc.exists(pipe.receiver().address()));
            assertEquals("EACCES", error.errnoName());
        }
    }

    @Test
    void badOptionsInAnAddressAreNamed() {
        for (String max : List.of("5g", "0", "1073741825")) {
            String address = "pipe:1.2?max=" + max;
            for (Executable opening : List.<Executable>of(
                    () -> Ipc.sender(address, Codecs.utf8()), () -> Ipc.receiver(address, Codecs.utf8()))) {
                AddressException error = assertThrows(AddressException.class, opening);
                assertEquals(address, error.value());
                assertEquals("parameter max: the largest message is 1 to 1073741824 bytes, not " + max, error.reason());
            }
        }
        for (String parameter : List.of("max=lots", "max=99999999999g", "framing=lines")) {
            String address = "pipe:1.2?" + parameter;
            AddressException error = assertThrows(AddressException.class, () -> Ipc.receiver(address, Codecs.utf8()));
            assertEquals(address, error.value());
        }
        AddressException framing =
                assertThrows(AddressException.class, () -> Ipc.sender("pipe:1.2?framing=lines", Codecs.utf8()));
        assertEquals("framing=line", framing.suggestion());
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
