package org.jvmipc.pipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvmipc.Codecs;
import org.jvmipc.Framing;
import org.jvmipc.LimitException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.PeerGoneException.Reason;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** The other side: who may be there, that it is, comes and goes. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FifoPeersTest {
    private static final Duration SHORT = Duration.ofMillis(30);

    @TempDir
    Path directory;

    private Fifo fifo;

    @BeforeEach
    void create() throws Exception {
        fifo = create("f", FifoOptions.defaults());
    }

    private Fifo create(String name, FifoOptions options) throws Exception {
        return Fifo.create(directory.resolve(name), options);
    }

    @AfterEach
    void remove() throws Exception {
        Fifo.remove(fifo.path());
    }

    private static Reason endOf(FifoReceiver<?> receiver) {
        return assertThrows(PeerGoneException.class, receiver::receive).reason();
    }

    // ---- opening

    @Test
    void openingToSendWaitsForAReceiver() throws Exception {
        try (Worker<FifoSender<String>> opening = Worker.call(() -> fifo.openSender(Codecs.utf8()))) {
            opening.awaitBlocked();
            try (FifoReceiver<String> receiver = fifo.openReceiver(Codecs.utf8());
                    FifoSender<String> sender = opening.result()) {
                sender.send("met");
                assertEquals("met", receiver.receive());
            }
        }
    }

    @Test
    void anInterruptEndsTheWaitForAReceiverAndTheNextOpenWorks() throws Exception {
        try (Worker<FifoSender<String>> opening = Worker.call(() -> fifo.openSender(Codecs.utf8()))) {
            opening.awaitBlocked();
            opening.interrupt();
            opening.failure(InterruptedException.class);
        }
        try (FifoReceiver<String> receiver = fifo.openReceiver(Codecs.utf8());
                FifoSender<String> sender = fifo.openSender(Codecs.utf8())) {
            assertTrue(sender.hasReceiver());
            assertTrue(receiver.hasSender());
        }
    }

    @Test
    void aSecondReceiverIsRefusedUntilTheFirstHasClosed() throws Exception {
        try (FifoReceiver<String> first = fifo.openReceiver(Codecs.utf8())) {
            LimitException e = assertThrows(LimitException.class, () -> fifo.openReceiver(Codecs.utf8()));
            assertTrue(e.getMessage().startsWith(fifo.address() + ": another receiver has it"), e.getMessage());
            assertFalse(first.hasSender());
        }
        fifo.openReceiver(Codecs.utf8()).close();
    }

    @Test
    void aSecondSenderIsRefusedWhereOneIsAllowed() throws Exception {
        Fifo single = create("one", FifoOptions.defaults().withSharing(FifoSharing.ONE_SENDER));
        try (FifoReceiver<String> receiver = single.openReceiver(Codecs.utf8())) {
            try (FifoSender<String> sender = single.openSender(Codecs.utf8())) {
                LimitException e = assertThrows(LimitException.class, () -> single.openSender(Codecs.utf8()));
                assertTrue(e.getMessage().contains("another sender has it"), e.getMessage());
                assertThrows(LimitException.class, () -> single.tryOpenSender(Codecs.utf8()));
                sender.send("undisturbed");
                assertEquals("undisturbed", receiver.receive());
            }
            single.openSender(Codecs.utf8()).close();
        }
        Fifo.remove(single.path());
    }

    @Test
    void severalReceiversOfPacketsShareTheMessages() throws Exception {
        Fifo packets = create("packets", FifoOptions.defaults().withSharing(FifoSharing.PACKETS));
        try (FifoReceiver<String> one = packets.openReceiver(Codecs.utf8());
                FifoReceiver<String> other = packets.openReceiver(Codecs.utf8());
                FifoSender<String> sender = packets.openSender(Codecs.utf8())) {
            sender.send("a");
            sender.send("b");
            assertEquals("a", one.receive());
            assertEquals("b", other.receive());
        }
        Fifo.remove(packets.path());
    }

    @ParameterizedTest
    @EnumSource(
            value = Framing.class,
            names = {"LINE", "NUL", "LEN32", "RAW"})
    void severalReceiversOfPlainPacketsGetWholeWrites(Framing framing) throws Exception {
        Fifo packets =
                create("packets", FifoOptions.defaults().withFraming(framing).withSharing(FifoSharing.PACKETS));
        try (FifoReceiver<String> one = packets.openReceiver(Codecs.utf8());
                FifoReceiver<String> other = packets.openReceiver(Codecs.utf8());
                FifoSender<String> sender = packets.openSender(Codecs.utf8())) {
            sender.send("first");
            sender.send("second");
            assertEquals("first", one.receive());
            assertEquals("second", other.receive());
            assertThrows(LimitException.class, () -> sender.send("x".repeat(4097)));
        }
        Fifo.remove(packets.path());
    }

    // ---- knowing that the other side exists

    @Test
    void eachSideKnowsWhetherTheOtherIsThere() throws Exception {
        try (FifoReceiver<String> receiver = fifo.openReceiver(Codecs.utf8())) {
            assertFalse(receiver.hasSender());
            assertFalse(receiver.tryAwaitSender(SHORT));
            try (FifoSender<String> sender = fifo.openSender(Codecs.utf8())) {
                assertTrue(receiver.tryAwaitSender(Await.LONG));
                assertTrue(receiver.hasSender());
                assertTrue(sender.hasReceiver());
                sender.awaitReceiver();
                assertFalse(receiver.tryAwaitDeparture(SHORT));
                assertFalse(sender.tryAwaitDeparture(SHORT));
            }
            receiver.awaitDeparture();
            assertFalse(receiver.hasSender());
        }
    }

    @Test
    void arrivalAndDepartureEndTheWaitsForThem() throws Exception {
        try (FifoReceiver<String> receiver = fifo.openReceiver(Codecs.utf8());
                Worker<Boolean> arrival = Worker.run(receiver::awaitSender)) {
            arrival.awaitBlocked();
            FifoSender<String> sender = fifo.openSender(Codecs.utf8());
            arrival.result();
            try (Worker<Boolean> departure = Worker.run(receiver::awaitDeparture)) {
                departure.awaitBlocked();
                sender.close();
                departure.result();
            }
        }
    }

    @Test
    void aSenderWaitsForTheNextReceiver() throws Exception {
        FifoReceiver<String> first = fifo.openReceiver(Codecs.utf8());
        try (FifoSender<String> sender = fifo.openSender(Codecs.utf8());
                Worker<Boolean> departure = Worker.run(sender::awaitDeparture)) {
            departure.awaitBlocked();
            first.close();
            departure.result();
            assertFalse(sender.hasReceiver());
            assertThrows(PeerGoneException.class, () -> sender.send("to nobody"));
            try (Worker<Boolean> arrival = Worker.run(sender::awaitReceiver)) {
                arrival.awaitBlocked();
                try (FifoReceiver<String> second = fifo.openReceiver(Codecs.utf8())) {
                    arrival.result();
                    sender.send("to the next");
                    assertEquals("to the next", second.receive());
                }
            }
        }
    }

    @Test
    void interruptAndCloseEndTheWaitsForTheOtherSide() throws Exception {
        FifoReceiver<String> receiver = fifo.openReceiver(Codecs.utf8());
        try (Worker<Boolean> arrival = Worker.run(receiver::awaitSender)) {
            arrival.awaitBlocked();
            arrival.interrupt();
            arrival.failure(InterruptedException.class);
        }
        try (Worker<Boolean> arrival = Worker.run(receiver::awaitSender)) {
            arrival.awaitBlocked();
            receiver.close();
            arrival.failure(java.nio.channels.AsynchronousCloseException.class);
        }
        assertThrows(java.nio.channels.ClosedChannelException.class, receiver::hasSender);
    }

    // ---- generations

    @Test
    void theEndIsToldOnceAndTheNextReceiveWaitsForTheNextSender() throws Exception {
        try (FifoReceiver<String> receiver = fifo.openReceiver(Codecs.utf8())) {
            for (int generation = 0; generation < 3; generation++) {
                try (FifoSender<String> sender = fifo.openSender(Codecs.utf8())) {
                    sender.send("generation " + generation);
                }
                assertEquals("generation " + generation, receiver.receive());
                assertEquals(Reason.CLOSED, endOf(receiver));
                assertNull(receiver.tryReceive());
                assertNull(receiver.tryReceive(SHORT));
            }
        }
    }

    @Test
    void theEndComesWithTheLastOfSeveralSenders() throws Exception {
        try (FifoReceiver<String> receiver = fifo.openReceiver(Codecs.utf8())) {
            FifoSender<String> first = fifo.openSender(Codecs.utf8());
            FifoSender<String> second = fifo.openSender(Codecs.utf8());
            first.send("1");
            first.close();
            assertEquals("1", receiver.receive());
            assertNull(receiver.tryReceive(SHORT));
            second.send("2");
            second.close();
            assertEquals("2", receiver.receive());
            assertEquals(Reason.CLOSED, endOf(receiver));
        }
    }

    @Test
    void whatTheReceiverBeforeLeftIsForTheNextAsLongAsASenderHoldsTheFifo() throws Exception {
        FifoReceiver<String> first = fifo.openReceiver(Codecs.utf8());
        try (FifoSender<String> sender = fifo.openSender(Codecs.utf8())) {
            sender.send("left behind");
            first.close();
            try (FifoReceiver<String> second = fifo.openReceiver(Codecs.utf8())) {
                assertEquals("left behind", second.receive());
                sender.send("and more");
                assertEquals("and more", second.receive());
            }
        }
    }
}
