package org.jvmipc.shm.sync;

import java.io.IOException;
import java.time.Duration;
import org.jvmipc.Address;
import org.jvmipc.OsException;
import org.jvmipc.testkit.Gate;

/** A handle on an automatic event that is set once at first, for the contract: who is let through has it. */
final class SharedEventGate implements Gate {
    private final SharedEvent event;

    SharedEventGate(String address) throws IOException {
        Address place = Address.of(address);
        SharedEvent opened = null;
        try {
            opened = SharedEvent.create(place, true);
            opened.set();
        } catch (OsException e) {
            opened = SharedEvent.open(place);
        }
        event = opened;
    }

    @Override
    public boolean acquire() throws InterruptedException {
        event.await();
        return false;
    }

    @Override
    public boolean tryAcquire() {
        return event.tryAwait();
    }

    @Override
    public boolean tryAcquire(Duration timeout) throws InterruptedException {
        return event.tryAwait(timeout);
    }

    @Override
    public void release() {
        event.set();
    }

    @Override
    public void close() {
        event.close();
    }
}
