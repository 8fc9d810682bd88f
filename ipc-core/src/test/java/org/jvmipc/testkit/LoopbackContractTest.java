package org.jvmipc.testkit;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;

/** The loopback keeps the contract, so the contract can be kept; and it is found by its address. */
final class LoopbackContractTest extends TransportContract {
    private static final AtomicLong NUMBER = new AtomicLong();

    @Override
    public <T> Ends<T> open(Codec<T> codec) throws IOException, InterruptedException {
        Address address = Ipc.create(Address.of("loop", "contract-" + NUMBER.incrementAndGet()));
        return new Ends<>(Ipc.sender(address, codec), Ipc.receiver(address, codec), () -> Ipc.remove(address));
    }

    @Override
    public <T> Sender<T> anotherSender(Ends<T> ends, Codec<T> codec) throws IOException, InterruptedException {
        return Ipc.sender(ends.sender().address(), codec);
    }

    @Override
    public <T> Receiver<T> anotherReceiver(Ends<T> ends, Codec<T> codec) throws IOException, InterruptedException {
        return Ipc.receiver(ends.receiver().address(), codec);
    }

    @Override
    public Set<Capability> capabilities() {
        return LoopbackTransport.CAPABILITIES;
    }

    @Override
    public int largestMessageBytes() {
        return LoopbackChannel.MAX_MESSAGE_BYTES;
    }
}
