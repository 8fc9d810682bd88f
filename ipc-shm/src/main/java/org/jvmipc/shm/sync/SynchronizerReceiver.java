package org.jvmipc.shm.sync;

import java.io.IOException;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Endpoint;
import org.jvmipc.Receiver;
import org.jvmipc.internal.Deadline;
import org.jvmipc.shm.internal.SafetyNet;
import org.jvmipc.spi.Pollable;

/**
 * A synchroniser as a receiver, for a {@link org.jvmipc.ReceiverSet}: a receive waits for it, takes what a waiter takes, and returns the
 * synchroniser. It has a handle of its own, so that it is closed for itself.
 *
 * <p><b>Thread safety.</b> Any thread may call any method; who waits does not keep others from it.
 */
final class SynchronizerReceiver<S extends Endpoint> implements Receiver<S>, Pollable {
    private final S synchronizer;
    private final PolledSynchronizer polled;

    SynchronizerReceiver(S synchronizer, PolledSynchronizer polled) {
        this.synchronizer = synchronizer;
        this.polled = polled;
        SafetyNet.register(this, polled::close);
    }

    @Override
    public S receive() throws IOException, InterruptedException {
        boolean taken;
        do {
            taken = take(Deadline.NEVER);
        } while (!taken);
        return synchronizer;
    }

    @Override
    public @Nullable S tryReceive() throws IOException {
        boolean interrupted = Thread.interrupted(); // kept for the next call that waits
        try {
            return take(Deadline.NOW) ? synchronizer : null;
        } catch (InterruptedException e) {
            interrupted = true;
            return null;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public @Nullable S tryReceive(Duration timeout) throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        return deadline.isNow() ? tryReceive() : take(deadline) ? synchronizer : null;
    }

    private boolean take(Deadline deadline) throws IOException, InterruptedException {
        try {
            return polled.take(deadline);
        } finally {
            Reference.reachabilityFence(this); // else the safety net might close it meanwhile
        }
    }

    // ---- in a set

    @Override
    public int fd() throws IOException {
        return polled.fd();
    }

    @Override
    public void arm() throws IOException {
        polled.arm();
    }

    @Override
    public boolean ready() throws IOException {
        return polled.ready();
    }

    @Override
    public void watch(Watcher watcher) throws IOException {
        polled.watchers().add(watcher);
    }

    @Override
    public void unwatch(Watcher watcher) {
        polled.watchers().remove(watcher);
    }

    // ---- the endpoint

    @Override
    public Address address() {
        return synchronizer.address();
    }

    @Override
    public Set<Capability> capabilities() {
        return synchronizer.capabilities();
    }

    @Override
    public boolean isOpen() {
        return polled.isOpen();
    }

    @Override
    public void close() {
        polled.close();
    }

    @Override
    public String toString() {
        return "Receiver[" + address() + (isOpen() ? "]" : ", closed]");
    }
}
