package org.jvmipc.cli.demo.ring;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Codecs;
import org.jvmipc.IpcException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.cli.demo.DemoParent;
import org.jvmipc.cli.demo.Pause;
import org.jvmipc.cli.demo.Verifier;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.RingReceiver;
import org.jvmipc.shm.SharedRing;

/**
 * A consumer of the demo {@code ring}: takes what {@link RingProducer}s have sent, and verifies each message, until all of them have
 * gone. {@link RingParent} says when.
 */
final class RingConsumer {
    /** Join: to who does not do so at once. */
    static final String START = "start";

    /** Take a message, and be killed with it. */
    static final String HOLD = "hold";

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);

    private final DemoParent<RingTaken> parent;
    private final RingReceiver<ByteBuffer> in;
    private final long runId;
    private final int payloadBytes;
    private final int[] producers;
    private final boolean slow;
    private final Verifier verifier;
    private int ends;
    private long nextLookNanos = System.nanoTime();
    private boolean holds;
    private boolean started;
    private boolean waiting;
    private long waits;
    private long waitNanos;

    private RingConsumer(DemoParent<RingTaken> parent, RingReceiver<ByteBuffer> in, String[] args) {
        this.parent = parent;
        this.in = in;
        this.runId = Long.parseLong(args[0]);
        this.payloadBytes = Integer.parseInt(args[1]);
        this.producers = IntStream.rangeClosed(1, Integer.parseInt(args[2])).toArray(); // numbered from 1
        this.ends = Integer.parseInt(args[3]);
        this.slow = Boolean.parseBoolean(args[4]);
        this.verifier = new Verifier(runId, payloadBytes, producers);
    }

    /**
     * Plays a consumer.
     *
     * @param args run id, payload bytes, number of producers, how often all of them will have gone, slow, whether it joins only when
     *     it is told to start
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        boolean joinsLater = Boolean.parseBoolean(args[5]);
        try (DemoParent<RingTaken> parent = DemoParent.open(RingTaken.class)) {
            if (joinsLater) {
                parent.ready();
                parent.await(START);
            }
            try (SharedRing ring = SharedRing.open(ParentJvm.get().address(RingProducer.RING));
                    RingReceiver<ByteBuffer> in = ring.openReceiver(Codecs.buffers())) {
                if (!joinsLater) {
                    parent.ready();
                }
                new RingConsumer(parent, in, args).takeAll();
            }
        }
    }

    private void takeAll() throws IOException, InterruptedException {
        while (ends > 0) {
            if (System.nanoTime() - nextLookNanos >= 0) {
                look();
            }
            try {
                @Nullable ByteBuffer message = receive();
                if (message != null) {
                    take(message);
                }
            } catch (PeerGoneException e) {
                ends--;
                parent.report(RingTaken.only(RingTaken.END, e.reason().name()));
            }
        }
        reportTaken();
    }

    private void look() throws IOException {
        nextLookNanos = System.nanoTime() + BETWEEN_LOOKS.toNanos();
        @Nullable String order = parent.tryOrder();
        if (order != null) {
            DemoParent.expect(HOLD, order);
            holds = true;
        }
    }

    /** Receives a message, unless the ring is empty for a while: then it is looked whether there is an order. */
    private @Nullable ByteBuffer receive() throws IOException, InterruptedException {
        @Nullable ByteBuffer message = in.tryReceive();
        if (message != null) {
            return message;
        }
        waits += waiting ? 0 : 1;
        long startNanos = System.nanoTime();
        try {
            message = in.tryReceive(BETWEEN_LOOKS);
            waiting = message == null;
            return message;
        } finally {
            waitNanos += System.nanoTime() - startNanos;
        }
    }

    private void take(ByteBuffer message) throws IOException, InterruptedException {
        if (holds) {
            hold(message);
        }
        verifier.accept(message);
        if (!started) {
            started = true;
            parent.report(RingTaken.only(RingTaken.STARTED, ""));
        }
        if (slow) {
            Pause.afterMessage();
        }
    }

    /** The ring has given it away: nobody else will get it. */
    private void hold(ByteBuffer message) throws IOException, InterruptedException {
        Verifier hand = new Verifier(runId, payloadBytes, producers);
        int producer = hand.accept(message);
        reportTaken();
        if (producer == Verifier.NOBODY) {
            throw new IpcException("the message in hand is corrupt");
        }
        parent.report(RingTaken.of(RingTaken.HOLDING, producer, hand, 0, 0));
        throw new IpcException("was to be killed, and not to be told \"" + parent.order() + "\"");
    }

    private void reportTaken() throws IOException, InterruptedException {
        for (int producer : producers) {
            parent.report(RingTaken.of(RingTaken.TAKEN, producer, verifier, waits, waitNanos));
        }
    }
}
