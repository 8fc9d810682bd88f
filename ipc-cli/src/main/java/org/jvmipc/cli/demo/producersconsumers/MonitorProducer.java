package org.jvmipc.cli.demo.producersconsumers;

import java.io.IOException;
import org.jvmipc.cli.demo.MessageSource;
import org.jvmipc.cli.demo.shared.Work;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.Segment;

/**
 * A producer of the demo {@code producers-consumers}: puts messages into a bounded buffer in shared memory, which is a monitor.
 * {@link MonitorConsumer}s take them out, {@link MonitorParent} says when.
 */
final class MonitorProducer {
    /** What the address of the segment is handed over as. */
    static final String SEGMENT = "segment";

    private MonitorProducer() {}

    /**
     * Plays a producer.
     *
     * @param args run id, number of this producer, payload bytes, messages, whether one is to be killed, at what moment
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        MessageSource source =
                new MessageSource(Long.parseLong(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        try (Work work = Work.open(Long.parseLong(args[3]), Boolean.parseBoolean(args[4]));
                Segment segment = Segment.open(ParentJvm.get().address(SEGMENT));
                MonitorBuffer buffer =
                        MonitorBuffer.open(segment, source.message().remaining())) {
            work.begin();
            while (work.another()) {
                buffer.put(source.message(), work);
                source.sent();
                work.turn(source.sum());
            }
            if (work.isToHold()) {
                die(Moment.valueOf(args[5]), buffer, source, work);
            }
            buffer.end();
            work.end();
        }
    }

    private static void die(Moment moment, MonitorBuffer buffer, MessageSource source, Work work)
            throws IOException, InterruptedException {
        if (moment == Moment.INSIDE) {
            buffer.dieInside(source.message(), work);
        }
        buffer.dieWaitingForRoom(work);
    }
}
