package org.jvmipc.pipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Codecs;
import org.jvmipc.Lifetime;
import org.jvmipc.internal.RuntimeDirectory;
import org.jvmipc.testkit.Ends;
import org.jvmipc.testkit.SeamContract;

/** Any native call of a FIFO, and of the registry under it, fails once in this JVM. */
class FifoSeamTest extends SeamContract {
    private static final int CAPACITY = 8192;

    @TempDir
    Path directory;

    FifoOptions options() {
        return FifoOptions.defaults();
    }

    private Path path() {
        return directory.resolve("f");
    }

    @Override
    public Path[] watched() {
        try {
            return new Path[] {directory, RuntimeDirectory.path().resolve("registry")};
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Ends<byte[]> open() throws IOException, InterruptedException {
        Fifo fifo = Fifo.create(path(), options());
        FifoReceiver<byte[]> receiver = null;
        try {
            receiver = fifo.openReceiver(Codecs.bytes());
            return new Ends<>(fifo.openSender(Codecs.bytes()), receiver, () -> Fifo.remove(path()));
        } catch (IOException | InterruptedException e) {
            if (receiver != null) {
                receiver.close();
            }
            Fifo.remove(path());
            throw e;
        }
    }

    @Test
    void creatingAndRemoving() throws Exception {
        for (Lifetime lifetime : Lifetime.values()) {
            FifoOptions all = options().withCapacity(CAPACITY).withMode(0640).withLifetime(lifetime);
            faults().walk(round -> {
                round.run(() -> Fifo.create(path(), all));
                assertEquals(all, Fifo.open(path()).options());
                assertTrue(round.call(() -> Fifo.exists(path())));
                round.run(() -> Fifo.remove(path()));
                assertFalse(Fifo.exists(path()));
            });
        }
    }

    @Test
    void openingOrCreating() throws Exception {
        faults().walk(round -> {
            round.run(() -> Fifo.openOrCreate(path(), options()));
            assertEquals(
                    options(),
                    round.call(() -> Fifo.openOrCreate(path(), options().withMaxMessage(9)))
                            .options());
            Fifo.remove(path());
        });
    }

    @Test
    void openingWhatIsThere() throws Exception {
        Fifo.create(path(), options());
        faults().walk(round ->
                assertEquals(options(), round.call(() -> Fifo.open(path())).options()));
        faults().walk(round ->
                assertNull(round.call(() -> List.of(Fifo.open(path()))).get(0).tryOpenSender(Codecs.bytes())));
        Fifo.remove(path());
    }

    @Test
    void openingEndsOfAFifoThatMayBeStale() throws Exception {
        Fifo fifo = Fifo.create(path(), options().withCapacity(CAPACITY).withLifetime(Lifetime.OWNED));
        faults().walk(round -> {
            try (FifoReceiver<byte[]> receiver = round.call(() -> fifo.openReceiver(Codecs.bytes()));
                    FifoSender<byte[]> sender = round.call(() -> fifo.openSender(Codecs.bytes()))) {
                assertEquals(CAPACITY, sender.capacityBytes());
                assertTrue(receiver.isOpen());
            }
        });
        Fifo.remove(path());
    }

    @Test
    void askingForTheOtherSide() throws Exception {
        Duration moment = Duration.ofMillis(2);
        faults().walk(round -> {
            try (Ends<byte[]> ends = open()) {
                FifoSender<byte[]> sender = (FifoSender<byte[]>) ends.sender();
                FifoReceiver<byte[]> receiver = (FifoReceiver<byte[]>) ends.receiver();
                round.run(() -> assertTrue(sender.hasReceiver()));
                round.run(() -> assertTrue(receiver.hasSender()));
                round.run(sender::awaitReceiver);
                round.run(receiver::awaitSender);
                round.run(() -> assertFalse(sender.tryAwaitDeparture(moment)));
                round.run(() -> assertFalse(receiver.tryAwaitDeparture(moment)));
            }
        });
    }

    @Test
    void theNextGeneration() throws Exception {
        faults().walk(round -> {
            try (Ends<byte[]> ends = open()) {
                FifoReceiver<byte[]> receiver = (FifoReceiver<byte[]>) ends.receiver();
                ends.sender().close();
                receiver.awaitDeparture();
                try (FifoSender<byte[]> next = Fifo.open(path()).openSender(Codecs.bytes())) {
                    next.send(new byte[] {1});
                    // The end of the first one's stream may have gone into the try that failed.
                    assertEquals(1, round.call(() -> receiveBehindAnEnd(receiver)).length);
                }
            }
        });
    }

    private static byte[] receiveBehindAnEnd(FifoReceiver<byte[]> receiver) throws Exception {
        try {
            return receiver.receive();
        } catch (org.jvmipc.PeerGoneException e) {
            return receiver.receive();
        }
    }

    @Test
    void inspecting() throws Exception {
        try (Ends<byte[]> ends = open()) {
            faults().walk(round -> assertTrue(
                    round.call(() -> new FifoTransport().inspect(ends.sender().address()))
                            .containsKey("capacity")));
        }
    }

    @Test
    void removingTheStale() throws Exception {
        faults().walk(round -> round.run(Fifo::removeStale));
    }
}
