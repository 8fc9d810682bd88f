package org.jvmipc.mq.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Receiver;

/** A receiver that never sleeps, as Chronicle's tailer cannot: what is left is what the two queues cost. */
final class Polling implements Receiver<ByteBuffer> {
    private final Receiver<ByteBuffer> receiver;

    Polling(Receiver<ByteBuffer> receiver) {
        this.receiver = receiver;
    }

    @Override
    public ByteBuffer receive() throws IOException {
        while (true) {
            ByteBuffer message = receiver.tryReceive();
            if (message != null) {
                return message;
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public @Nullable ByteBuffer tryReceive() throws IOException {
        return receiver.tryReceive();
    }

    @Override
    public ByteBuffer tryReceive(Duration timeout) throws IOException {
        return receive();
    }

    @Override
    public Address address() {
        return receiver.address();
    }

    @Override
    public Set<Capability> capabilities() {
        return receiver.capabilities();
    }

    @Override
    public boolean isOpen() {
        return receiver.isOpen();
    }

    @Override
    public void close() throws IOException {
        receiver.close();
    }
}
