package org.jvmipc.pipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Codecs;
import org.jvmipc.Framing;
import org.jvmipc.OsException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.PeerGoneException.Reason;
import org.jvmipc.ReceiveLoop;
import org.jvmipc.Receiver;
import org.jvmipc.ReceiverSet;
import org.jvmipc.Receivers;
import org.jvmipc.Sender;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ExitStatus;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.Worker;

/**
 * Pipes, step by step. Read from top to bottom; every step runs.
 *
 * <p>A pipe is a buffer in the kernel, of fixed size, that goes one way. A parent and a child process that share one can
 * talk; two make a conversation. From step 10 on the pipe has a name, so that processes that are not related meet.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TutorialTest {
    /** A message goes in at one end and comes out at the other, whole. For a start, both ends are in this JVM. */
    @Test
    @Order(1)
    void step1SendAndReceive() throws Exception {
        try (PipePair<String> pipe = Pipes.open(Codecs.utf8())) {
            pipe.sender().send("hello");
            assertEquals("hello", pipe.receiver().receive());
        }
    }

    /** Each verb has three forms: it waits, it never waits, it waits at most so long. */
    @Test
    @Order(2)
    void step2WaitOrTry() throws Exception {
        try (PipePair<String> pipe = Pipes.open(Codecs.utf8())) {
            assertNull(pipe.receiver().tryReceive(), "nothing yet");
            assertNull(pipe.receiver().tryReceive(Duration.ofMillis(5)), "nothing for 5 ms");
            assertTrue(pipe.sender().trySend("there was room"));
            assertEquals("there was room", pipe.receiver().receive());
        }
    }

    /** A pipe is finite. When it is full, trySend says so, and send would wait until the reader takes something. */
    @Test
    @Order(3)
    void step3AFullPipe() throws Exception {
        PipeOptions smallest = PipeOptions.defaults().withCapacity(4096);
        try (PipePair<byte[]> pipe = Pipes.open(Codecs.bytes(), smallest)) {
            int count = 0;
            while (pipe.sender().trySend(new byte[1000])) {
                count++;
            }
            assertEquals(4, count, "of 1000 bytes and 12 of frame each, four fit into 4096");
            pipe.receiver().receive();
            assertTrue(pipe.sender().trySend(new byte[1000]));
        }
    }

    /** The end: who closes says goodbye, and the other side gets all that was sent before it is told. */
    @Test
    @Order(4)
    void step4Goodbye() throws Exception {
        try (PipePair<String> pipe = Pipes.open(Codecs.utf8())) {
            pipe.sender().send("last words");
            pipe.sender().close();
            assertEquals("last words", pipe.receiver().receive());
            PeerGoneException gone =
                    assertThrows(PeerGoneException.class, () -> pipe.receiver().receive());
            assertEquals(Reason.CLOSED, gone.reason());
        }
    }

    /** Objects are more convenient than bytes: a record of simple values is a message. */
    record Purchase(long number, String customer, double price) {}

    @Test
    @Order(5)
    void step5Records() throws Exception {
        try (PipePair<Purchase> pipe = Pipes.open(Codecs.record(Purchase.class))) {
            pipe.sender().send(new Purchase(7, "Ada", 12.5));
            assertEquals(new Purchase(7, "Ada", 12.5), pipe.receiver().receive());
        }
    }

    /** Many small messages go faster together: one system call carries hundreds. */
    @Test
    @Order(6)
    void step6Batches() throws Exception {
        try (PipePair<Long> pipe = Pipes.open(Codecs.int64())) {
            pipe.sender().sendAll(List.of(1L, 2L, 3L));
            pipe.sender().close();
            List<Long> all = new ArrayList<>();
            pipe.receiver().forEach(all::add);
            assertEquals(List.of(1L, 2L, 3L), all);
        }
    }

    /** The point of it all: a second JVM. It gets one pipe as its standard input and one as its standard output. */
    @Test
    @Order(7)
    @SuppressWarnings("try") // closes early on purpose
    void step7AChild() throws Exception {
        JvmLauncher launcher = JvmLauncher.of(Shouting.class);
        try (PipeSender<String> orders = Pipes.toStdin(launcher, Codecs.utf8());
                PipeReceiver<String> results = Pipes.fromStdout(launcher, Codecs.utf8());
                ChildJvm child = launcher.start()) {
            orders.send("hello");
            assertEquals("HELLO", results.receive());
            orders.close(); // the child's forEach ends
            assertEquals(0, child.awaitExit().code());
        }
    }

    /** The child's side. What it prints goes to its standard error and disturbs nothing. */
    public static final class Shouting {
        private Shouting() {}

        /** Started by step 7. */
        public static void main(String[] arguments) throws IOException, InterruptedException {
            ParentJvm parent = ParentJvm.get();
            try (Receiver<String> orders = parent.receiver("stdin", Codecs.utf8());
                    Sender<String> results = parent.sender("stdout", Codecs.utf8())) {
                parent.ready();
                System.out.println("this is no message");
                orders.forEach(order -> send(results, order.toUpperCase(java.util.Locale.ROOT)));
            }
        }

        private static void send(Sender<String> results, String result) {
            try {
                results.send(result);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** A child that is killed cannot say goodbye. The parent is told the truth: it died, and of what. */
    @Test
    @Order(8)
    void step8ADeath() throws Exception {
        JvmLauncher launcher = JvmLauncher.of(Shouting.class);
        try (PipeSender<String> orders = Pipes.toStdin(launcher, Codecs.utf8());
                PipeReceiver<String> results = Pipes.fromStdout(launcher, Codecs.utf8());
                ChildJvm child = launcher.start()) {
            orders.send("hello");
            assertEquals("HELLO", results.receive());
            child.kill();
            PeerGoneException gone = assertThrows(PeerGoneException.class, results::receive);
            assertEquals(Reason.DIED, gone.reason());
            ExitStatus exit = child.awaitExit();
            assertEquals(9, exit.signal(), exit::toString);
        }
    }

    /** Any program can be on the other side of lines or raw bytes; here, a second pair of ends stands in for one. */
    @Test
    @Order(9)
    void step9Lines() throws Exception {
        PipeOptions lines = PipeOptions.defaults().withFraming(Framing.LINE);
        try (PipePair<String> pipe = Pipes.open(Codecs.utf8(), lines)) {
            pipe.sender().send("one line");
            assertEquals(9, pipe.receiver().bytesWaiting(), "eight characters and a newline");
            assertEquals("one line", pipe.receiver().receive());
        }
    }

    /** One thread can wait for several pipes at once. What is ready is tried; what is busy does not starve the others. */
    @Test
    @Order(10)
    void step10SeveralAtOnce() throws Exception {
        try (PipePair<String> orders = Pipes.open(Codecs.utf8());
                PipePair<String> alarms = Pipes.open(Codecs.utf8());
                ReceiverSet<String> set = new ReceiverSet<>()) {
            set.add(orders.receiver());
            set.add(alarms.receiver());
            assertEquals(List.of(), set.tryAwait(), "nothing yet");
            alarms.sender().send("fire");
            assertEquals(List.of(alarms.receiver()), set.await());
            assertEquals("fire", alarms.receiver().tryReceive());

            orders.sender().send("an order");
            orders.sender().close();
            alarms.sender().close();
            List<String> all = new ArrayList<>();
            set.forEach((from, message) -> all.add(message)); // until all have said goodbye
            assertEquals(List.of("an order"), all);
        }
    }

    /** The forms that Java programs like: a loop, a stream, a handler; and {@code Receivers.publisher} for reactive ones. */
    @Test
    @Order(11)
    void step11LoopsStreamsHandlers() throws Exception {
        try (PipePair<Long> pipe = Pipes.open(Codecs.int64())) {
            pipe.sender().sendAll(List.of(1L, 2L, 3L, 4L, 5L));
            for (long number : Receivers.iterate(pipe.receiver())) {
                assertEquals(1, number);
                break; // the others stay where they are
            }
            assertEquals(
                    5,
                    Receivers.stream(pipe.receiver()).limit(2).mapToLong(n -> n).sum());
            List<Long> handled = new ArrayList<>();
            List<Throwable> failures = new ArrayList<>();
            try (ReceiveLoop loop = Receivers.handle(pipe.receiver(), handled::add, failures::add)) {
                pipe.sender().close();
                loop.await();
            }
            assertEquals(List.of(4L, 5L), handled);
            assertNull(failures.get(0), "it ended in order");
        }
    }

    /** A record may hold other records, enums, lists and options: the shape of the data is the shape of the message. */
    enum Side {
        BUY,
        SELL
    }

    record Item(String symbol, int count) {}

    record Basket(Side side, List<Item> items, Optional<String> note) {}

    @Test
    @Order(12)
    void step12RecordsOfRecords() throws Exception {
        Basket basket = new Basket(Side.SELL, List.of(new Item("ABC", 3), new Item("XY", 1)), Optional.of("urgent"));
        try (PipePair<Basket> pipe = Pipes.open(Codecs.record(Basket.class))) {
            pipe.sender().send(basket);
            assertEquals(basket, pipe.receiver().receive());
        }
    }

    /** Where the FIFOs of the next steps are. Each has a name there, as any file has. */
    @TempDir
    private Path directory;

    /** A FIFO stays until it is removed, and its record with it: a directory that is just deleted leaves that behind. */
    @AfterEach
    void removeTheFifos() throws IOException {
        Fifo.remove(directory.resolve("orders"));
        Fifo.remove(directory.resolve("lines"));
    }

    /** A named pipe is a file that is none: nothing is ever stored in it. It has to be created, once, by anybody. */
    @Test
    @Order(13)
    void step13ANameInTheFileSystem() throws Exception {
        Path path = directory.resolve("orders");
        Fifo created = Fifo.create(path);
        assertEquals("fifo:" + path.toRealPath(), created.address().toString(), "this is all another process needs");
        assertThrows(
                OsException.class, () -> Fifo.create(path), "create is for what is not there; there is openOrCreate");
        Fifo found = Fifo.open(path);
        try (FifoReceiver<String> in = found.openReceiver(Codecs.utf8());
                FifoSender<String> out = created.openSender(Codecs.utf8())) {
            out.send("one espresso");
            assertEquals("one espresso", in.receive());
        }
        assertTrue(Fifo.exists(path), "closing ends leaves the name");
        assertTrue(Fifo.remove(path));
    }

    /** To open it for sending waits until the other side exists. To open it for receiving does not; the receive does. */
    @Test
    @Order(14)
    void step14OpenWaitsForTheOtherSide() throws Exception {
        Fifo fifo = Fifo.create(directory.resolve("orders"));
        assertNull(fifo.tryOpenSender(Codecs.utf8()), "no receiver");
        assertNull(fifo.tryOpenSender(Codecs.utf8(), Duration.ofMillis(5)), "none for 5 ms");
        try (Worker<FifoSender<String>> early = Worker.call(() -> fifo.openSender(Codecs.utf8()))) {
            try (FifoReceiver<String> in = fifo.openReceiver(Codecs.utf8());
                    FifoSender<String> out = early.result()) {
                assertTrue(in.hasSender());
                out.send("here I am");
                assertEquals("here I am", in.receive());
            }
        }
    }

    /** Several may send into one FIFO, and their messages do not mix: large ones go in fragments that are written at once. */
    @Test
    @Order(15)
    @SuppressWarnings("try") // closes early on purpose
    void step15SeveralWriters() throws Exception {
        Fifo fifo = Fifo.create(directory.resolve("orders"));
        try (FifoReceiver<byte[]> in = fifo.openReceiver(Codecs.bytes());
                FifoSender<byte[]> one = fifo.openSender(Codecs.bytes());
                FifoSender<byte[]> other = fifo.openSender(Codecs.bytes());
                Worker<Boolean> ones = Worker.run(() -> sendAndClose(one, 1));
                Worker<Boolean> twos = Worker.run(() -> sendAndClose(other, 2))) {
            int[] count = new int[3];
            in.forEach(
                    message -> { // until the last sender has closed
                        for (byte each : message) {
                            assertEquals(message[0], each, "a message has bytes of one sender only");
                        }
                        count[message[0]]++;
                    });
            ones.result();
            twos.result();
            assertEquals(20, count[1]);
            assertEquals(20, count[2]);
        }
    }

    private static void sendAndClose(FifoSender<byte[]> out, int number) throws IOException, InterruptedException {
        byte[] message = new byte[100_000]; // more than the FIFO holds
        Arrays.fill(message, (byte) number);
        for (int i = 0; i < 20; i++) {
            out.send(message);
        }
        out.close();
    }

    /** One of several writers is killed: the reader is told, once and with its process, and goes on with the others. */
    @Test
    @Order(16)
    void step16TheDeathOfOne() throws Exception {
        Fifo fifo = Fifo.create(directory.resolve("orders"));
        JvmLauncher launcher = JvmLauncher.of(Knocking.class).handOver("orders", fifo.address());
        try (FifoReceiver<String> in = fifo.openReceiver(Codecs.utf8());
                FifoSender<String> other = fifo.openSender(Codecs.utf8());
                ChildJvm child = launcher.start()) {
            assertEquals("knock", in.receive());
            child.kill();
            PeerGoneException gone = assertThrows(PeerGoneException.class, in::receive);
            assertEquals(Reason.DIED, gone.reason());
            assertEquals(child.pid(), gone.pid().orElseThrow());
            other.send("I am still here");
            assertEquals("I am still here", in.receive());
        }
    }

    /** Knows an address and nothing else. */
    public static final class Knocking {
        private Knocking() {}

        /** Started by step 13. */
        public static void main(String[] arguments) throws IOException, InterruptedException {
            ParentJvm parent = ParentJvm.get();
            parent.ready();
            try (Sender<String> out = parent.sender("orders", Codecs.utf8())) {
                out.send("knock");
                new CountDownLatch(1).await(); // until somebody kills it
            }
        }
    }

    /** A FIFO of lines is open to every program there is; here, cat. */
    @Test
    @Order(17)
    void step17LinesWithCat() throws Exception {
        Fifo fifo =
                Fifo.create(directory.resolve("lines"), FifoOptions.defaults().withFraming(Framing.LINE));
        Path file = directory.resolve("file");
        Process cat = new ProcessBuilder("cat", fifo.path().toString())
                .redirectOutput(file.toFile())
                .start();
        try (FifoSender<String> out = fifo.openSender(Codecs.utf8())) { // waits for cat
            out.send("one line");
            out.send("another one");
        }
        assertEquals(0, cat.waitFor(), "cat saw the end of the file: the last sender has closed");
        assertEquals(List.of("one line", "another one"), Files.readAllLines(file));
    }

    /** When a reader goes, its writers are told; the next one that comes gets what they send from then on. */
    @Test
    @Order(18)
    void step18TheNextReader() throws Exception {
        Fifo fifo = Fifo.create(directory.resolve("orders"));
        FifoReceiver<String> first = fifo.openReceiver(Codecs.utf8());
        try (FifoSender<String> out = fifo.openSender(Codecs.utf8())) {
            first.close();
            assertThrows(PeerGoneException.class, () -> out.send("anybody there?"));
            try (FifoReceiver<String> second = fifo.openReceiver(Codecs.utf8())) {
                out.awaitReceiver();
                out.send("welcome");
                assertEquals("welcome", second.receive());
            }
        }
    }
}
