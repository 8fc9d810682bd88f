package org.jvmipc.cli.demo.sem;

import java.io.IOException;
import org.jvmipc.cli.demo.MessageSource;
import org.jvmipc.cli.demo.shared.Work;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.Segment;

/**
 * A producer of the demo {@code sem}: puts messages into a bounded buffer in shared memory. {@link SemConsumer}s take them out,
 * {@link SemParent} says when.
 */
final class SemProducer {
    /** What the address of the segment is handed over as. */
    static final String SEGMENT = "segment";

    private SemProducer() {}

    /**
     * Plays a producer.
     *
     * @param args run id, number of this producer, payload bytes, how many begin at once if it is broken, or else 0
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        MessageSource source =
                new MessageSource(Long.parseLong(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        int parties = Integer.parseInt(args[3]);
        boolean broken = parties > 0;
        try (Work work = Work.inRounds();
                Segment segment = Segment.open(ParentJvm.get().address(SEGMENT));
                BoundedBuffer buffer =
                        BoundedBuffer.open(segment, source.message().remaining(), broken)) {
            SemTurns turns = new SemTurns(segment.area(SemTurns.AREA));
            work.begin();
            do {
                work.more(turns.messages());
                turns.meet(parties);
                while (work.another()) {
                    buffer.put(source.message());
                    source.sent();
                    work.turn(source.sum());
                }
                work.waits(buffer.waits(), buffer.waitNanos());
                work.end();
            } while (broken && work.again());
        }
    }
}
