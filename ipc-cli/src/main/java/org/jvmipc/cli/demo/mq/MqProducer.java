package org.jvmipc.cli.demo.mq;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jvmipc.Codecs;
import org.jvmipc.cli.demo.DemoParent;
import org.jvmipc.cli.demo.MessageSource;
import org.jvmipc.mq.MessageQueue;
import org.jvmipc.mq.QueueSender;
import org.jvmipc.process.ParentJvm;

/**
 * A producer of the demo {@code mq}: sends into a queue, knows nobody, and ends. {@link MqConsumer}s take what it has sent, {@link
 * MqParent} says when.
 */
final class MqProducer {
    /** What the queue's address is handed over as. */
    static final String QUEUE = "queue";

    /** Send. */
    static final String START = "start";

    /** End now. */
    static final String STOP = "stop";

    /** As a number of messages: until told to stop. */
    static final long WITHOUT_NUMBER = 0;

    /** A send that took so long has waited, for room or for another producer. */
    private static final long A_WAIT_NANOS = 1_000_000;

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private final DemoParent<MqSent> parent;
    private final MessageSource source;
    private final long messages;
    private long waits;
    private long waitNanos;

    private MqProducer(DemoParent<MqSent> parent, String[] args) {
        this.parent = parent;
        this.source = new MessageSource(Long.parseLong(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        this.messages = Long.parseLong(args[3]);
    }

    /**
     * Plays a producer.
     *
     * @param args run id, number of this producer, payload bytes, messages
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        try (DemoParent<MqSent> parent = DemoParent.open(MqSent.class);
                QueueSender<ByteBuffer> out = MessageQueue.open(ParentJvm.get().address(QUEUE), Codecs.buffers())
                        .openSender()) {
            parent.ready();
            parent.await(START);
            new MqProducer(parent, args).sendAll(out);
        }
    }

    private void sendAll(QueueSender<ByteBuffer> out) throws IOException, InterruptedException {
        while (!isOver()) {
            send(out);
        }
        parent.report(new MqSent(source.count(), source.digest(), source.sum(), waits, waitNanos));
    }

    private boolean isOver() throws IOException {
        return messages == WITHOUT_NUMBER ? parent.hasOrdered(STOP) : source.count() == messages;
    }

    /** Sends a message, unless the queue is full for a while: then it is looked whether this is over. */
    private void send(QueueSender<ByteBuffer> out) throws IOException, InterruptedException {
        long startNanos = System.nanoTime();
        boolean sent = out.trySend(source.message(), BETWEEN_LOOKS);
        long nanos = System.nanoTime() - startNanos;
        if (nanos >= A_WAIT_NANOS) {
            waits++;
            waitNanos += nanos;
        }
        if (sent) {
            source.sent();
        }
    }
}
