package org.jvmipc;

import java.io.IOException;
import java.lang.ref.WeakReference;
import org.jvmipc.spi.Pollable;

/**
 * One receiver in a {@link ReceiverSet}, and what its endpoint calls.
 *
 * <p>The endpoint keeps it, so it keeps the set weakly: a set that was forgotten can be collected though its members live.
 */
final class SetMember<T> implements Pollable.Watcher {
    final Receiver<? extends T> receiver;
    private final Pollable pollable;
    private final WeakReference<SetMembers<T>> set;

    /** Whether the receiver is closed; its descriptor is not to be polled any more. */
    volatile boolean closing;

    SetMember(Receiver<? extends T> receiver, Pollable pollable, SetMembers<T> set) {
        this.receiver = receiver;
        this.pollable = pollable;
        this.set = new WeakReference<>(set);
    }

    int fd() throws IOException {
        return pollable.fd();
    }

    /** Whether there is something to tell of the receiver: a message, an end, an error, its close. */
    boolean isReady(boolean arm) {
        if (closing) {
            return true;
        }
        try {
            if (arm) {
                pollable.arm();
            }
            return pollable.ready();
        } catch (IOException e) {
            closing = !receiver.isOpen();
            return true; // its own receive tells what is wrong with it, and the others can be waited for
        }
    }

    /** In how many nanoseconds it is ready though nothing comes. */
    long readyInNanos() {
        return pollable.readyInNanos();
    }

    void watch() throws IOException {
        pollable.watch(this);
    }

    void unwatch() {
        pollable.unwatch(this);
    }

    @Override
    public void wakeup() {
        SetMembers<T> waiting = set.get();
        if (waiting != null) {
            waiting.wakeup();
        }
    }

    @Override
    public void closing() {
        SetMembers<T> waiting = set.get();
        if (waiting != null) {
            waiting.closes(this);
        }
    }
}
