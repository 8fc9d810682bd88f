package org.jvmipc.cli.demo.posixmq;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Codecs;
import org.jvmipc.IpcException;
import org.jvmipc.cli.demo.DemoParent;
import org.jvmipc.cli.demo.Pause;
import org.jvmipc.cli.demo.Verifier;
import org.jvmipc.mq.PosixMessageQueue;
import org.jvmipc.mq.PosixMessageReceiver;
import org.jvmipc.mq.PrioritizedMessage;
import org.jvmipc.process.ParentJvm;

/**
 * A consumer of the demo {@code posixmq}: receives from a queue of the kernel, and verifies each message and its priority. What was in
 * the full queue has to come by priority; later, when messages come and go, those of one priority in their order. {@link
 * PosixmqParent} says when.
 */
final class PosixmqConsumer {
    /** Followed by a number of messages: take these, which are there. */
    static final String DRAIN = "drain ";

    /** Take what comes. */
    static final String START = "start";

    /** Take a message, and be killed with it. */
    static final String HOLD = "hold";

    /** All is sent: end when the queue is empty. */
    static final String FINISH = "finish";

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);
    private static final int LOOK_EVERY = 16;

    private final DemoParent<PosixmqTaken> parent;
    private final PosixMessageReceiver<ByteBuffer> in;
    private final long runId;
    private final int payloadBytes;
    private final int[] senders;
    private final boolean slow;
    private final Verifier verifier;
    private final Set<Integer> producers = new HashSet<>();
    private long taken;
    private long misplaced;
    private boolean holds;
    private boolean finishes;
    private long waits;
    private long waitNanos;

    private PosixmqConsumer(DemoParent<PosixmqTaken> parent, PosixMessageReceiver<ByteBuffer> in, String[] args) {
        this.parent = parent;
        this.in = in;
        this.runId = Long.parseLong(args[0]);
        this.payloadBytes = Integer.parseInt(args[1]);
        this.senders = IntStream.rangeClosed(1, Integer.parseInt(args[2])).toArray();
        this.slow = Boolean.parseBoolean(args[3]);
        this.verifier = new Verifier(runId, payloadBytes, senders);
    }

    /**
     * Plays a consumer.
     *
     * @param args run id, payload bytes, number of senders, slow
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        try (DemoParent<PosixmqTaken> parent = DemoParent.open(PosixmqTaken.class);
                PosixMessageReceiver<ByteBuffer> in = PosixMessageQueue.open(
                                ParentJvm.get().address(PosixmqProducer.QUEUE), Codecs.buffers())
                        .openReceiver()) {
            parent.ready();
            PosixmqConsumer consumer = new PosixmqConsumer(parent, in, args);
            String order = parent.order();
            if (order.startsWith(DRAIN)) {
                consumer.drain(Integer.parseInt(order.substring(DRAIN.length())));
                order = parent.order();
            }
            DemoParent.expect(START, order);
            consumer.takeAll();
        }
    }

    /** None may have a higher priority than the one before it. */
    private void drain(int count) throws IOException, InterruptedException {
        int least = PosixmqProducer.PRIORITIES;
        long disordered = 0;
        for (int i = 0; i < count; i++) {
            PrioritizedMessage<ByteBuffer> message = in.tryReceivePrioritized();
            if (message == null) {
                throw new IpcException("of " + count + " messages in the queue only " + i + " came");
            }
            disordered += message.priority() > least ? 1 : 0;
            least = message.priority();
            accept(message);
        }
        parent.report(PosixmqTaken.only(PosixmqTaken.DRAINED, count, disordered));
    }

    private void takeAll() throws IOException, InterruptedException {
        while (true) {
            if (taken % LOOK_EVERY == 0) {
                look();
            }
            PrioritizedMessage<ByteBuffer> message = receive();
            if (message != null) {
                take(message);
            } else {
                look();
                message = finishes ? in.tryReceivePrioritized() : null; // sent before the order was
                if (message != null) {
                    take(message);
                } else if (finishes) {
                    reportTaken();
                    return;
                }
            }
        }
    }

    private void look() throws IOException {
        @Nullable String order = parent.tryOrder();
        if (order != null) {
            finishes = order.equals(FINISH);
            holds = !finishes;
            DemoParent.expect(finishes ? FINISH : HOLD, order);
        }
    }

    /** Receives a message, unless the queue is empty for a while: then it is looked whether there is an order. */
    private @Nullable PrioritizedMessage<ByteBuffer> receive() throws IOException, InterruptedException {
        PrioritizedMessage<ByteBuffer> message = in.tryReceivePrioritized();
        if (message != null) {
            return message;
        }
        waits++;
        long startNanos = System.nanoTime();
        try {
            return in.tryReceivePrioritized(BETWEEN_LOOKS);
        } finally {
            waitNanos += System.nanoTime() - startNanos;
        }
    }

    private void take(PrioritizedMessage<ByteBuffer> message) throws IOException, InterruptedException {
        if (holds) {
            hold(message);
        }
        int sender = accept(message);
        taken++;
        if (sender != Verifier.NOBODY && producers.add(PosixmqProducer.producer(sender))) {
            parent.report(PosixmqTaken.only(PosixmqTaken.STARTED, sender, 0));
        }
        if (slow) {
            Pause.afterMessage();
        }
    }

    private int accept(PrioritizedMessage<ByteBuffer> message) {
        int sender = verifier.accept(message.message());
        boolean known = sender != Verifier.NOBODY;
        misplaced += known && PosixmqProducer.priority(sender) != message.priority() ? 1 : 0;
        return sender;
    }

    /** The queue has given it away: nobody else will get it. */
    private void hold(PrioritizedMessage<ByteBuffer> message) throws IOException, InterruptedException {
        Verifier hand = new Verifier(runId, payloadBytes, senders);
        int sender = hand.accept(message.message());
        reportTaken();
        if (sender == Verifier.NOBODY) {
            throw new IpcException("the message in hand is corrupt");
        }
        parent.report(PosixmqTaken.of(PosixmqTaken.HOLDING, sender, hand, 0, 0, 0));
        throw new IpcException("was to be killed, and not to be told \"" + parent.order() + "\"");
    }

    private void reportTaken() throws IOException, InterruptedException {
        for (int sender : senders) {
            parent.report(PosixmqTaken.of(PosixmqTaken.TAKEN, sender, verifier, misplaced, waits, waitNanos));
        }
    }
}
