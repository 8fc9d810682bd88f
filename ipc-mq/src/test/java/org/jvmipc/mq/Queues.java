package org.jvmipc.mq;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.testkit.Ends;

/** Queues of the tests, in directories of their own. */
final class Queues {
    static final String GROUP = "g";

    /** Small enough to be filled, in cycles small enough to come and go. */
    static final MessageQueueOptions SMALL = MessageQueueOptions.defaults()
            .withMaxMessage(400_000)
            .withCapacity(5 << 18)
            .withCycle(1 << 18)
            .withGroups(4)
            .withParticipants(16);

    /** Larger, for tests that move much. */
    static final MessageQueueOptions MEDIUM = SMALL.withCapacity(4 << 20).withCycle(1 << 19);

    private static final AtomicInteger COUNT = new AtomicInteger();

    private Queues() {}

    /** A new directory below the given one for a queue, where nothing is yet. */
    static Address address(Path directory) {
        return Address.of("mq", directory.resolve("q" + COUNT.incrementAndGet()).toString());
    }

    /** A new queue. */
    static <T> MessageQueue<T> create(Path directory, Codec<T> codec) throws IOException {
        return MessageQueue.create(address(directory), codec, SMALL);
    }

    /** Both ends of a new queue, the receiving one of a group. */
    static <T> Ends<T> ends(Path directory, Codec<T> codec) throws IOException {
        MessageQueue<T> queue = MessageQueue.create(address(directory), codec, MEDIUM);
        return new Ends<>(
                queue.openSender(),
                queue.openGroupReceiver(GROUP, ConsumerOptions.defaults()),
                () -> MessageQueue.remove(queue.address()));
    }
}
