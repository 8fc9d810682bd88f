package org.jvmipc.mq;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.testkit.Ends;

/** Kernel message queues of the tests, of which a user may have few: small ones, each removed when it is done with. */
final class PosixNames {
    /** Takes 42 KB of the 819 KB that all queues of a user may take. */
    static final PosixMessageQueueOptions OPTIONS =
            PosixMessageQueueOptions.defaults().withMaxMessage(4096);

    private static final AtomicInteger COUNT = new AtomicInteger();

    private PosixNames() {}

    /** A name that nobody has. */
    static Address address() {
        return Address.of(
                "posixmq",
                "/ipc-test-" + ProcessHandle.current().pid() + "-" + System.nanoTime() + "-" + COUNT.incrementAndGet());
    }

    /** Both ends of a new queue. */
    static <T> Ends<T> ends(Codec<T> codec) throws IOException {
        PosixMessageQueue<T> queue = PosixMessageQueue.create(address(), codec, OPTIONS);
        return new Ends<>(queue.openSender(), queue.openReceiver(), () -> PosixMessageQueue.remove(queue.address()));
    }
}
