package org.jvmipc.pipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
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
import org.jvmipc.CorruptDataException;
import org.jvmipc.Framing;
import org.jvmipc.ReceiverSet;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.FaultSeam;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** A FIFO in a {@link ReceiverSet}: what shows on its descriptor is less, or more, than what there is to receive. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FifoSetTest {
    private static final int MOST_CALLS = 40;

    @TempDir
    Path directory;

    private Path path() {
        return directory.resolve("f");
    }

    @AfterEach
    void remove() throws Exception {
        Fifo.remove(path());
    }

    private void shell(String script) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", script)
                .directory(directory.toFile())
                .inheritIO()
                .start();
        assertEquals(0, process.waitFor());
    }

    @ParameterizedTest
    @EnumSource(Framing.class)
    void aWriterThatComesAndGoesWithoutAByteDoesNotKeepASetAwake(Framing framing) throws Exception {
        Fifo fifo = Fifo.create(path(), FifoOptions.defaults().withFraming(framing));
        try (FifoReceiver<String> receiver = fifo.openReceiver(Codecs.utf8());
                ReceiverSet<String> set = new ReceiverSet<>()) {
            set.add(receiver);
            for (int time = 0; time < 2; time++) {
                shell(": > f");
                if (!set.tryAwait(Duration.ofMillis(20)).isEmpty()) { // a hint, once
                    assertNull(receiver.tryReceive());
                }
                List<String> calls =
                        FaultSeam.callsOf(() -> assertEquals(List.of(), set.tryAwait(Duration.ofMillis(100))));
                assertTrue(calls.size() < MOST_CALLS, calls::toString);
            }
        }
    }

    @Test
    void aHelloIsNothingToReceive() throws Exception {
        Fifo fifo = Fifo.create(path());
        try (FifoReceiver<String> receiver = fifo.openReceiver(Codecs.utf8());
                ReceiverSet<String> set = new ReceiverSet<>();
                FifoSender<String> sender = fifo.openSender(Codecs.utf8())) {
            set.add(receiver);
            assertEquals(List.of(), set.tryAwait());
            sender.send("message");
            assertEquals(List.of(receiver), set.await());
            assertEquals("message", receiver.receive());
        }
    }

    @Test
    void whatIsNoMessageMakesItsReceiverReady() throws Exception {
        Fifo fifo = Fifo.create(path());
        try (FifoReceiver<String> receiver = fifo.openReceiver(Codecs.utf8());
                ReceiverSet<String> set = new ReceiverSet<>();
                FifoSender<String> sender = fifo.openSender(Codecs.utf8())) {
            set.add(receiver);
            sender.send("message");
            assertEquals("message", receiver.receive());
            shell("echo this is no message > f");
            assertEquals(List.of(receiver), set.tryAwait(Await.LONG));
            assertThrows(CorruptDataException.class, receiver::tryReceive);
            assertEquals(List.of(), set.tryAwait());
        }
    }

    /** One thread waits on the set while another one receives and leaves some of what it has read. */
    @ParameterizedTest
    @EnumSource(
            value = Framing.class,
            names = {"FRAMED", "LINE"})
    void whatAnotherThreadHasReadAheadWakesTheSet(Framing framing) throws Exception {
        Fifo fifo = Fifo.create(path(), FifoOptions.defaults().withFraming(framing));
        try (FifoReceiver<String> receiver = fifo.openReceiver(Codecs.utf8());
                FifoSender<String> sender = fifo.openSender(Codecs.utf8());
                ReceiverSet<String> set = new ReceiverSet<>()) {
            set.add(receiver);
            for (int time = 0; time < 20; time++) {
                try (Worker<String> taking = Worker.call(receiver::receive).awaitBlocked();
                        Worker<String> waiting = Worker.call(() -> {
                            String second = null;
                            while (second == null) {
                                set.await();
                                second = receiver.tryReceive();
                            }
                            return second;
                        })) {
                    sender.sendAll(List.of("one", "two"));
                    assertEquals(List.of("one", "two"), sorted(taking.result(), waiting.result()));
                }
            }
        }
    }

    private static List<String> sorted(String first, String second) {
        return first.compareTo(second) < 0 ? List.of(first, second) : List.of(second, first);
    }
}
