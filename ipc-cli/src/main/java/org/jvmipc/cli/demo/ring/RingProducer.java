package org.jvmipc.cli.demo.ring;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Codecs;
import org.jvmipc.IpcException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.cli.demo.DemoParent;
import org.jvmipc.cli.demo.MessageSource;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.Claim;
import org.jvmipc.shm.RingSender;
import org.jvmipc.shm.SharedRing;

/** A producer of the demo {@code ring}: sends messages through a ring to {@link RingConsumer}s. {@link RingParent} says when. */
final class RingProducer {
    /** The name under which the ring is handed over. */
    static final String RING = "ring";

    /** Open a sender if there is none yet, and send. */
    static final String START = "start";

    /** Claim room for a message, write half of it, and be killed so. */
    static final String HOLD = "hold";

    /** Tell when the next message is in the ring. */
    static final String MARK = "mark";

    /** Send no more. */
    static final String STOP = "stop";

    /** As a number of messages: until told to stop. */
    static final long WITHOUT_NUMBER = -1;

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);
    private static final long PAUSE_NANOS = 500_000;

    private final DemoParent<RingSent> parent;
    private final RingSender<ByteBuffer> out;
    private final MessageSource source;
    private final long messages;
    private long nextLookNanos = System.nanoTime();
    private boolean stopped;
    private boolean told;
    private boolean marked;
    private boolean waiting;
    private long waits;
    private long waitNanos;

    private RingProducer(DemoParent<RingSent> parent, RingSender<ByteBuffer> out, String[] args) {
        this.parent = parent;
        this.out = out;
        this.source = new MessageSource(Long.parseLong(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        this.messages = Long.parseLong(args[3]);
    }

    /**
     * Plays a producer.
     *
     * @param args run id, number of this producer, payload bytes, messages, whether it joins only when it is told to start
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        boolean joinsLater = Boolean.parseBoolean(args[4]);
        try (DemoParent<RingSent> parent = DemoParent.open(RingSent.class)) {
            if (joinsLater) {
                parent.ready();
                parent.await(START);
            }
            try (SharedRing ring = SharedRing.open(ParentJvm.get().address(RING));
                    RingSender<ByteBuffer> out = ring.openSender(Codecs.buffers())) {
                if (!joinsLater) {
                    parent.ready();
                    parent.await(START);
                }
                new RingProducer(parent, out, args).sendAll();
            }
        }
    }

    private void sendAll() throws IOException, InterruptedException {
        while (!stopped && source.count() != messages) {
            if (System.nanoTime() - nextLookNanos >= 0) {
                look();
            }
            try {
                if (send()) {
                    sent();
                }
            } catch (PeerGoneException e) {
                consumerIsGone(e);
            }
        }
        report(RingSent.SENT, "");
    }

    private void look() throws IOException, InterruptedException {
        nextLookNanos = System.nanoTime() + BETWEEN_LOOKS.toNanos();
        @Nullable String order = parent.tryOrder();
        if (order == null) {
            return;
        }
        switch (order) {
            case STOP -> stopped = true;
            case MARK -> marked = true;
            default -> {
                DemoParent.expect(HOLD, order);
                hold();
            }
        }
    }

    /** Sends a message, unless the ring is full for a while: then it is looked whether this is over. */
    private boolean send() throws IOException, InterruptedException {
        if (out.trySend(source.message())) {
            return true;
        }
        waits += waiting ? 0 : 1;
        long startNanos = System.nanoTime();
        try {
            boolean sent = out.trySend(source.message(), BETWEEN_LOOKS);
            waiting = !sent;
            return sent;
        } finally {
            waitNanos += System.nanoTime() - startNanos;
        }
    }

    private void sent() throws IOException, InterruptedException {
        source.sent();
        if (source.count() == 1) {
            report(RingSent.STARTED, "");
        }
        if (marked) {
            marked = false;
            report(RingSent.GOING, "");
        }
    }

    /** What is to be sent is not sent then; it is tried again until another consumer has come. */
    private void consumerIsGone(PeerGoneException e) throws IOException, InterruptedException {
        if (messages != WITHOUT_NUMBER) {
            throw e;
        }
        if (!told) {
            told = true;
            marked = true;
            report(RingSent.TOLD, e.reason().name());
        }
        LockSupport.parkNanos(PAUSE_NANOS);
    }

    private void hold() throws IOException, InterruptedException {
        ByteBuffer message = source.message();
        try (Claim claim = out.claim(message.remaining())) {
            claim.buffer().put(message.duplicate().limit(message.remaining() / 2));
            report(RingSent.HOLDING, "");
            throw new IpcException("was to be killed, and not to be told \"" + parent.order() + "\"");
        }
    }

    private void report(String stage, String reason) throws IOException, InterruptedException {
        parent.report(RingSent.now(stage, source, waits, waitNanos, reason));
    }
}
