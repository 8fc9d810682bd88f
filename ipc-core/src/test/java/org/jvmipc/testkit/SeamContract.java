package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.Batch;
import org.jvmipc.IpcException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Receiver;

/**
 * What every transport over the native layer promises when any one of its native calls fails: an error that names the call,
 * or none; nothing stuck, lost, doubled or left open; and the same operation succeeds right afterwards.
 *
 * <pre>{@code
 * class FifoSeamTest extends SeamContract {
 *     @TempDir
 *     Path directory;
 *
 *     @Override
 *     public Ends<byte[]> open() throws IOException, InterruptedException { ... }
 *
 *     @Override
 *     public Path[] watched() {
 *         return new Path[] {directory};
 *     }
 * }
 * }</pre>
 *
 * <p>Walks over operations of its own are added in the subclass; see {@link FaultSeam}.
 */
@ExtendWith(NoLeaks.class)
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class SeamContract implements NoLeaks.WarmUp {
    /** More than a pipe takes at once: several frames, and waits between them. */
    private static final int LARGE = 200_000;

    private static final String NOTHING_PASSES = "no native call passes the seam";

    /** For calls with a time limit that is to pass. */
    private static final Duration MOMENT = Duration.ofMillis(2);

    /**
     * Both ends of a new, empty channel; closing them leaves nothing, no name either. What it has opened when a later step
     * fails it closes itself. Closing what else there is ({@link Ends#rest}) may be done again if it failed.
     */
    public abstract Ends<byte[]> open() throws IOException, InterruptedException;

    /** Directories where no name may be left. */
    public Path[] watched() {
        return new Path[0];
    }

    @Override
    public void warmUp() throws Exception {
        try (Ends<byte[]> ends = open()) {
            ContractTools.assertUsable(ends);
        }
    }

    /** A walk over this transport. */
    protected final FaultWalk faults() {
        return new FaultWalk().watching(watched());
    }

    private interface Use {
        void of(FaultWalk.Round round, Ends<byte[]> ends) throws Exception;
    }

    /** Walks over a use of ends that are opened and closed without faults, and are as good as new after it. */
    private void walkOver(Use use) throws Exception {
        int strikes = faults().walk(round -> {
            try (Ends<byte[]> ends = open()) {
                use.of(round, ends);
                assertAsGoodAsNew(ends);
            }
        });
        assertTrue(strikes > 0, NOTHING_PASSES);
    }

    private static void assertAsGoodAsNew(Ends<byte[]> ends) throws Exception {
        ends.sender().send(message(77));
        expect(ends.receiver(), 77, 78);
        assertNull(ends.receiver().tryReceive(), "a message that nobody sent");
    }

    private static byte[] message(int seq) {
        return ContractTools.message(seq, ContractTools.SMALL);
    }

    private static void expect(Receiver<byte[]> receiver, int from, int to) throws Exception {
        ContractTools.expect(receiver, from, to, ContractTools.SMALL);
    }

    @Test
    void opening() throws Exception {
        int strikes = faults().walk(round -> {
            Ends<byte[]> ends = round.call(this::open);
            round.run(ends::close);
        });
        assertTrue(strikes > 0, NOTHING_PASSES);
    }

    @Test
    void aWholeLife() throws Exception {
        faults().walk(round -> {
            Ends<byte[]> ends = round.call(this::open);
            for (int seq = 0; seq < 2; seq++) {
                byte[] message = message(seq);
                round.run(() -> ends.sender().send(message));
                assertArrayEquals(message, round.call(ends.receiver()::receive));
            }
            round.run(ends::close);
        });
    }

    @Test
    void sendingASmallMessage() throws Exception {
        walkOver((round, ends) -> {
            round.run(() -> ends.sender().send(message(0)));
            expect(ends.receiver(), 0, 1);
        });
    }

    @Test
    void sendingALargeMessage() throws Exception {
        walkOver((round, ends) -> {
            try (Worker<byte[]> reader = Worker.call(() -> ContractTools.next(ends.receiver()))) {
                round.run(() -> ends.sender().send(ContractTools.message(0, LARGE)));
                Payloads.verify(ContractTools.SEED, 0, LARGE, reader.result());
            }
        });
    }

    @Test
    void sendingABatch() throws Exception {
        walkOver((round, ends) -> {
            round.run(() -> {
                try (Batch<byte[]> batch = ends.sender().batch()) {
                    for (int seq = 0; seq < 3; seq++) {
                        batch.add(message(seq));
                    }
                }
            });
            expect(ends.receiver(), 0, 3);
        });
    }

    @Test
    void sendingWhenFull() throws Exception {
        walkOver((round, ends) -> {
            int sent = ContractTools.fill(ends.sender(), ContractTools.SMALL);
            round.run(() -> assertFalse(ends.sender().trySend(message(sent))));
            round.run(() -> assertFalse(ends.sender().trySend(message(sent), MOMENT)));
            expect(ends.receiver(), 0, sent);
            round.run(() -> assertTrue(ends.sender().trySend(message(sent), Await.LONG)));
            expect(ends.receiver(), sent, sent + 1);
        });
    }

    @Test
    void receiving() throws Exception {
        walkOver((round, ends) -> {
            for (int seq = 0; seq < 3; seq++) {
                ends.sender().send(message(seq));
            }
            for (int seq = 0; seq < 3; seq++) {
                byte[] got = round.call(ends.receiver()::receive);
                Payloads.verify(ContractTools.SEED, seq, ContractTools.SMALL, got);
            }
        });
    }

    @Test
    void receivingALargeMessage() throws Exception {
        walkOver((round, ends) -> {
            try (Worker<Boolean> writer = Worker.run(() -> ends.sender().send(ContractTools.message(0, LARGE)))) {
                Payloads.verify(ContractTools.SEED, 0, LARGE, round.call(ends.receiver()::receive));
                writer.result();
            }
        });
    }

    @Test
    void receivingWhenEmpty() throws Exception {
        walkOver((round, ends) -> {
            round.run(() -> assertNull(ends.receiver().tryReceive()));
            round.run(() -> assertNull(ends.receiver().tryReceive(MOMENT)));
            ends.sender().send(message(0));
            byte[] got = round.call(() -> ends.receiver().tryReceive(Await.LONG));
            Payloads.verify(ContractTools.SEED, 0, ContractTools.SMALL, got);
        });
    }

    @Test
    void beingInterruptedInAReceive() throws Exception {
        int strikes = faults().everyThread().walk(round -> {
            try (Ends<byte[]> ends = open()) {
                round.attempt(() -> {
                    try (Worker<byte[]> reader = Worker.call(ends.receiver()::receive)) {
                        reader.awaitBlockedOrEnded();
                        reader.interrupt();
                        rethrow(reader.failure(Exception.class));
                    }
                });
                assertAsGoodAsNew(ends);
            }
        });
        assertTrue(strikes > 0, NOTHING_PASSES);
    }

    private static void rethrow(Exception error) throws IpcException {
        if (error instanceof IpcException expected) {
            throw expected;
        }
        assertEquals(InterruptedException.class, error.getClass());
    }

    @Test
    void closing() throws Exception {
        faults().everyThread().walk(round -> {
            Ends<byte[]> ends = open();
            ends.sender().send(message(0));
            round.run(ends.sender()::close);
            assertFalse(ends.sender().isOpen());
            expect(ends.receiver(), 0, 1);
            // Without a goodbye if that is what failed.
            PeerGoneException gone = ContractTools.gone(() -> ends.receiver().tryReceive(Await.LONG));
            assertTrue(gone.reason() != PeerGoneException.Reason.UNKNOWN, gone.toString());
            round.run(ends.receiver()::close);
            assertFalse(ends.receiver().isOpen());
            round.run(ends.rest()::close);
        });
    }

    @Test
    void closingWhatAnotherThreadWaitsIn() throws Exception {
        faults().everyThread().walk(round -> {
            Ends<byte[]> ends = open();
            try (Worker<byte[]> reader = Worker.call(ends.receiver()::receive)) {
                reader.awaitBlocked();
                round.run(ends::close);
                reader.failure(IOException.class);
            }
        });
    }
}
