package org.jvmipc.cli.talk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Codecs;
import org.jvmipc.cli.frame.WaitOptions;
import org.jvmipc.mq.MessageQueue;
import org.jvmipc.mq.MessageQueueTransport;
import org.jvmipc.mq.QueueReceiver;
import org.jvmipc.mq.QueuedMessage;

/** Reads a durable queue for itself: takes nothing, and moves no group's position. */
final class QueueReading implements Intake {
    private final QueueReceiver<QueuedMessage<ByteBuffer>> receiver;
    private final long end;
    private @Nullable QueuedMessage<ByteBuffer> last;
    private boolean over;

    private QueueReading(QueueReceiver<QueuedMessage<ByteBuffer>> receiver, long end) {
        this.receiver = receiver;
        this.end = end;
    }

    /**
     * Opens it where the address says.
     *
     * @param ends whether it is over with what is there now
     */
    static QueueReading open(Route route, boolean ends) throws IOException {
        long end =
                ends ? MessageQueue.open(route.name(), Codecs.bytes()).status().nextIndex() : Long.MAX_VALUE;
        return new QueueReading(new MessageQueueTransport().openMessages(route.address(), Codecs.buffers()), end);
    }

    @Override
    public @Nullable ByteBuffer next(WaitOptions options, BeforeWaiting beforeWaiting)
            throws IOException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException(); // before a look, which may find messages for a long time
        }
        QueuedMessage<ByteBuffer> next = receiver.tryReceive();
        if (next == null && end != Long.MAX_VALUE) {
            over = true;
            return null;
        }
        if (next == null) {
            beforeWaiting.run();
            next = options.deadline().isNever()
                    ? receiver.receive()
                    : receiver.tryReceive(TalkCommand.remaining(options.deadline()));
        }
        if (next != null && next.index() >= end) {
            over = true;
            return null;
        }
        last = next;
        return next == null ? null : next.body();
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public Map<String, Object> known() {
        return last == null ? Map.of() : known(last);
    }

    /** What is known of a message. */
    static Map<String, Object> known(QueuedMessage<?> message) {
        Map<String, Object> known = new LinkedHashMap<>();
        known.put("index", message.index());
        known.put("time", message.time().toString());
        known.put("sender", Long.toHexString(message.producer()));
        known.put("sequence", message.sequence());
        if (!message.header().type().isEmpty()) {
            known.put("type", message.header().type());
        }
        if (message.header().replyTo() != null) {
            known.put("replyTo", message.header().replyTo().toString());
        }
        return known;
    }

    @Override
    public void close() throws IOException {
        receiver.close();
    }
}
