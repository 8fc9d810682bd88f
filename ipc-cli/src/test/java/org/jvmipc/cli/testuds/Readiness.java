package org.jvmipc.cli.testuds;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits until a channel is ready for one operation, with a limit and interruptible. */
final class Readiness {
    static final Duration FOREVER = Duration.ofDays(1000);

    private final Selector selector = Selector.open();

    Readiness(SelectableChannel channel, int operation) throws IOException {
        channel.configureBlocking(false);
        channel.register(selector, operation);
    }

    /** Waits; false if the time has passed. */
    boolean await(long endNanos) throws IOException, InterruptedException {
        long millis = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
        int ready = millis <= 0 ? selector.selectNow() : selector.select(millis);
        selector.selectedKeys().clear();
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return ready > 0 || endNanos - System.nanoTime() > 0;
    }

    static long end(Duration timeout) {
        return System.nanoTime() + (timeout.compareTo(FOREVER) > 0 ? FOREVER : timeout).toNanos();
    }

    void close() throws IOException {
        selector.close();
    }
}
