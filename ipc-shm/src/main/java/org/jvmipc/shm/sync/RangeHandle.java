package org.jvmipc.shm.sync;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jvmipc.Address;

/** What a {@link FileMutex} has open; apart from it, so that it can be given back when the handle is forgotten. */
final class RangeHandle implements Runnable {
    private final RangeLock lock;
    private final Address address;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Takes over the attachment. */
    RangeHandle(RangeLock lock, Address address) {
        this.lock = lock;
        this.address = address;
    }

    RangeLock lock() {
        return lock;
    }

    boolean isOpen() {
        return !closed.get();
    }

    void requireOpen() {
        if (closed.get()) {
            throw new ClosedSynchronizerException(address + ": closed");
        }
    }

    /** Closes it, once. */
    @Override
    public void run() {
        if (closed.compareAndSet(false, true)) {
            lock.detach();
        }
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
