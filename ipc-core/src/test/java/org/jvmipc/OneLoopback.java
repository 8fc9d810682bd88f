package org.jvmipc;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Both ends of a new channel inside this JVM, for the tests of what is above a transport. */
final class OneLoopback implements AutoCloseable {
    private static final AtomicLong NUMBER = new AtomicLong();

    final Sender<String> out;
    final Receiver<String> in;

    OneLoopback() throws IOException, InterruptedException {
        Address address = Ipc.create(Address.of("loop", "one-" + NUMBER.incrementAndGet()));
        out = Ipc.sender(address, Codecs.utf8());
        in = Ipc.receiver(address, Codecs.utf8());
    }

    void send(String... messages) throws IOException, InterruptedException {
        for (String message : messages) {
            out.send(message);
        }
    }

    /** How many threads there are that work for this channel. */
    LongSupplier threads() {
        String end = " " + in.address();
        return () -> Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().endsWith(end))
                .count();
    }

    @Override
    public void close() throws IOException {
        in.close();
        out.close();
        Ipc.remove(in.address());
    }
}
