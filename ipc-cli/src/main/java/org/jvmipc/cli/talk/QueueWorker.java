package org.jvmipc.cli.talk;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.cli.frame.Talk;
import org.jvmipc.cli.frame.WaitOptions;
import org.jvmipc.mq.Delivery;
import org.jvmipc.mq.MessageQueue;
import org.jvmipc.mq.QueuedMessage;
import org.jvmipc.mq.Replier;

/**
 * A worker of a durable queue: takes one message at a time as one of a group, has it handled, and acknowledges it when that went
 * well. Requests are answered, what others have to say is printed.
 */
final class QueueWorker implements MessageWorker {
    /** The group of workers that name none. */
    static final String GROUP = "listen";

    private final GroupTaking taking;
    private final Replier<ByteBuffer> replier;
    private final MessagePrinter printer;
    private final @Nullable Replies replies;
    private final boolean echo;

    private QueueWorker(
            GroupTaking taking,
            Replier<ByteBuffer> replier,
            MessagePrinter printer,
            @Nullable Replies replies,
            boolean echo) {
        this.taking = taking;
        this.replier = replier;
        this.printer = printer;
        this.replies = replies;
        this.echo = echo;
    }

    /**
     * Joins the group.
     *
     * @param replies what handles messages; null if nothing does
     * @param echo whether the message itself is the reply
     */
    static QueueWorker open(Route route, MessagePrinter printer, @Nullable Replies replies, boolean echo, Talk talk)
            throws IOException {
        Address address = route.address();
        Address one = address.parameter("prefetch") == null ? address.with("prefetch", "1") : address;
        Route alone = new Route(route.transport(), one, route.frame(), route.wire(), route.maxMessageBytes());
        Replier<ByteBuffer> replier =
                MessageQueue.open(route.name(), Codecs.buffers()).openReplier();
        GroupTaking taking = GroupTaking.open(alone, false, text -> talk.warn("listen " + route.name() + ": " + text));
        return new QueueWorker(taking, replier, printer, replies, echo);
    }

    @Override
    public boolean next(WaitOptions options, Intake.BeforeWaiting beforeWaiting)
            throws IOException, InterruptedException {
        Delivery<ByteBuffer> delivery = taking.delivery(options, beforeWaiting);
        if (delivery == null) {
            return false;
        }
        ByteBuffer text = delivery.message();
        if (replies != null) {
            Replies.Answer answer = replies.run(delivery.message());
            if (answer.exit() != 0) {
                GroupTaking.giveBack(delivery);
                return true;
            }
            text = answer.text();
        }
        tell(delivery, text);
        taking.acknowledge(delivery);
        return true;
    }

    private void tell(Delivery<ByteBuffer> delivery, ByteBuffer text) throws IOException, InterruptedException {
        QueuedMessage<ByteBuffer> message = delivery.queued();
        if (message.header().replyTo() != null && (echo || replies != null)) {
            replier.reply(message, text); // false if nobody waits for it any more
        } else if (!echo && (replies == null || text.hasRemaining())) {
            printer.print(text);
            printer.flush();
        }
    }

    @Override
    public void close() throws IOException {
        try (replier) {
            taking.close();
        }
    }
}
