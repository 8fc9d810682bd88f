package org.jvmipc.cli.talk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Codecs;
import org.jvmipc.CorruptDataException;
import org.jvmipc.cli.frame.Talk;
import org.jvmipc.cli.frame.WaitOptions;
import org.jvmipc.internal.Deadline;
import org.jvmipc.mq.Inbox;
import org.jvmipc.mq.InboxMessage;
import org.jvmipc.mq.InboxOptions;
import org.jvmipc.mq.InboxReplier;

/**
 * Has an inbox, and handles one message at a time: requests are answered, what others have to say is printed. A message that the
 * command fails at is gone; who asked gets what it has printed all the same. What is wrong with one message, or with the inbox of one
 * who asks, is told, and the next message is handled.
 */
final class InboxWorker implements MessageWorker {
    /** How long a reply waits for room in the inbox of who has asked: meanwhile nobody else is replied to. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Inbox<InboxMessage<ByteBuffer>> inbox;
    private final InboxReplier<ByteBuffer> replier = new InboxReplier<>(Codecs.buffers());
    private final MessagePrinter printer;
    private final @Nullable Replies replies;
    private final boolean echo;
    private final Consumer<String> trouble;

    private InboxWorker(
            Inbox<InboxMessage<ByteBuffer>> inbox,
            MessagePrinter printer,
            @Nullable Replies replies,
            boolean echo,
            Consumer<String> trouble) {
        this.inbox = inbox;
        this.printer = printer;
        this.replies = replies;
        this.echo = echo;
        this.trouble = trouble;
    }

    /**
     * Opens the inbox.
     *
     * @param replies what handles messages; null if nothing does
     * @param echo whether the message itself is the reply
     * @param talk where it is told what goes wrong
     */
    static InboxWorker open(Route route, MessagePrinter printer, @Nullable Replies replies, boolean echo, Talk talk)
            throws IOException {
        Inbox<InboxMessage<ByteBuffer>> inbox =
                Inbox.openMessages(route.address(), Codecs.buffers(), InboxOptions.of(route.address()));
        return new InboxWorker(
                inbox, printer, replies, echo, text -> talk.warn("listen " + route.name() + ": " + text));
    }

    @Override
    public boolean next(WaitOptions options, Intake.BeforeWaiting beforeWaiting)
            throws IOException, InterruptedException {
        InboxMessage<ByteBuffer> message;
        try {
            message = take(options, beforeWaiting);
        } catch (CorruptDataException e) {
            if (!(e.getCause() instanceof IllegalArgumentException)) {
                throw e; // the inbox itself is damaged, and stays so
            }
            trouble.accept("a message is dropped: " + e.getMessage());
            return true;
        }
        if (message == null) {
            return false;
        }
        ByteBuffer text = replies == null ? message.body() : replies.to(message.body());
        if (message.kind() == InboxMessage.Kind.REQUEST && (echo || replies != null)) {
            reply(message, text, options.deadline());
        } else if (!echo && (replies == null || text.hasRemaining())) {
            printer.print(text);
            printer.flush();
        }
        return true;
    }

    private @Nullable InboxMessage<ByteBuffer> take(WaitOptions options, Intake.BeforeWaiting beforeWaiting)
            throws IOException, InterruptedException {
        InboxMessage<ByteBuffer> message = inbox.tryReceive();
        if (message != null) {
            return message;
        }
        beforeWaiting.run();
        return inbox.tryReceive(TalkCommand.remaining(options.deadline()));
    }

    /** Whatever is wrong with the inbox that the reply goes to is the matter of who has asked. */
    private void reply(InboxMessage<ByteBuffer> request, ByteBuffer text, Deadline deadline)
            throws InterruptedException {
        Duration left = TalkCommand.remaining(deadline);
        Deadline patience = Deadline.after(left.compareTo(PATIENCE) < 0 ? left : PATIENCE);
        String unheard = "process " + request.sender() + " gets no reply: ";
        try {
            boolean heard = replier.tryReply(request, text, TalkCommand.remaining(patience));
            if (!heard && patience.passed()) { // else nobody waits for it any more
                trouble.accept(unheard + request.replyTo() + " is full, or gone");
            }
        } catch (IOException e) {
            trouble.accept(unheard + e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        try (replier) {
            inbox.close();
        }
    }
}
