package org.jvmipc.cli.talk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.cli.frame.WaitOptions;
import org.jvmipc.mq.Consumer;
import org.jvmipc.mq.Delivery;
import org.jvmipc.mq.LateAcknowledgementException;
import org.jvmipc.mq.MessageQueue;
import org.jvmipc.mq.MessageQueueTransport;

/**
 * Takes messages of a durable queue as one of a group: each is acknowledged when it is written, and not before, so that whoever
 * kills this command loses none.
 */
final class GroupTaking implements Intake {
    /** Above it what is printed is written: as long as it is not, nobody else gets what a killed one had. */
    private static final int MOST_UNWRITTEN = 64;

    /** How long before it is looked again whether others have acknowledged all. */
    private static final Duration LOOK = Duration.ofMillis(20);

    private final Consumer<ByteBuffer> consumer;
    private final long end;
    private final java.util.function.Consumer<String> warnings;
    private final ArrayDeque<Delivery<ByteBuffer>> unwritten = new ArrayDeque<>();
    private boolean over;

    private GroupTaking(Consumer<ByteBuffer> consumer, long end, java.util.function.Consumer<String> warnings) {
        this.consumer = consumer;
        this.end = end;
        this.warnings = warnings;
    }

    /**
     * Joins the group that the address names.
     *
     * @param ends whether it is over when all that is there now is acknowledged by somebody
     * @param warnings is told of messages that another one gets as well
     */
    static GroupTaking open(Route route, boolean ends, java.util.function.Consumer<String> warnings)
            throws IOException {
        Address address = route.address();
        long end = Long.MAX_VALUE;
        if (ends) {
            end = MessageQueue.open(route.name(), Codecs.bytes()).status().nextIndex();
            address = address.parameter("until") == null ? address.with("until", Long.toString(end)) : address;
        }
        return new GroupTaking(new MessageQueueTransport().openConsumer(address, Codecs.buffers()), end, warnings);
    }

    @Override
    public @Nullable ByteBuffer next(WaitOptions options, BeforeWaiting beforeWaiting)
            throws IOException, InterruptedException {
        Delivery<ByteBuffer> next = delivery(options, beforeWaiting);
        if (next == null) {
            return null;
        }
        unwritten.add(next);
        return next.message();
    }

    /** The next one, which is acknowledged by whoever asks for it. */
    @Nullable
    Delivery<ByteBuffer> delivery(WaitOptions options, BeforeWaiting beforeWaiting)
            throws IOException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException(); // before a look, which may find messages for a long time
        }
        Delivery<ByteBuffer> next = consumer.tryReceive();
        if (next != null) {
            return next;
        }
        beforeWaiting.run();
        if (end == Long.MAX_VALUE) {
            return options.deadline().isNever()
                    ? consumer.receive()
                    : consumer.tryReceive(TalkCommand.remaining(options.deadline()));
        }
        while (next == null && consumer.lowWater() < end && !options.deadline().passed()) {
            Duration rest = TalkCommand.remaining(options.deadline());
            next = consumer.tryReceive(rest.compareTo(LOOK) < 0 ? rest : LOOK);
        }
        over = next == null && consumer.lowWater() >= end;
        return next;
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public Map<String, Object> known() {
        Delivery<ByteBuffer> last = unwritten.peekLast();
        return last == null ? Map.of() : known(last);
    }

    /** What is known of a message. */
    Map<String, Object> known(Delivery<?> delivery) {
        Map<String, Object> known = QueueReading.known(delivery.queued());
        known.put("group", consumer.group());
        known.put("redelivered", delivery.redeliveries());
        return known;
    }

    @Override
    public boolean hasEnough() {
        return unwritten.size() >= MOST_UNWRITTEN;
    }

    @Override
    public void written(int messages) throws IOException {
        for (int i = 0; i < messages; i++) {
            acknowledge(unwritten.remove());
        }
    }

    /** Acknowledges it, and tells if that is too late. */
    void acknowledge(Delivery<?> delivery) throws IOException {
        try {
            delivery.ack();
        } catch (LateAcknowledgementException e) {
            warnings.accept("message " + delivery.index()
                    + " was not done before its lease was over: another one of the group gets it, too; a longer lease is given as"
                    + " ?lease=5m in the address");
        }
    }

    /** Gives it back, if it is still this one's. */
    static void giveBack(Delivery<?> delivery) throws IOException {
        try {
            delivery.nack();
        } catch (LateAcknowledgementException e) {
            // another one has it already
        }
    }

    /** What was not acknowledged goes back to the group. */
    @Override
    public void close() throws IOException {
        consumer.close();
    }
}
