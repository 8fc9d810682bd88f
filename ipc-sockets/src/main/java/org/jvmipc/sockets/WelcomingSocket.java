package org.jvmipc.sockets;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.Deadline;

/** A welcoming socket from which threads take connections themselves. */
abstract class WelcomingSocket<T, C extends StreamConnection<T>> extends Welcoming<C> implements SocketListener<T> {
    WelcomingSocket(Door door, ListenOptions options, Maker<C> maker) {
        super(door, options, maker);
    }

    @Override
    public C accept() throws IOException, InterruptedException {
        C connection = accept(Deadline.NEVER);
        if (connection == null) {
            throw new IllegalStateException("an accept without deadline ran out of time");
        }
        return connection;
    }

    @Override
    public @Nullable C tryAccept() throws IOException {
        try {
            return accept(Deadline.NOW);
        } catch (InterruptedException e) {
            throw new IllegalStateException("an accept that never waits was interrupted", e);
        }
    }

    @Override
    public @Nullable C tryAccept(Duration timeout) throws IOException, InterruptedException {
        return accept(Deadline.after(timeout));
    }
}
