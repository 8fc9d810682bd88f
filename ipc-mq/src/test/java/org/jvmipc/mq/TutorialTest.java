package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.ReceiverSet;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.process.ParentJvm;

/**
 * Queues in nine steps, to be read from the top. What runs in the other process is in a class of its own, as it would be
 * in a program.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(120)
class TutorialTest {
    @TempDir
    Path directory;

    private MessageQueue<String> orders;

    @BeforeEach
    void makeTheQueue() throws Exception {
        // A queue is a directory. "mq:orders" would be one in ~/.local/state/ipc/mq.
        Address address = Address.of("mq", directory.resolve("orders").toString());
        orders = MessageQueue.create(
                address, Codecs.utf8(), MessageQueueOptions.defaults().withCapacity(64 << 20));
    }

    @Test
    @Order(1)
    void aMessageOutlivesThoseWhoSendIt() throws Exception {
        try (QueueSender<String> out = orders.openSender()) {
            out.send("one espresso"); // returns when it is in the file
        }
        try (QueueReceiver<String> in = orders.openReceiver(ReceiveFrom.start())) {
            assertEquals("one espresso", in.receive());
            assertNull(in.tryReceive());
            assertNull(in.tryReceive(Duration.ofMillis(5)));
        }
    }

    @Test
    @Order(2)
    void aGroupSharesTheWork() throws Exception {
        try (QueueSender<String> out = orders.openSender();
                Consumer<String> first = orders.openConsumer(
                        "kitchen", ConsumerOptions.defaults().withPrefetch(1));
                Consumer<String> second = orders.openConsumer(
                        "kitchen", ConsumerOptions.defaults().withPrefetch(1));
                Consumer<String> bookkeeper = orders.openConsumer("books")) {
            out.sendAll(List.of("tea", "coffee"));
            Delivery<String> tea = first.receive();
            Delivery<String> coffee = second.receive();
            assertEquals("tea", tea.message());
            assertEquals("coffee", coffee.message());
            tea.ack(); // done with, on disk, for the whole group
            coffee.ack();
            assertEquals("tea", bookkeeper.receive().message(), "another group gets all of it, too");
        }
    }

    @Test
    @Order(3)
    void whatWasNotAcknowledgedComesBackAndSaysSo() throws Exception {
        try (QueueSender<String> out = orders.openSender();
                Consumer<String> next = orders.openConsumer("kitchen")) {
            out.send("soup");
            try (Consumer<String> clumsy = orders.openConsumer("kitchen")) {
                assertEquals(0, clumsy.receive().redeliveries());
            } // closed, or killed, without ack()
            Delivery<String> again = next.receive();
            assertEquals("soup", again.message());
            assertEquals(1, again.redeliveries());
            again.nack(); // and once more
            assertEquals(2, next.receive().redeliveries());
        }
    }

    /** The other process: takes one order, and is killed with it in its hands. */
    static final class Cook {
        private Cook() {}

        public static void main(String[] arguments) throws Exception {
            Address address = ParentJvm.get().address("orders");
            Consumer<String> consumer =
                    MessageQueue.open(address, Codecs.utf8()).openConsumer("kitchen");
            consumer.receive();
            ParentJvm.get().ready();
            consumer.receive(); // nothing more comes
        }
    }

    @Test
    @Order(4)
    void theDeathOfAConsumerIsNoticedAtOnce() throws Exception {
        try (QueueSender<String> out = orders.openSender();
                Consumer<String> survivor = orders.openConsumer("kitchen")) {
            out.send("risotto");
            JvmLauncher launcher = JvmLauncher.of(Cook.class).handOver("orders", orders.address());
            try (ChildJvm cook = launcher.start()) { // with the options of the JVM that a queue needs
                cook.awaitReady();
                assertNull(survivor.tryReceive(), "the cook has it");
                cook.kill();
                assertEquals("risotto", survivor.receive().message()); // no time-out has to pass
            }
        }
    }

    @Test
    @Order(5)
    void theLogCanBeReplayed() throws Exception {
        try (QueueSender<String> out = orders.openSender()) {
            for (int i = 0; i < 100; i++) {
                out.send(MessageHeader.ofType(i % 10 == 0 ? "round" : "other"), "order " + i);
            }
        }
        try (QueueReceiver<QueuedMessage<String>> in = orders.openMessages(ReceiveFrom.last(3))) {
            assertEquals(97, in.receive().index());
            in.seek(ReceiveFrom.index(42));
            assertEquals("order 42", in.peek().body());
            assertEquals("order 42", in.receive().body());
        }
        List<String> round = new ArrayList<>();
        try (QueueReceiver<String> in = orders.openReceiver(ReceiveFrom.start(), "round")) {
            in.drain(round::add, 1000);
        }
        assertEquals(10, round.size());
    }

    @Test
    @Order(6)
    void oneThreadWaitsForSeveralQueues() throws Exception {
        MessageQueue<String> others = MessageQueue.create(
                Address.of("mq", directory.resolve("others").toString()), Codecs.utf8(), orders.options());
        try (ReceiverSet<String> set = new ReceiverSet<>();
                GroupReceiver<String> first = orders.openGroupReceiver("g", ConsumerOptions.defaults());
                GroupReceiver<String> second = others.openGroupReceiver("g", ConsumerOptions.defaults());
                QueueSender<String> out = others.openSender()) {
            set.add(first);
            set.add(second);
            out.send("hello");
            assertEquals(List.of(second), set.await());
            assertEquals("hello", second.receive());
        }
    }

    @Test
    @Order(7)
    void aRequestIsAnswered() throws Exception {
        try (Requester<String> guest = orders.openRequester();
                Consumer<String> waiter = orders.openConsumer("waiters");
                Replier<String> replier = orders.openReplier()) {
            assertNull(guest.tryRequest("the menu, please", Duration.ofMillis(10)), "nobody is there");
            Delivery<String> request = waiter.receive();
            assertTrue(replier.reply(request.queued(), "here it is")); // too late for this one
            request.ack();
        }
    }

    @Test
    @Order(8)
    void whatNobodyCanHandleIsPutAside() throws Exception {
        try (QueueSender<String> out = orders.openSender();
                Consumer<String> consumer = orders.openConsumer(
                        "kitchen", ConsumerOptions.defaults().withMaxDeliveries(2))) {
            out.sendAll(List.of("roast dragon", "toast"));
            for (int i = 0; i < 2; i++) {
                consumer.receive().nack();
                Delivery<String> other = consumer.tryReceive();
                if (other != null && other.message().equals("toast")) {
                    other.ack();
                }
            }
            assertNull(consumer.tryReceive());
        }
        MessageQueueStatus.Group kitchen = orders.status().groups().get(0);
        assertTrue(kitchen.deadLetters() <= 1 && kitchen.lag() <= 1, kitchen.toString());
    }

    @Test
    @Order(9)
    void theKernelHasAQueueWithPriorities() throws Exception {
        // Of the kernel, so a C program opens it with mq_open("/tutorial-..."), and it is small: ten messages of 8 KiB
        // at most.
        Address address =
                Address.of("posixmq:/tutorial-" + ProcessHandle.current().pid());
        PosixMessageQueue<String> jobs = PosixMessageQueue.create(
                address, Codecs.utf8(), PosixMessageQueueOptions.defaults().withMaxMessage(100));
        try (PosixMessageSender<String> out = jobs.openSender();
                PosixMessageReceiver<String> in = jobs.openReceiver()) {
            out.send("sweep the floor");
            out.send("fire!", 9);
            assertEquals(new PrioritizedMessage<>("fire!", 9), in.receivePrioritized());
            assertEquals("sweep the floor", in.receive());
        } finally {
            PosixMessageQueue.remove(address); // close() does not: it is there until somebody removes it
        }
    }
}
