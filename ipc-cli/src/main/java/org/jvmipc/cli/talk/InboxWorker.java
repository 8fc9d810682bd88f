package org.jvmipc.cli.talk;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Codecs;
import org.jvmipc.cli.frame.WaitOptions;
import org.jvmipc.mq.Inbox;
import org.jvmipc.mq.InboxMessage;
import org.jvmipc.mq.InboxOptions;
import org.jvmipc.mq.InboxReplier;

/**
 * Has an inbox, and handles one message at a time: requests are answered, what others have to say is printed. A message that the
 * command fails at is gone; who asked gets what it has printed all the same.
 */
final class InboxWorker implements MessageWorker {
    private final Inbox<InboxMessage<ByteBuffer>> inbox;
    private final InboxReplier<ByteBuffer> replier = new InboxReplier<>(Codecs.buffers());
    private final MessagePrinter printer;
    private final @Nullable Replies replies;
    private final boolean echo;

    private InboxWorker(
            Inbox<InboxMessage<ByteBuffer>> inbox, MessagePrinter printer, @Nullable Replies replies, boolean echo) {
        this.inbox = inbox;
        this.printer = printer;
        this.replies = replies;
        this.echo = echo;
    }

    /**
     * Opens the inbox.
     *
     * @param replies what handles messages; null if nothing does
     * @param echo whether the message itself is the reply
     */
    static InboxWorker open(Route route, MessagePrinter printer, @Nullable Replies replies, boolean echo)
            throws IOException {
        InboxOptions options = InboxOptions.of(route.address());
        return new InboxWorker(Inbox.openMessages(route.address(), Codecs.buffers(), options), printer, replies, echo);
    }

    @Override
    public boolean next(WaitOptions options, Intake.BeforeWaiting beforeWaiting)
            throws IOException, InterruptedException {
        InboxMessage<ByteBuffer> message = inbox.tryReceive();
        if (message == null) {
            beforeWaiting.run();
            message = inbox.tryReceive(TalkCommand.remaining(options.deadline()));
        }
        if (message == null) {
            return false;
        }
        ByteBuffer text = replies == null ? message.body() : replies.to(message.body());
        if (message.kind() == InboxMessage.Kind.REQUEST && (echo || replies != null)) {
            replier.reply(message, text); // false if nobody waits for it any more
        } else if (!echo && (replies == null || text.hasRemaining())) {
            printer.print(text);
            printer.flush();
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        try (replier) {
            inbox.close();
        }
    }
}
