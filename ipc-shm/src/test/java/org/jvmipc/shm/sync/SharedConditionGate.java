package org.jvmipc.shm.sync;

import java.io.IOException;
import java.time.Duration;
import org.jvmipc.Address;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.testkit.Gate;

/** A handle on a monitor in a segment, for the contract. */
final class SharedConditionGate implements Gate {
    private final Segment segment;
    private final Monitor monitor;

    SharedConditionGate(String address) throws IOException {
        segment = Segment.openOrCreate(Address.of(address), SegmentOptions.defaults());
        monitor = new Monitor(segment, "gate");
    }

    @Override
    public boolean acquire() throws InterruptedException {
        monitor.enter();
        return false;
    }

    @Override
    public boolean tryAcquire() {
        return monitor.tryEnter();
    }

    @Override
    public boolean tryAcquire(Duration timeout) throws InterruptedException {
        return monitor.tryEnter(timeout);
    }

    @Override
    public void release() {
        monitor.leave();
    }

    @Override
    public void close() {
        monitor.close();
        segment.close();
    }
}
