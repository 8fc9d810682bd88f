package org.jvmipc.cli.demo.producersconsumers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.Pause;
import org.jvmipc.cli.demo.Verifier;
import org.jvmipc.cli.demo.shared.Work;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.Segment;

/**
 * A consumer of the demo {@code producers-consumers}: takes messages out of a bounded buffer in shared memory, which is a monitor,
 * and verifies them, until all producers have ended. {@link MonitorProducer}s put them in, {@link MonitorParent} says when.
 */
final class MonitorConsumer {
    private final Work work;
    private final MonitorBuffer buffer;
    private final Tallies tallies;
    private final Verifier verifier;
    private final int number;
    private long takes;

    private MonitorConsumer(Work work, MonitorBuffer buffer, Tallies tallies, Verifier verifier, int number) {
        this.work = work;
        this.buffer = buffer;
        this.tallies = tallies;
        this.verifier = verifier;
        this.number = number;
    }

    /**
     * Plays a consumer.
     *
     * @param args run id, number of this consumer, payload bytes, number of producers, at what moment it is killed if it
     *     is, slow
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        int payloadBytes = Integer.parseInt(args[2]);
        int producers = Integer.parseInt(args[3]);
        Verifier verifier = new Verifier(
                Long.parseLong(args[0]),
                payloadBytes,
                IntStream.rangeClosed(1, producers).toArray());
        try (Work work = Work.open(Work.WITHOUT_NUMBER);
                Segment segment = Segment.open(ParentJvm.get().address(MonitorProducer.SEGMENT));
                MonitorBuffer buffer = MonitorBuffer.open(segment, DemoOptions.messageBytes(payloadBytes))) {
            Tallies tallies = new Tallies(segment.area(Tallies.AREA), producers);
            MonitorConsumer consumer = new MonitorConsumer(work, buffer, tallies, verifier, Integer.parseInt(args[1]));
            work.begin();
            consumer.takeAll(Boolean.parseBoolean(args[5]));
            if (work.isToHold()) {
                consumer.die(Moment.valueOf(args[4]));
            }
            work.end();
        }
    }

    private void takeAll(boolean slow) throws IOException, InterruptedException {
        while (work.another()) {
            ByteBuffer message = buffer.take(work);
            if (message == null) {
                break;
            }
            accept(message);
            if (slow) {
                Pause.afterMessage();
            }
            work.turn();
        }
        tallies.note(number, verifier, takes);
    }

    private void accept(@Nullable ByteBuffer message) {
        if (message != null) {
            verifier.accept(message);
            takes++;
        }
    }

    private void die(Moment moment) throws IOException, InterruptedException {
        switch (moment) {
            case INSIDE -> buffer.dieInside(work);
            case WAITING -> buffer.dieWaitingForMessage(work);
            case IN_HAND -> {
                accept(buffer.take(work));
                tallies.note(0, verifier, takes); // what it has got to know of it nobody else will
                work.hold();
            }
        }
    }
}
