package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;

/**
 * Calls that are interrupted or time out at random moments, while the other side is at work: the messages that were sent,
 * by the word of the sender, are exactly those received, in order.
 */
final class Storm {
    private static final int MIN = Payloads.TAGGED_MIN;
    private static final long END = -1;

    /** A storm is over after this, however few messages a slow machine has managed. */
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(2);

    private Storm() {}

    /** The numbers of the messages that went through, and how often one did not. */
    static final class Log {
        private final List<Long> done = new ArrayList<>();
        private int failed;

        void add(boolean success, long seq) {
            if (success) {
                done.add(seq);
            } else {
                failed++;
            }
        }

        int failures() {
            return failed;
        }
    }

    /** The numbers from 0 to {@code most}, as many as fit in the time. */
    static LongStream numbers(int most) {
        long start = System.nanoTime();
        return LongStream.range(0, most).takeWhile(seq -> System.nanoTime() - start < LONGEST_NANOS);
    }

    /** Messages of every size up to the limit; every message says which one it is. */
    static byte[] message(long seq, int limit) {
        int size = seq % 40 == 7 ? limit : Payloads.size(ContractTools.SEED, seq, limit);
        return Payloads.tagged(ContractTools.SEED, 0, seq, Math.max(MIN, size));
    }

    /** What the writer sent; a reader that failed, and so leaves the writer blocked, says why. */
    static Log sent(Worker<Log> writer, Worker<Log> reader) throws Exception {
        Await.until("all is sent or the reader has failed", () -> writer.isDone() || reader.isDone());
        if (reader.isDone()) {
            reader.result(); // before the end was sent: throws
        }
        return writer.result();
    }

    /** Says that there will be no more, and waits for what the reader got; a reader that failed says why. */
    static Log end(Sender<byte[]> sender, Worker<Log> reader) throws Exception {
        byte[] end = Payloads.tagged(ContractTools.SEED, 0, END, MIN);
        try (Worker<Boolean> last = Worker.run(() -> sender.send(end))) {
            Await.until("the end is sent or the reader has failed", () -> last.isDone() || reader.isDone());
            return reader.result();
        }
    }

    /** Receives to the end; pauses now and then, so that the channel fills. */
    static Worker<Log> reader(Receiver<byte[]> receiver) {
        return Worker.call(() -> {
            Log log = new Log();
            while (!take(log, ContractTools.next(receiver))) {
                if (ThreadLocalRandom.current().nextInt(16) == 0) {
                    LockSupport.parkNanos(200_000);
                }
            }
            return log;
        });
    }

    /** Receives to the end with a call that may be interrupted or time out at any moment. */
    static Worker<Log> disturbedReader(Receiver<byte[]> receiver) {
        return Worker.call(() -> {
            Log log = new Log();
            while (true) {
                try {
                    byte[] message = receiver.receive();
                    if (take(log, message)) {
                        Thread.interrupted(); // one that came after the last message
                        return log;
                    }
                } catch (InterruptedException e) {
                    log.add(false, 0);
                    leaveIfToEnd(e);
                }
            }
        });
    }

    private static void leaveIfToEnd(InterruptedException e) throws InterruptedException {
        if (Worker.isToEnd()) {
            throw e;
        }
    }

    private static boolean take(Log log, byte[] message) {
        long seq = Payloads.verifyTagged(ContractTools.SEED, message).seq();
        if (seq != END) {
            log.done.add(seq);
        }
        return seq == END;
    }

    /** Interrupts the worker at random moments until it has ended or {@code times} have passed. */
    static void interrupt(Worker<?> worker, int times) {
        for (int i = 0; i < times && !worker.isDone(); i++) {
            LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(300_000));
            worker.interrupt();
        }
    }

    static void assertSame(Log sent, Log received) {
        for (int i = 0; i < Math.min(sent.done.size(), received.done.size()); i++) {
            assertEquals(sent.done.get(i), received.done.get(i), "the first difference is at the " + i + "th message");
        }
        assertEquals(sent.done.size(), received.done.size(), "sent and received");
        assertTrue(!sent.done.isEmpty(), "nothing was sent at all");
    }

    /** A sender whose sends are interrupted: what counts is only what it says was sent. */
    static Worker<Log> disturbedWriter(Sender<byte[]> sender, int most, int limit) {
        return Worker.call(() -> {
            Log log = new Log();
            for (PrimitiveIterator.OfLong numbers = numbers(most).iterator(); numbers.hasNext(); ) {
                long seq = numbers.nextLong();
                byte[] message = message(seq, limit);
                boolean sent = true;
                try {
                    sender.send(message);
                } catch (InterruptedException e) {
                    leaveIfToEnd(e);
                    sent = false;
                }
                log.add(sent, seq);
            }
            return log;
        });
    }
}
