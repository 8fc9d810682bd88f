package org.jvmipc.cli.talk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.frame.WaitOptions;
import org.jvmipc.mq.PosixMessageReceiver;
import org.jvmipc.mq.PrioritizedMessage;

/** Takes messages with their priorities from a kernel message queue, which has no end: with none left it is over if that was asked for. */
final class PrioritizedTaking implements Intake {
    private final PosixMessageReceiver<ByteBuffer> receiver;
    private long left;
    private boolean over;
    private @Nullable PrioritizedMessage<ByteBuffer> last;

    /**
     * Takes over the receiver.
     *
     * @param ends whether it is over with as many as are there now
     */
    PrioritizedTaking(PosixMessageReceiver<ByteBuffer> receiver, boolean ends) throws IOException {
        this.receiver = receiver;
        this.left = ends ? receiver.status().messages() : Long.MAX_VALUE;
    }

    @Override
    public @Nullable ByteBuffer next(WaitOptions options, BeforeWaiting beforeWaiting)
            throws IOException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException(); // before a look, which may find messages for a long time
        }
        PrioritizedMessage<ByteBuffer> next = left == 0 ? null : receiver.tryReceivePrioritized();
        if (next == null && left != Long.MAX_VALUE) {
            over = true; // others may have taken some of them
            return null;
        }
        if (next == null) {
            beforeWaiting.run();
            next = options.deadline().isNever()
                    ? receiver.receivePrioritized()
                    : receiver.tryReceivePrioritized(TalkCommand.remaining(options.deadline()));
        }
        left -= left == Long.MAX_VALUE ? 0 : 1;
        last = next;
        return next == null ? null : next.message();
    }

    /** Of the last message. */
    int priority() {
        return last == null ? 0 : last.priority();
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public Map<String, Object> known() {
        return last == null ? Map.of() : Map.of("priority", last.priority());
    }

    @Override
    public void close() throws IOException {
        receiver.close();
    }
}
