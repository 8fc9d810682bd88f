package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Codecs;
import org.jvmipc.testkit.NoLeaks;

/** Consumers that take only so far, how far a group is, and what addresses say. */
@ExtendWith(NoLeaks.class)
@Timeout(60)
class ConsumerUntilTest implements NoLeaks.WarmUp {
    @TempDir(factory = InMemory.class)
    Path directory;

    private final MessageQueueTransport transport = new MessageQueueTransport();

    @Override
    public void warmUp() throws Exception {
        queue();
    }

    /** A queue with 20 messages. */
    private MessageQueue<String> queue() throws IOException, InterruptedException {
        MessageQueue<String> queue = Queues.create(directory, Codecs.utf8());
        try (QueueSender<String> out = queue.openSender()) {
            for (int i = 0; i < 20; i++) {
                out.send(Integer.toString(i));
            }
        }
        return queue;
    }

    private Consumer<String> consumer(MessageQueue<?> queue, String key, String value) throws IOException {
        Address address = queue.address().with("group", "g").with(key, value);
        return transport.openConsumer(address, Codecs.utf8());
    }

    private static Delivery<String> next(Consumer<String> consumer) throws IOException {
        Delivery<String> next = consumer.tryReceive();
        assertNotNull(next, "nothing is there");
        return next;
    }

    @Test
    void takesNothingAtOrAboveItsEnd() throws Exception {
        MessageQueue<String> queue = queue();
        try (Consumer<String> some = consumer(queue, "until", "5");
                Consumer<String> all = consumer(queue, "prefetch", "1")) {
            for (int i = 0; i < 5; i++) {
                assertEquals(Integer.toString(i), next(some).message());
            }
            assertNull(some.tryReceive());
            assertEquals("5", next(all).message());
        }
    }

    @Test
    void aRangeThatCameBackIsTakenUpToTheEnd() throws Exception {
        MessageQueue<String> queue = queue();
        try (Consumer<String> first = consumer(queue, "prefetch", "16")) {
            next(first).ack();
        }
        try (Consumer<String> some = consumer(queue, "until", "3")) {
            assertEquals("1", next(some).message());
            assertEquals("2", next(some).message());
            assertNull(some.tryReceive());
            try (Consumer<String> other = consumer(queue, "prefetch", "4")) {
                assertEquals("3", next(other).message(), "what is behind the end is nobody's");
            }
        }
    }

    @Test
    void tellsHowFarTheGroupIs() throws Exception {
        MessageQueue<String> queue = queue();
        try (Consumer<String> first = consumer(queue, "prefetch", "4");
                Consumer<String> second = consumer(queue, "prefetch", "4")) {
            assertEquals(0, first.lowWater());
            Delivery<String> zero = next(first);
            next(first).ack();
            next(second).ack();
            assertEquals(0, first.lowWater());
            zero.ack();
            assertEquals(2, second.lowWater());
            assertEquals(2, queue.status().groups().get(0).lowWater());
        }
    }

    @Test
    void aLookAtWhatAGroupHasNotTakenTakesNothing() throws Exception {
        MessageQueue<String> queue = queue();
        try (Consumer<String> consumer = consumer(queue, "prefetch", "4")) {
            next(consumer).ack();
            Address address = queue.address().with("group", "g");
            try (QueueReceiver<QueuedMessage<String>> look = transport.openMessages(address, Codecs.utf8())) {
                QueuedMessage<String> seen = look.tryReceive();
                assertNotNull(seen);
                assertEquals("1", seen.body());
            }
            assertEquals("1", next(consumer).message());
        }
    }

    @Test
    void aReceiverBeginsWhereTheAddressSays() throws Exception {
        MessageQueue<String> queue = queue();
        for (List<String> each : List.of(
                List.of("start", "0"),
                List.of("7", "7"),
                List.of("-3", "17"),
                List.of("2020-01-01T00:00:00Z", "0"),
                List.of("2020-01-01T00:00:00+02:00", "0"))) {
            Address address = queue.address().with("from", each.get(0));
            try (QueueReceiver<QueuedMessage<String>> in = transport.openMessages(address, Codecs.utf8())) {
                QueuedMessage<String> first = in.tryReceive();
                assertNotNull(first);
                assertEquals(each.get(1), first.body());
            }
        }
        for (String wrong : List.of("", "x", "yesterday", "2020-01-01T00:00:00", "1T", "99999999999999999999")) {
            Address address = queue.address().with("from", wrong);
            assertThrows(AddressException.class, () -> transport.openMessages(address, Codecs.utf8()), wrong);
        }
        assertThrows(AddressException.class, () -> consumer(queue, "from", "-3"));
        assertThrows(AddressException.class, () -> consumer(queue, "until", "-3"));
        assertThrows(AddressException.class, () -> consumer(queue, "until", "x"));
        assertThrows(IllegalArgumentException.class, () -> transport.openConsumer(queue.address(), Codecs.utf8()));
    }

    @Test
    void aGroupIsRemovedByItsAddress() throws Exception {
        MessageQueue<String> queue = queue();
        consumer(queue, "prefetch", "1").close();
        Address group = queue.address().with("group", "g");
        assertEquals(true, transport.remove(group));
        assertEquals(false, transport.remove(group));
        assertEquals(List.of(), queue.status().groups());
        assertEquals(true, transport.exists(queue.address()));
    }

    @Test
    void aSenderGivesTheTypeOfItsAddress() throws Exception {
        MessageQueue<String> queue = queue();
        Address typed = queue.address().with("type", "order");
        try (var out = transport.openSender(typed, Codecs.utf8());
                var in = transport.openMessages(typed, Codecs.utf8())) {
            out.send("one espresso");
            QueuedMessage<String> message = in.tryReceive();
            assertNotNull(message);
            assertEquals("order", message.header().type());
            assertEquals(20, message.index());
        }
    }
}
