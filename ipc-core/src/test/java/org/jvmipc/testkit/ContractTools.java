package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.function.Executable;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;

/** The small steps that the contract's chapters are written in. */
final class ContractTools {
    static final long SEED = 20260101;

    /**
     * Within this an interrupted or closed call has to be out. The promise is 100 ms (semantics.md); the machine that runs
     * the tests may be busy with something else for longer, and a contract must not fail by that.
     */
    static final Duration PROMPT = Duration.ofSeconds(2);

    /** For calls with a time limit that is to pass, and for looking a while whether something wrong happens. */
    static final Duration SHORT = Duration.ofMillis(60);

    /** A channel that has been full for so long stays so. */
    private static final Duration SETTLES = Duration.ofMillis(50);

    /** A message much smaller than any channel's capacity. */
    static final int SMALL = 1000;

    private static final int LARGE = 4 << 20;
    private static final long MOST_BYTES = 128L << 20;

    private ContractTools() {}

    /** The next message; fails if none comes. */
    static <T> T next(Receiver<T> receiver) throws IOException, InterruptedException {
        return assertNotNull2(receiver.tryReceive(Await.LONG));
    }

    private static <T> T assertNotNull2(T message) {
        assertNotNull(message, "no message came");
        return message;
    }

    /** The next message has to be number {@code seq}. */
    static void expect(Receiver<byte[]> receiver, long seq, int size) throws IOException, InterruptedException {
        Payloads.verify(SEED, seq, size, next(receiver));
    }

    /** The next messages have to be these numbers. */
    static void expect(Receiver<byte[]> receiver, long fromSeq, long toSeq, int size)
            throws IOException, InterruptedException {
        for (long seq = fromSeq; seq < toSeq; seq++) {
            expect(receiver, seq, size);
        }
    }

    static byte[] message(long seq, int size) {
        return Payloads.bytes(SEED, seq, size);
    }

    /** Nothing is there, and nothing comes. */
    static void assertSilent(Receiver<?> receiver) throws IOException, InterruptedException {
        assertNull(receiver.tryReceive(), "a message that nobody sent");
        assertNull(receiver.tryReceive(SHORT), "a message that nobody sent");
    }

    /**
     * Messages go through, and nothing else. Sent by a second thread: what a sender has left of a message that it gave up
     * may be more than the channel holds.
     */
    static void assertUsable(Ends<byte[]> ends) throws Exception {
        int[] sizes = {17, 0, 1};
        try (Worker<Boolean> writer = Worker.run(() -> {
            for (int size : sizes) {
                ends.sender().send(message(77, size));
            }
        })) {
            for (int size : sizes) {
                expect(ends.receiver(), 77, size);
            }
            writer.result();
        }
        assertSilent(ends.receiver());
    }

    static int small(Claims claims) {
        return Math.min(SMALL, claims.largestMessageBytes());
    }

    /** Larger than what most channels hold, if the transport takes that. */
    static int large(Claims claims) {
        return Math.min(LARGE, claims.largestMessageBytes());
    }

    /** A way to send a message that may find no room. */
    interface Attempt {
        boolean send(byte[] message) throws Exception;
    }

    /** Sends messages {@code 0, 1, 2, ...} until there is no room for one; how many there are. */
    static int sendWhile(Attempt attempt, int size) throws Exception {
        int count = 0;
        while (attempt.send(message(count, size))) {
            count++;
            assertTrue((long) count * (size + 1) < MOST_BYTES, "claims to be BOUNDED and is never full");
        }
        return count;
    }

    /**
     * Sends messages {@code 0, 1, 2, ...} until one more would have to wait, also a moment later, when what was on its way has
     * arrived, as it has to over TCP; how many there are, at least one.
     */
    static int fill(Sender<byte[]> sender, int size) throws Exception {
        return fill(sender, size, Integer.MAX_VALUE);
    }

    /** The same, but it is only waited for what may be under way yet if there are fewer than enough. */
    static int fill(Sender<byte[]> sender, int size, int enough) throws Exception {
        int count = sendWhile(sender::trySend, size);
        assertTrue(count > 0, "an empty channel has no room for a message of " + size + " bytes");
        if (count >= enough) {
            return count;
        }
        byte[] next = message(count, size);
        // Room that is too little for a wait to end may be enough for a try.
        while (sender.trySend(next, SETTLES) || sender.trySend(next)) {
            count++;
            next = message(count, size);
        }
        return count;
    }

    /** Does it again and again, until it fails or the test is over. */
    static void again(Worker.Action action) throws Exception {
        while (!Worker.isToEnd()) {
            action.run();
        }
        throw new InterruptedException("the test is over");
    }

    /** The end has been said, in every form of receiving, and is said again where it is for good. */
    static void assertEnds(Claims claims, Receiver<?> receiver) throws Exception {
        assertEquals(PeerGoneException.Reason.CLOSED, gone(receiver::receive).reason());
        if (claims.endsForGood()) {
            assertEquals(
                    PeerGoneException.Reason.CLOSED, gone(receiver::tryReceive).reason());
            assertEquals(
                    PeerGoneException.Reason.CLOSED,
                    gone(() -> receiver.tryReceive(SHORT)).reason());
            assertEquals(
                    PeerGoneException.Reason.CLOSED,
                    gone(() -> receiver.drain(m -> {}, 1)).reason());
            assertEquals(
                    PeerGoneException.Reason.CLOSED, gone(receiver::receive).reason());
        } else {
            assertNull(receiver.tryReceive(), "after its end the channel waits for the next sender");
        }
    }

    /** The call has to tell, without waiting long, that the other side is gone. */
    static PeerGoneException gone(Executable call) throws Exception {
        try (Worker<Boolean> worker = Worker.run(() -> execute(call))) {
            return worker.failure(PeerGoneException.class);
        }
    }

    private static void execute(Executable call) throws Exception {
        try {
            call.execute();
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Collects messages in a thread until {@code count} have come. */
    static Worker<List<byte[]>> collect(Receiver<byte[]> receiver, int count) {
        return Worker.call(() -> {
            List<byte[]> messages = new ArrayList<>();
            while (messages.size() < count) {
                messages.add(next(receiver));
            }
            return messages;
        });
    }

    /** Runs it and answers how long it took. */
    static Duration elapsed(Worker.Action action) throws Exception {
        long start = System.nanoTime();
        action.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
