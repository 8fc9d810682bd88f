package org.jvmipc.mq;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Receiver;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.PollBridge;
import org.jvmipc.internal.Watchers;
import org.jvmipc.mq.internal.QueueLink;
import org.jvmipc.shm.sync.ClosedSynchronizerException;
import org.jvmipc.shm.sync.SharedEventCount;
import org.jvmipc.spi.Pollable;

/** What receives from a queue: looks, and sleeps on the queue's event count until there is reason to look again. */
abstract class WaitingEndpoint<R> extends QueueEndpoint implements Receiver<R>, Pollable {
    /** How long a look may wait for a step of another process: that takes moments, if it does not stand still. */
    private static final Duration SHORTEST_LOOK = Duration.ofMillis(100);

    private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);

    private final Watchers watchers = new Watchers();

    /** Guarded by this. */
    private @Nullable PollBridge bridge;

    /** Whether no bridge may be made any more; guarded by this. */
    private boolean released;

    WaitingEndpoint(QueueLink link, Address address, Set<Capability> capabilities) {
        super(link, address, capabilities);
    }

    /** The next one, in turn; null if there is none now, or that cannot be looked at before the deadline. */
    abstract @Nullable R take(Deadline deadline) throws IOException;

    /** When to look again though nothing was told, in nanoseconds. */
    abstract long nanosToNextLook();

    // ---- receiving

    @Override
    public R receive() throws IOException, InterruptedException {
        R next = inTurn(Deadline.NEVER, this::await);
        if (next == null) {
            throw new IllegalStateException("a wait without end has ended");
        }
        return next;
    }

    @Override
    public @Nullable R tryReceive() throws IOException {
        return now(deadline -> {
            link.requirePresent();
            return take(Deadline.after(SHORTEST_LOOK));
        });
    }

    @Override
    public @Nullable R tryReceive(Duration timeout) throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        return deadline.isNow() ? tryReceive() : inTurn(deadline, this::await);
    }

    private @Nullable R await(Deadline deadline) throws IOException, InterruptedException {
        SharedEventCount arrivals = link.arrivals();
        while (true) {
            int seen = arrivals.read(); // before the look: what comes after it ends the sleep
            link.requirePresent();
            R next = take(look(deadline));
            if (next != null) {
                return next;
            }
            if (deadline.passed()) {
                return null;
            }
            sleep(seen, deadline);
        }
    }

    private static Deadline look(Deadline deadline) {
        long nanos = Math.min(LONGEST_LOOK.toNanos(), deadline.remainingNanos());
        return Deadline.after(Duration.ofNanos(Math.max(SHORTEST_LOOK.toNanos(), nanos)));
    }

    private void sleep(int seen, Deadline deadline) throws InterruptedException {
        Deadline until = sooner(deadline, nanosToNextLook());
        if (until.isNever()) {
            link.arrivals().await(seen);
        } else {
            link.arrivals().tryAwait(seen, Duration.ofNanos(Math.max(1, until.remainingNanos())));
        }
    }

    // ---- in a set

    @Override
    public int fd() throws IOException {
        return bridge().fd();
    }

    /** Made when it is first asked for. */
    private synchronized PollBridge bridge() throws IOException {
        if (released) {
            throw new ClosedChannelException();
        }
        PollBridge present = bridge;
        if (present == null) {
            present = new PollBridge(new Arrivals(), address().toString());
            bridge = present;
        }
        return present;
    }

    private final class Arrivals implements PollBridge.Source {
        @Override
        public int read() {
            return link.arrivals().read();
        }

        @Override
        public void await(int count) throws InterruptedException {
            sleep(count, Deadline.NEVER);
        }
    }

    @Override
    public void arm() throws IOException {
        try {
            bridge().arm(!ready());
        } catch (ClosedSynchronizerException e) {
            throw (IOException) new ClosedChannelException().initCause(e);
        }
    }

    @Override
    public void watch(Watcher watcher) throws IOException {
        watchers.add(watcher);
    }

    @Override
    public void unwatch(Watcher watcher) {
        watchers.remove(watcher);
    }

    @Override
    void closing() {
        watchers.closing();
    }

    @Override
    void release() throws IOException {
        synchronized (this) {
            released = true;
            if (bridge != null) {
                bridge.close();
            }
        }
    }
}
