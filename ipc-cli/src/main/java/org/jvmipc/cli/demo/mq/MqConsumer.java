package org.jvmipc.cli.demo.mq;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Codecs;
import org.jvmipc.IpcException;
import org.jvmipc.cli.demo.DemoParent;
import org.jvmipc.cli.demo.Pause;
import org.jvmipc.cli.demo.Verifier;
import org.jvmipc.mq.Consumer;
import org.jvmipc.mq.Delivery;
import org.jvmipc.mq.MessageQueue;
import org.jvmipc.process.ParentJvm;

/**
 * A consumer of the demo {@code mq}: takes messages out of a queue as one of a group, verifies each, and acknowledges it then. Who sent
 * them, {@link MqProducer}s, may have ended. {@link MqParent} says when.
 */
final class MqConsumer {
    /** Take. */
    static final String START = "start";

    /** Take a message, do not acknowledge it, and be killed so. */
    static final String HOLD = "hold";

    /** Followed by a number of messages: end when the group has taken so many. */
    static final String FINISH = "finish ";

    /** As a number of messages: all there are. */
    static final long ALL = 0;

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);
    private static final int LOOK_EVERY = 16;

    private final DemoParent<MqTaken> parent;
    private final Consumer<ByteBuffer> consumer;
    private final Verifier verifier;
    private final int senders;
    private final long limit;
    private final boolean slow;
    private long end = Long.MAX_VALUE;
    private long taken;
    private long repeats;
    private boolean holds;

    private MqConsumer(DemoParent<MqTaken> parent, Consumer<ByteBuffer> consumer, String[] args) {
        this.parent = parent;
        this.consumer = consumer;
        this.senders = Integer.parseInt(args[2]);
        this.limit = Long.parseLong(args[4]);
        this.slow = Boolean.parseBoolean(args[5]);
        this.verifier = new Verifier(
                Long.parseLong(args[0]),
                Integer.parseInt(args[1]),
                IntStream.rangeClosed(1, senders).toArray());
    }

    /**
     * Plays a consumer.
     *
     * @param args run id, payload bytes, number of producers, group, how many to take or {@link #ALL}, slow
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        try (DemoParent<MqTaken> parent = DemoParent.open(MqTaken.class);
                Consumer<ByteBuffer> consumer = MessageQueue.open(
                                ParentJvm.get().address(MqProducer.QUEUE), Codecs.buffers())
                        .openConsumer(args[3])) {
            parent.ready();
            parent.await(START);
            new MqConsumer(parent, consumer, args).takeAll();
        }
    }

    private void takeAll() throws IOException, InterruptedException {
        while (limit == ALL || taken < limit) {
            if (taken % LOOK_EVERY == 0) {
                look();
            }
            Delivery<ByteBuffer> delivery = consumer.tryReceive(BETWEEN_LOOKS);
            if (delivery != null) {
                take(delivery);
            } else {
                look();
                if (end != Long.MAX_VALUE && consumer.lowWater() >= end) {
                    break;
                }
            }
        }
        reportTaken();
    }

    private void look() throws IOException {
        @Nullable String order = parent.tryOrder();
        if (order == null) {
            return;
        }
        if (order.startsWith(FINISH)) {
            end = Long.parseLong(order.substring(FINISH.length()));
        } else {
            DemoParent.expect(HOLD, order);
            holds = true;
        }
    }

    private void take(Delivery<ByteBuffer> delivery) throws IOException, InterruptedException {
        if (holds) {
            reportTaken();
            parent.report(MqTaken.message(MqTaken.HOLDING, delivery.index(), delivery.redeliveries()));
            throw new IpcException("was to be killed, and not to be told \"" + parent.order() + "\"");
        }
        verifier.accept(delivery.message());
        if (slow) {
            Pause.afterMessage();
        }
        if (delivery.redeliveries() > 0) {
            repeats++;
            parent.report(MqTaken.message(MqTaken.REPEATED, delivery.index(), delivery.redeliveries()));
        }
        delivery.ack();
        taken++;
        if (taken == 1) {
            parent.report(MqTaken.message(MqTaken.STARTED, delivery.index(), 0));
        }
    }

    /** Tells of all senders, which are numbered from 1. */
    private void reportTaken() throws IOException, InterruptedException {
        for (int sender = 1; sender <= senders; sender++) {
            parent.report(new MqTaken(
                    MqTaken.TAKEN,
                    sender,
                    verifier.received(sender),
                    verifier.gaps(sender),
                    verifier.first(sender),
                    verifier.digest(sender),
                    verifier.sum(sender),
                    verifier.duplicated(),
                    verifier.reordered(),
                    verifier.corrupt(),
                    0,
                    repeats,
                    System.nanoTime()));
        }
    }
}
