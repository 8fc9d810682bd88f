package org.jvmipc;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jvmipc.spi.Transport;

/** A scheme that carries messages inside this JVM, {@code ipctest}, for the tests of {@link Ipc}. */
public final class StubTransport extends StubScheme implements Transport {
    private static final Map<String, Queue<byte[]>> QUEUES = new ConcurrentHashMap<>();

    @Override
    public String name() {
        return "ipctest";
    }

    @Override
    public <T> Sender<T> openSender(Address address, Codec<T> codec) {
        return open(address, codec);
    }

    @Override
    public <T> Receiver<T> openReceiver(Address address, Codec<T> codec) {
        return open(address, codec);
    }

    @Override
    public <T> Connection<T> openConnection(Address address, Codec<T> codec) {
        return open(address, codec);
    }

    private static <T> Connection<T> open(Address address, Codec<T> codec) {
        return new StubConnection<>(
                address, codec, QUEUES.computeIfAbsent(address.location(), name -> new ConcurrentLinkedQueue<>()));
    }

    @Override
    public List<String> jvmArguments() {
        return List.of("-Dipctest.one=1", "-Dipctest.two=2", "-Dipctest.one=1");
    }
}
