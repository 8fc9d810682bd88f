package org.jvmipc.cli.talk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Sender;
import org.jvmipc.cli.frame.CommandException;
import org.jvmipc.cli.frame.WaitOptions;
import org.jvmipc.cli.frame.Waits;
import org.jvmipc.internal.Deadline;

/** One message after the other: at a pace, or until a deadline. */
final class SingleOutlet implements Outlet {
    private final Sender<ByteBuffer> sender;
    private final Waits waits;
    private final WaitOptions options;
    private final @Nullable Pace pace;
    private final Supplier<CommandException> full;
    private long sent;

    /**
     * An outlet.
     *
     * @param pace how fast; null: as fast as may be
     * @param full what to throw when there was no room in time
     */
    SingleOutlet(
            Sender<ByteBuffer> sender,
            Waits waits,
            WaitOptions options,
            @Nullable Pace pace,
            Supplier<CommandException> full) {
        this.sender = sender;
        this.waits = waits;
        this.options = options;
        this.pace = pace;
        this.full = full;
    }

    @Override
    public void put(ByteBuffer message) throws IOException, InterruptedException {
        if (pace != null && !pace.await(options.ownDeadline())) {
            throw full.get();
        }
        waits.begin("room in " + sender.address().withoutParameters());
        if (!send(message, options.deadline())) {
            throw full.get();
        }
        waits.end();
        sent++;
    }

    private boolean send(ByteBuffer message, Deadline deadline) throws IOException, InterruptedException {
        if (deadline.isNever()) {
            sender.send(message);
            return true;
        }
        return sender.trySend(message, TalkCommand.remaining(deadline));
    }

    @Override
    public void flush() {
        // nothing is held back
    }

    @Override
    public long handedOver() {
        return sent;
    }

    @Override
    public boolean maybeMore() {
        return false;
    }

    /** So many in a time, evenly; what could not be sent in time is not made up for. */
    static final class Pace {
        private final long intervalNanos;
        private long nextNanos = System.nanoTime();

        Pace(long intervalNanos) {
            this.intervalNanos = intervalNanos;
        }

        /** Waits for the next one's time; false if the deadline is before it. */
        private boolean await(Deadline deadline) throws InterruptedException {
            long now = System.nanoTime();
            if (nextNanos - now < -intervalNanos) {
                nextNanos = now;
            }
            long wait = nextNanos - now;
            if (wait > 0) {
                TimeUnit.NANOSECONDS.sleep(Math.min(wait, deadline.remainingNanos()));
            }
            nextNanos += intervalNanos;
            return !deadline.passed();
        }
    }
}
