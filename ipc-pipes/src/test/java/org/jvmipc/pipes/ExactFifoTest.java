package org.jvmipc.pipes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.AsynchronousCloseException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvmipc.Codecs;
import org.jvmipc.Framing;
import org.jvmipc.Ipc;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Receiver;
import org.jvmipc.ReceiverSet;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** Receivers that leave in the FIFO what is not theirs. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExactFifoTest {
    /** As large as the largest message, so that raw bytes are taken in the same pieces. */
    private static final List<String> MESSAGES = List.of("first", "2-two", "third");

    @TempDir
    Path directory;

    private final List<Path> made = new ArrayList<>();

    @AfterEach
    void remove() throws Exception {
        for (Path path : made) {
            Fifo.remove(path);
        }
    }

    private Fifo create(FifoOptions options) throws Exception {
        Path path = directory.resolve("f" + made.size());
        made.add(path);
        return Fifo.create(path, options.withExact(true));
    }

    private static FifoOptions of(Framing framing) {
        return FifoOptions.defaults().withFraming(framing).withMaxMessage(5);
    }

    /** A sender that has sent all and stays; nobody receives. */
    private static FifoSender<String> sent(Fifo fifo) throws Exception {
        try (FifoReceiver<String> there = fifo.openReceiver(Codecs.utf8())) {
            assertTrue(there.isOpen());
            FifoSender<String> sender = fifo.openSender(Codecs.utf8());
            for (String message : MESSAGES) {
                sender.send(message);
            }
            return sender;
        }
    }

    private static byte[] rest(Fifo fifo) throws Exception {
        try (Fd fd = OsCalls.open(fifo.path().toString(), Fcntl.O_RDONLY | Fcntl.O_NONBLOCK, 0)) {
            NativeBuffer buffer = new NativeBuffer(4096);
            int count = Math.max(0, OsCalls.read(fd.number(), buffer, buffer.capacity()));
            byte[] bytes = new byte[count];
            buffer.bytes().get(0, bytes);
            return bytes;
        }
    }

    /** The last message as it lies in the FIFO. */
    private static void assertRest(Framing framing, byte[] rest) {
        switch (framing) {
            case RAW -> assertArrayEquals("third".getBytes(UTF_8), rest);
            case LINE -> assertArrayEquals("third\n".getBytes(UTF_8), rest);
            case NUL -> assertArrayEquals("third\0".getBytes(UTF_8), rest);
            case LEN32 -> assertArrayEquals("\5\0\0\0third".getBytes(UTF_8), rest);
            case FRAMED -> assertArrayEquals("third".getBytes(UTF_8), Arrays.copyOfRange(rest, 48, rest.length - 4));
        }
    }

    @ParameterizedTest
    @EnumSource
    void severalReceiversTakeOneEachOneAfterTheOther(Framing framing) throws Exception {
        for (FifoSharing sharing : FifoSharing.values()) {
            Fifo fifo = create(of(framing).withSharing(sharing));
            try (FifoSender<String> sender = sent(fifo)) {
                for (String message : MESSAGES) {
                    try (FifoReceiver<String> receiver = fifo.openReceiver(Codecs.utf8())) {
                        assertEquals(message, receiver.receive());
                    }
                }
                assertEquals(0, rest(fifo).length);
                assertEquals(0, sender.bytesWaiting());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotReceivedStaysToTheByte(Framing framing) throws Exception {
        Fifo fifo = create(of(framing));
        try (FifoSender<String> sender = sent(fifo)) {
            assertTrue(sender.isOpen());
            try (FifoReceiver<String> receiver = fifo.openReceiver(Codecs.utf8())) {
                assertEquals("first", receiver.tryReceive());
                assertEquals("2-two", receiver.tryReceive(Duration.ofSeconds(20)));
            }
            assertRest(framing, rest(fifo));
        }
    }

    @ParameterizedTest
    @EnumSource
    void looksAndWaitsTakeNothing(Framing framing) throws Exception {
        Fifo fifo = create(of(framing));
        try (FifoSender<String> sender = sent(fifo)) {
            try (FifoReceiver<String> receiver = fifo.openReceiver(Codecs.utf8());
                    ReceiverSet<String> set = new ReceiverSet<>()) {
                int waiting = receiver.bytesWaiting();
                assertTrue(receiver.hasSender());
                receiver.awaitSender();
                set.add(receiver);
                assertEquals(List.of(receiver), set.await());
                assertTrue(receiver.ready());
                assertFalse(receiver.tryAwaitDeparture(Duration.ofMillis(1)));
                assertEquals(waiting, receiver.bytesWaiting());
                assertEquals(1, receiver.drain(message -> assertEquals("first", message), 1));
                assertTrue(receiver.ready());
            }
            try (FifoReceiver<String> receiver = fifo.openReceiver(Codecs.utf8())) {
                assertEquals("2-two", receiver.receive());
            }
            assertTrue(sender.isOpen());
            assertRest(framing, rest(fifo));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSilentSenderIsSeenAndAMessageWaitedFor(Framing framing) throws Exception {
        Fifo fifo = create(of(framing));
        try (FifoReceiver<String> receiver = fifo.openReceiver(Codecs.utf8())) {
            assertFalse(receiver.hasSender());
            assertFalse(receiver.tryAwaitSender(Duration.ofMillis(10)));
            assertNull(receiver.tryReceive(Duration.ofMillis(10)));
            for (int time = 0; time < 2; time++) {
                try (FifoSender<String> sender = fifo.openSender(Codecs.utf8())) {
                    receiver.awaitSender();
                    assertTrue(receiver.hasSender());
                    assertNull(receiver.tryReceive(Duration.ofMillis(10)));
                    try (Worker<String> waiting = Worker.call(receiver::receive).awaitBlocked()) {
                        sender.send("whole");
                        assertEquals("whole", waiting.result());
                    }
                    assertNull(receiver.tryReceive());
                }
                assertThrows(PeerGoneException.class, receiver::receive);
                assertFalse(receiver.hasSender());
            }
        }
    }

    @Test
    void aMessageOfManyFragmentsIsTakenWhole() throws Exception {
        for (FifoSharing sharing : List.of(FifoSharing.MANY_SENDERS, FifoSharing.ONE_SENDER)) {
            Fifo fifo = create(FifoOptions.defaults().withSharing(sharing).withCapacity(1 << 20));
            byte[] large = new byte[200_000];
            Arrays.fill(large, (byte) 7);
            FifoReceiver<byte[]> there = fifo.openReceiver(Codecs.bytes());
            try (FifoSender<byte[]> sender = fifo.openSender(Codecs.bytes())) {
                for (int time = 0; time < 2; time++) {
                    sender.send(large);
                }
                there.close();
                for (int time = 0; time < 2; time++) {
                    try (FifoReceiver<byte[]> receiver = fifo.openReceiver(Codecs.bytes())) {
                        assertArrayEquals(large, receiver.receive());
                    }
                }
                assertEquals(0, rest(fifo).length);
            }
        }
    }

    @Test
    void aLongLineIsReceivedByATryThatNeverWaits() throws Exception {
        Fifo fifo = create(FifoOptions.defaults().withFraming(Framing.LINE));
        String line = "x".repeat(30_000);
        try (FifoReceiver<String> receiver = fifo.openReceiver(Codecs.utf8());
                FifoSender<String> sender = fifo.openSender(Codecs.utf8())) {
            sender.send(line);
            assertEquals(line, receiver.tryReceive());
            sender.send(line);
            assertEquals(line, receiver.tryReceive(Duration.ofNanos(1)));
        }
    }

    @Test
    void isAParameterOfTheOpenAndNotRecorded() throws Exception {
        Fifo fifo = create(of(Framing.LINE));
        assertTrue(fifo.options().exact());
        assertFalse(Fifo.open(fifo.path()).options().exact());
        assertTrue(Fifo.openOrCreate(fifo.path(), FifoOptions.defaults().withExact(true))
                .options()
                .exact());
        assertNotNull(Fifo.open(fifo.path(), fifo.options()).address().parameter("exact"));
        try (FifoSender<String> sender = sent(fifo);
                Receiver<String> receiver = Ipc.receiver(fifo.address().with("exact", ""), Codecs.utf8())) {
            assertEquals("first", receiver.receive());
            assertEquals("2-two\nthird\n".length(), sender.bytesWaiting());
        }
    }

    /** A descriptor that is a reader, too, so that opening it waits for nobody and what it writes stays. */
    private static Fd writer(Fifo fifo) throws Exception {
        return OsCalls.open(fifo.path().toString(), Fcntl.O_RDWR | Fcntl.O_NONBLOCK, 0);
    }

    private static void write(Fd fd, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        NativeBuffer buffer = new NativeBuffer(bytes.length);
        buffer.bytes().put(0, bytes);
        assertEquals(bytes.length, OsCalls.write(fd.number(), buffer, bytes.length));
    }

    private static String whole(Framing framing) {
        return switch (framing) {
            case LINE -> "whole\n";
            case NUL -> "whole\0";
            case LEN32 -> "\5\0\0\0whole";
            case RAW, FRAMED -> throw new IllegalArgumentException(framing + " has no such parts");
        };
    }

    @ParameterizedTest
    @EnumSource(names = {"LINE", "NUL", "LEN32"})
    void whoGivesUpInTheMiddleOfAMessageLeavesAllOfIt(Framing framing) throws Exception {
        Fifo fifo = create(of(framing));
        String message = whole(framing);
        try (Fd writer = writer(fifo)) {
            for (int cut = 1; cut < message.length(); cut++) {
                write(writer, message.substring(0, cut));
                try (FifoReceiver<String> impatient = fifo.openReceiver(Codecs.utf8())) {
                    assertNull(impatient.tryReceive());
                    assertNull(impatient.tryReceive(Duration.ofMillis(5)));
                    assertEquals(cut, impatient.bytesWaiting());
                }
                try (FifoReceiver<String> patient = fifo.openReceiver(Codecs.utf8());
                        Worker<String> waiting = Worker.call(patient::receive).awaitBlocked()) {
                    write(writer, message.substring(cut));
                    assertEquals("whole", waiting.result());
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LINE", "NUL", "LEN32"})
    void aMessageThatThePipeCannotHoldIsTakenAsItComes(Framing framing) throws Exception {
        Fifo fifo = create(of(framing).withMaxMessage(1 << 20));
        String large = "x".repeat(300_000);
        try (FifoReceiver<String> receiver = fifo.openReceiver(Codecs.utf8());
                FifoSender<String> sender = fifo.openSender(Codecs.utf8());
                Worker<Boolean> sending = Worker.run(() -> {
                    sender.send(large);
                    sender.send("next");
                })) {
            assertEquals(large, receiver.receive());
            assertEquals("next", receiver.receive());
            assertTrue(sending.result());
        }
    }

    @Test
    void aLastLineWithoutItsEndIsDeliveredWhenTheWriterHasLeft() throws Exception {
        Fifo fifo = create(of(Framing.LINE));
        try (FifoReceiver<String> receiver = fifo.openReceiver(Codecs.utf8())) {
            try (Fd writer = writer(fifo)) {
                write(writer, "a\nlast");
                assertEquals("a", receiver.receive());
                assertNull(receiver.tryReceive());
            }
            assertEquals("last", receiver.receive());
            assertEquals(
                    PeerGoneException.Reason.CLOSED,
                    assertThrows(PeerGoneException.class, receiver::receive).reason());
        }
    }

    @Test
    void aWaitForTheRestOfALineEndsByInterruptAndClose() throws Exception {
        Fifo fifo = create(of(Framing.LINE));
        try (Fd writer = writer(fifo)) {
            FifoReceiver<String> receiver = fifo.openReceiver(Codecs.utf8());
            write(writer, "par");
            try (Worker<String> waiting = Worker.call(receiver::receive).awaitBlocked()) {
                waiting.interrupt();
                assertNotNull(waiting.failure(InterruptedException.class));
            }
            try (Worker<String> waiting = Worker.call(receiver::receive).awaitBlocked()) {
                receiver.close();
                assertNotNull(waiting.failure(AsynchronousCloseException.class));
            }
            assertEquals("par", new String(rest(fifo), UTF_8));
        }
    }

    @Test
    void aLastLineOfAWriterThatHadLeftBeforeIsDelivered() throws Exception {
        Fifo fifo = create(of(Framing.LINE));
        try (Fd reader = OsCalls.open(fifo.path().toString(), Fcntl.O_RDONLY | Fcntl.O_NONBLOCK, 0)) {
            try (Fd writer = writer(fifo)) {
                write(writer, "last");
            }
            try (FifoReceiver<String> receiver = fifo.openReceiver(Codecs.utf8())) {
                assertEquals("last", receiver.receive());
                assertThrows(PeerGoneException.class, receiver::receive);
                assertNull(receiver.tryReceive(Duration.ofMillis(5)));
            }
            assertTrue(reader.isOpen());
        }
    }
}
