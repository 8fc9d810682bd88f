package org.jvmipc.cli.demo.posixmq;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jvmipc.Codecs;
import org.jvmipc.IpcException;
import org.jvmipc.cli.demo.DemoParent;
import org.jvmipc.cli.demo.MessageSource;
import org.jvmipc.mq.PosixMessageQueue;
import org.jvmipc.mq.PosixMessageSender;
import org.jvmipc.process.ParentJvm;

/**
 * A producer of the demo {@code posixmq}: sends into a queue of the kernel, with one priority after another. The first one fills it
 * before, and sees that there is no more room. {@link PosixmqConsumer}s receive, {@link PosixmqParent} says when.
 */
final class PosixmqProducer {
    /** What the queue's address is handed over as. */
    static final String QUEUE = "queue";

    /** Fill the queue, while nobody receives. */
    static final String FILL = "fill";

    /** Send. */
    static final String START = "start";

    /** End now. */
    static final String STOP = "stop";

    /** As a number of messages: until told to stop. */
    static final long WITHOUT_NUMBER = 0;

    /** Messages have priority 0, 1, 2 or 3. */
    static final int PRIORITIES = 4;

    /** A send that took so long has waited. */
    private static final long A_WAIT_NANOS = 1_000_000;

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    /** Neither up nor down, so that the order in which they are sent is not the one in which they are to come. */
    private static final int[] TURNS = {1, 3, 0, 2};

    private final DemoParent<PosixmqSent> parent;
    private final PosixMessageSender<ByteBuffer> out;
    private final int number;
    private final MessageSource[] sources = new MessageSource[PRIORITIES];
    private final long messages;
    private long sent;
    private long waits;
    private long waitNanos;

    private PosixmqProducer(DemoParent<PosixmqSent> parent, PosixMessageSender<ByteBuffer> out, String[] args) {
        this.parent = parent;
        this.out = out;
        this.number = Integer.parseInt(args[1]);
        this.messages = Long.parseLong(args[3]);
        for (int priority = 0; priority < PRIORITIES; priority++) {
            sources[priority] =
                    new MessageSource(Long.parseLong(args[0]), sender(number, priority), Integer.parseInt(args[2]));
        }
    }

    /** The number under which a producer, from 1, sends what has this priority: what has the same number comes in order. */
    static int sender(int producer, int priority) {
        return (producer - 1) * PRIORITIES + priority + 1;
    }

    static int priority(int sender) {
        return (sender - 1) % PRIORITIES;
    }

    static int producer(int sender) {
        return (sender - 1) / PRIORITIES + 1;
    }

    /**
     * Plays a producer.
     *
     * @param args run id, number of this producer, payload bytes, messages
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        try (DemoParent<PosixmqSent> parent = DemoParent.open(PosixmqSent.class);
                PosixMessageSender<ByteBuffer> out = PosixMessageQueue.open(
                                ParentJvm.get().address(QUEUE), Codecs.buffers())
                        .openSender()) {
            parent.ready();
            PosixmqProducer producer = new PosixmqProducer(parent, out, args);
            String order = parent.order();
            if (order.equals(FILL)) {
                producer.fill();
                order = parent.order();
            }
            DemoParent.expect(START, order);
            producer.sendAll();
        }
    }

    private boolean isDone() {
        return messages != WITHOUT_NUMBER && sent == messages;
    }

    private void fill() throws IOException, InterruptedException {
        while (!isDone() && out.trySend(next().message(), turn())) {
            noteSent();
        }
        if (!isDone() && out.trySend(next().message(), turn(), BETWEEN_LOOKS)) {
            throw new IpcException("a full queue has taken a message, though nobody receives");
        }
        parent.report(new PosixmqSent(PosixmqSent.FULL, 0, sent, 0, isDone() ? 0 : 1, 0));
    }

    private void sendAll() throws IOException, InterruptedException {
        while (!isOver()) {
            long startNanos = System.nanoTime();
            boolean done = out.trySend(next().message(), turn(), BETWEEN_LOOKS);
            long nanos = System.nanoTime() - startNanos;
            if (nanos >= A_WAIT_NANOS) {
                waits++;
                waitNanos += nanos;
            }
            if (done) {
                noteSent();
            }
        }
        for (int priority = 0; priority < PRIORITIES; priority++) {
            MessageSource source = sources[priority];
            parent.report(new PosixmqSent(
                    PosixmqSent.SENT, sender(number, priority), source.count(), source.sum(), waits, waitNanos));
        }
    }

    private boolean isOver() throws IOException {
        return messages == WITHOUT_NUMBER ? parent.hasOrdered(STOP) : isDone();
    }

    private int turn() {
        return TURNS[(int) (sent % PRIORITIES)];
    }

    private MessageSource next() {
        return sources[turn()];
    }

    private void noteSent() {
        next().sent();
        sent++;
    }
}
