package org.jvmipc.cli.demo.sem;

import java.io.IOException;
import java.util.stream.IntStream;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoParent;
import org.jvmipc.cli.demo.Pause;
import org.jvmipc.cli.demo.Verifier;
import org.jvmipc.cli.demo.shared.TakenReport;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.Segment;

/**
 * A consumer of the demo {@code sem}: takes messages out of a bounded buffer in shared memory, and verifies them.
 * {@link SemProducer}s put them in, {@link SemParent} says when.
 */
final class SemConsumer {
    /** Take a round of messages. */
    static final String TAKE = "take";

    /** End now. */
    static final String END = "end";

    private final BoundedBuffer buffer;
    private final SemTurns turns;
    private final Verifier verifier;
    private final boolean slow;
    private long takes;

    private SemConsumer(BoundedBuffer buffer, SemTurns turns, Verifier verifier, boolean slow) {
        this.buffer = buffer;
        this.turns = turns;
        this.verifier = verifier;
        this.slow = slow;
    }

    /**
     * Plays a consumer.
     *
     * @param args run id, number of producers, payload bytes, how many begin at once if it is broken, or else
     *     0, slow
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        int producers = Integer.parseInt(args[1]);
        int payloadBytes = Integer.parseInt(args[2]);
        int parties = Integer.parseInt(args[3]);
        Verifier verifier = new Verifier(
                Long.parseLong(args[0]),
                payloadBytes,
                IntStream.rangeClosed(1, producers).toArray());
        try (DemoParent<TakenReport> parent = DemoParent.open(TakenReport.class);
                Segment segment = Segment.open(ParentJvm.get().address(SemProducer.SEGMENT));
                BoundedBuffer buffer =
                        BoundedBuffer.open(segment, DemoOptions.messageBytes(payloadBytes), parties > 0)) {
            SemTurns turns = new SemTurns(segment.area(SemTurns.AREA));
            SemConsumer consumer = new SemConsumer(buffer, turns, verifier, Boolean.parseBoolean(args[4]));
            parent.ready();
            while (parent.order().equals(TAKE)) {
                turns.meet(parties);
                consumer.take(turns.messages() * producers);
                TakenReport.send(parent, verifier, producers, consumer.takes, buffer.waits(), buffer.waitNanos());
            }
        }
    }

    private void take(long messages) throws InterruptedException {
        while (turns.claim(messages)) {
            verifier.accept(buffer.take());
            takes++;
            if (slow) {
                Pause.afterMessage();
            }
        }
    }
}
