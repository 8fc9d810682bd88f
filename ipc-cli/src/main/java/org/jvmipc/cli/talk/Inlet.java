package org.jvmipc.cli.talk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.PeerGoneException;
import org.jvmipc.PeerGoneException.Reason;
import org.jvmipc.Receiver;
import org.jvmipc.cli.frame.WaitOptions;

/** Where a verb gets messages from: one stream, or one after another. */
final class Inlet implements Intake {
    private final Receiver<ByteBuffer> receiver;
    private final boolean follow;
    private final Consumer<String> warnings;
    private boolean afterEnd;
    private boolean over;

    /**
     * An inlet.
     *
     * @param follow whether it goes on with the next sender when the last one has left
     * @param warnings is told of senders that died, where it goes on
     */
    Inlet(Receiver<ByteBuffer> receiver, boolean follow, Consumer<String> warnings) {
        this.receiver = receiver;
        this.follow = follow;
        this.warnings = warnings;
    }

    /**
     * The next message, valid until the next call.
     *
     * @throws PeerGoneException if the stream has ended, and not in order
     */
    @Override
    public @Nullable ByteBuffer next(WaitOptions options, BeforeWaiting beforeWaiting)
            throws IOException, InterruptedException {
        while (true) {
            try {
                ByteBuffer message = receiver.tryReceive();
                if (message == null) {
                    afterEnd = false; // it can go on
                    beforeWaiting.run();
                    message = await(options);
                }
                afterEnd &= message == null;
                return message;
            } catch (PeerGoneException e) {
                if (!follow || afterEnd) {
                    return end(e);
                }
                afterEnd = e.reason() == Reason.CLOSED; // of several that died each is told
                if (e.reason() != Reason.CLOSED) {
                    warnings.accept(String.valueOf(e.getMessage()));
                }
            }
        }
    }

    private @Nullable ByteBuffer await(WaitOptions options) throws IOException, InterruptedException {
        return options.deadline().isNever()
                ? receiver.receive()
                : receiver.tryReceive(TalkCommand.remaining(options.deadline()));
    }

    private @Nullable ByteBuffer end(PeerGoneException e) throws PeerGoneException {
        if (e.reason() != Reason.CLOSED) {
            throw e;
        }
        over = true;
        return null;
    }

    /** Whether the stream has ended in order. */
    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public void close() throws IOException {
        receiver.close();
    }
}
