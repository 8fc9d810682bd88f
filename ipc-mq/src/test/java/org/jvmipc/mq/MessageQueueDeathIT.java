package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.ReceiverSet;
import org.jvmipc.mq.internal.Journal;
import org.jvmipc.mq.internal.StepPrograms;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** One process at a time that dies or stands still, at a point that is chosen. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MessageQueueDeathIT implements NoLeaks.WarmUp {
    /** The promises are 500 ms and 1 s; a busy machine must not fail them. */
    private static final Duration PROMPT = Duration.ofSeconds(5);

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    @TempDir
    Path directory;

    @Override
    public void warmUp() throws Exception {
        MessageQueue<String> queue = Queues.create(directory, Codecs.utf8());
        try (QueueSender<String> out = queue.openSender();
                ChildJvm child = ChildMain.launcher(
                                StepPrograms.DiesInRoll.class, queue.address().path())
                        .start()) {
            Children.assertExit(9, child);
            out.send("what the death of one who had it open takes is loaded");
        }
        MessageQueue.remove(queue.address());
    }

    private MessageQueue<String> queue(int messages) throws Exception {
        MessageQueue<String> queue = Queues.create(directory, Codecs.utf8());
        try (QueueSender<String> out = queue.openSender()) {
            for (int i = 0; i < messages; i++) {
                out.send(Integer.toString(i));
            }
        }
        return queue;
    }

    private static List<String> all(MessageQueue<String> queue) throws Exception {
        List<String> all = new ArrayList<>();
        try (QueueReceiver<String> in = queue.openReceiver(ReceiveFrom.start())) {
            in.drain(all::add, Integer.MAX_VALUE);
        }
        return all;
    }

    private static void assertDies(Class<? extends ChildProgram> program, MessageQueue<?> queue) throws Exception {
        try (ChildJvm child =
                ChildMain.launcher(program, queue.address().path()).start()) {
            Children.assertExit(9, child);
        }
    }

    // ---- producers

    @Test
    void halfADocumentOfADeadProducerIsNeverSeenAndTheNextOneGoesOn() throws Exception {
        MessageQueue<String> queue = queue(3);
        try (QueueSender<String> out = queue.openSender()) {
            out.send("3"); // has the file open that the child dies in
            assertDies(StepPrograms.DiesInAppend.class, queue);
            assertTrue(out.trySend("4", PROMPT));
            assertEquals(List.of("0", "1", "2", "3", "4"), all(queue));
            assertEquals(2, queue.status().cycles(), "files that somebody died in are not appended to");
        }
        assertTrue(queue.check(Duration.ofSeconds(5)).isWhole());
    }

    @Test
    void aWholeMessageOfADeadProducerIsThereOnce() throws Exception {
        MessageQueue<String> queue = queue(2);
        assertDies(StepPrograms.DiesBehindAppend.class, queue);
        try (QueueSender<String> out = queue.openSender()) {
            out.send("3");
        }
        assertEquals(List.of("0", "1", "nobody was told", "3"), all(queue));
        assertEquals(4, queue.status().nextIndex());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2"})
    void aMessageWhoseAccountWasHalfWrittenKeepsItsIndex(String words) throws Exception {
        MessageQueue<String> queue = queue(2);
        try (ChildJvm child = ChildMain.launcher(
                        StepPrograms.DiesInAccount.class, queue.address().path(), words)
                .start()) {
            Children.assertExit(9, child);
        }
        try (QueueSender<String> out = queue.openSender()) {
            out.send("3");
            out.send("4");
        }
        assertEquals(List.of("0", "1", "nobody was told", "3", "4"), all(queue));
        assertEquals(5, queue.status().nextIndex());
        assertTrue(queue.check(Duration.ofSeconds(5)).isWhole());
    }

    @Test
    void aRepairThatFailsIsDoneByTheNextOne() throws Exception {
        MessageQueue<String> queue = queue(2);
        Path cycles = queue.address().path().resolve("cycles");
        Path away = cycles.resolveSibling("away");
        try (QueueSender<String> out = queue.openSender()) {
            assertDies(StepPrograms.DiesBehindAppend.class, queue);
            Files.move(cycles, away);
            assertThrows(IOException.class, () -> out.send("3"));
            Files.move(away, cycles);
            out.send("3");
        }
        assertEquals(List.of("0", "1", "nobody was told", "3"), all(queue));
    }

    @Test
    void aFileThatWasBegunByADeadProducerIsBegunAnew() throws Exception {
        MessageQueue<String> queue = queue(2);
        assertDies(StepPrograms.DiesInRoll.class, queue);
        try (QueueSender<String> out = queue.openSender()) {
            out.send("2");
            out.send("3");
        }
        assertEquals(List.of("0", "1", "2", "3"), all(queue));
        assertTrue(queue.check(Duration.ofSeconds(5)).isWhole());
    }

    @Test
    void aProducerThatIsStoppedInAnAppendIsToldOfAndGoesOn() throws Exception {
        MessageQueue<String> queue = queue(1);
        try (QueueSender<String> out = queue.openSender();
                ChildJvm child = Children.start(ChildMain.launcher(
                        StepPrograms.StopsInAppend.class, queue.address().path()))) {
            Children.stop(child);
            assertFalse(out.trySend("not now"));
            assertFalse(out.trySend("not so soon", Duration.ofMillis(20)));
            long start = System.nanoTime();
            StalledProcessException stalled = assertThrows(StalledProcessException.class, () -> out.send("no"));
            assertEquals(child.pid(), stalled.pid().getAsLong());
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertTrue(took.compareTo(PROMPT) < 0, () -> "told after " + took);
            try (Consumer<String> consumer = queue.openConsumer("g")) {
                consumer.receive().ack(); // consumers need not wait for it
            }
            Children.goOn(child);
            Children.assertExit(0, child);
            out.send("2");
            assertEquals(List.of("0", "sent after all", "2"), all(queue));
        }
    }

    // ---- consumers

    /** Takes one message and keeps it. Arguments: the queue's address, the lease in milliseconds. */
    static final class Keeper implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            MessageQueue<String> queue = MessageQueue.open(Address.of(arguments[0]), Codecs.utf8());
            Consumer<String> consumer = queue.openConsumer(
                    Queues.GROUP,
                    ConsumerOptions.defaults().withLease(Duration.ofMillis(Long.parseLong(arguments[1]))));
            Delivery<String> delivery = consumer.receive();
            parent.ready();
            try {
                // For ever, or until it was stopped for longer than the lease.
                Await.within(Duration.ofHours(1), () -> delivery.queued()
                        .time()
                        .plusMillis(Long.MAX_VALUE / 4)
                        .isBefore(java.time.Instant.now()));
            } finally {
                consumer.close();
            }
        }
    }

    /** Takes one message, is ready, and acknowledges it as soon as it has been stopped for longer than its lease. */
    static final class LateOne implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            MessageQueue<String> queue = MessageQueue.open(Address.of(arguments[0]), Codecs.utf8());
            try (Consumer<String> consumer =
                    queue.openConsumer(Queues.GROUP, ConsumerOptions.defaults().withLease(Duration.ofMillis(500)))) {
                Delivery<String> delivery = consumer.receive();
                parent.ready();
                long start = System.nanoTime();
                Await.within(Duration.ofMinutes(1), () -> System.nanoTime() - start > 500_000_000);
                try {
                    delivery.ack();
                    System.exit(3);
                } catch (LateAcknowledgementException e) {
                    System.exit(0);
                }
            }
        }
    }

    @Test
    void whatAKilledConsumerHadGoesToTheNextOneAtOnce() throws Exception {
        MessageQueue<String> queue = queue(3);
        try (ChildJvm child = Children.start(ChildMain.launcher(Keeper.class, queue.address(), 3_600_000));
                Consumer<String> heir = queue.openConsumer(Queues.GROUP);
                Worker<Delivery<String>> waiting = Worker.call(heir::receive)) {
            waiting.awaitBlocked();
            child.kill();
            Delivery<String> delivery = waiting.result(PROMPT);
            assertEquals("0", delivery.message());
            assertEquals(1, delivery.redeliveries());
            delivery.ack();
            Delivery<String> onlyLeased = heir.receive();
            assertEquals("1", onlyLeased.message());
            assertEquals(0, onlyLeased.redeliveries());
            child.awaitExit();
        }
    }

    @Test
    void whatAConsumerHadWrittenDownAndNotDealtIsDealtOnce() throws Exception {
        MessageQueue<String> queue = queue(10);
        try (Consumer<String> consumer =
                queue.openConsumer(Queues.GROUP, ConsumerOptions.defaults().withPrefetch(3))) {
            assertDies(StepPrograms.DiesInDealing.class, queue);
            for (int i = 0; i < 10; i++) {
                Delivery<String> delivery = consumer.receive();
                assertEquals(i, delivery.index());
                delivery.ack();
            }
            assertNull(consumer.tryReceive());
            Path journal = queue.address().path().resolve("groups").resolve(Queues.GROUP + ".acks");
            for (int i = 0; i < 10; i++) {
                assertTrue(Journal.read(journal).isTaken(i), "on disk it is not taken: " + i);
            }
        }
    }

    @Test
    void aRepairOfAGroupThatFailsIsDoneByTheNextOne() throws Exception {
        MessageQueue<String> queue = queue(10);
        Path journal = queue.address().path().resolve("groups").resolve(Queues.GROUP + ".acks");
        Path away = journal.resolveSibling("away");
        try (Consumer<String> consumer =
                queue.openConsumer(Queues.GROUP, ConsumerOptions.defaults().withPrefetch(3))) {
            assertDies(StepPrograms.DiesInDealing.class, queue);
            Files.move(journal, away);
            assertThrows(IOException.class, consumer::tryReceive);
            Files.move(away, journal);
            for (int i = 0; i < 10; i++) {
                Delivery<String> delivery = consumer.receive();
                assertEquals(i, delivery.index());
                delivery.ack();
            }
            for (int i = 0; i < 10; i++) {
                assertTrue(Journal.read(journal).isTaken(i), "on disk it is not taken: " + i);
            }
        }
    }

    @Test
    void aRangeThatWasBeingSplitIsHandedOutOnce() throws Exception {
        MessageQueue<String> queue = queue(4);
        try (Consumer<String> first =
                queue.openConsumer(Queues.GROUP, ConsumerOptions.defaults().withPrefetch(4))) {
            assertEquals("0", first.receive().message());
            assertDies(StepPrograms.DiesInSplit.class, queue);
        }
        try (Consumer<String> consumer = queue.openConsumer(Queues.GROUP)) {
            List<Long> taken = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Delivery<String> delivery = consumer.receive();
                taken.add(delivery.index());
                delivery.ack();
            }
            assertNull(consumer.tryReceive());
            assertEquals(List.of(0L, 1L, 2L, 3L), taken.stream().sorted().toList());
        }
    }

    @Test
    void aStoppedConsumerKeepsItsMessagesUntilItsLeaseIsOverAndIsLateThen() throws Exception {
        MessageQueue<String> queue = queue(1);
        try (ChildJvm child = Children.start(ChildMain.launcher(LateOne.class, queue.address()));
                Consumer<String> heir = queue.openConsumer(Queues.GROUP)) {
            Children.stop(child);
            Delivery<String> delivery = heir.tryReceive(Await.LONG);
            assertNotNull(delivery);
            assertEquals(1, delivery.redeliveries());
            delivery.ack();
            Children.goOn(child);
            Children.assertExit(0, child);
            assertNull(heir.tryReceive());
        }
    }

    // ---- costs

    @Test
    void whoWaitsCostsNothing() throws Exception {
        MessageQueue<String> queue = queue(0);
        try (Consumer<String> consumer = queue.openConsumer("g")) {
            assertNull(consumer.tryReceive(Duration.ofMillis(50))); // what a wait loads
            assertEquals(0, ofThisThread(() -> assertNull(consumer.tryReceive(Duration.ofSeconds(3)))));
        }
    }

    /** A lease of another one that has ended, as its messages were acknowledged, is no reason to look again and again. */
    @Test
    void whoWaitsInASetCostsNothingAfterALeaseHasEnded() throws Exception {
        MessageQueue<String> queue = queue(1);
        ConsumerOptions shortly = ConsumerOptions.defaults().withLease(Duration.ofMillis(100));
        try (Consumer<String> other = queue.openConsumer("g", shortly);
                Consumer<String> consumer = queue.openConsumer("g", shortly);
                ReceiverSet<Delivery<String>> set = new ReceiverSet<>()) {
            Delivery<String> delivery = other.receive();
            assertNull(consumer.tryReceive()); // notes when that lease ends
            delivery.ack();
            set.add(consumer);
            set.tryAwait(Duration.ofMillis(300));
            long bridge = Thread.getAllStackTraces().keySet().stream()
                    .filter(each -> each.getName().startsWith("ipc-poll "))
                    .mapToLong(Thread::getId)
                    .findFirst()
                    .orElseThrow();
            long before = THREADS.getThreadCpuTime(bridge);
            assertEquals(0, ofThisThread(() -> assertEquals(List.of(), set.tryAwait(Duration.ofSeconds(2)))));
            long spent = THREADS.getThreadCpuTime(bridge) - before;
            assertTrue(spent < 40_000_000, () -> "spent " + spent + " ns of 2 s");
        }
    }

    /** What the calling thread spends of the processor in a wait, in units of 2 % of it. */
    private static long ofThisThread(Worker.Action wait) throws Exception {
        long start = System.nanoTime();
        long before = THREADS.getCurrentThreadCpuTime();
        wait.run();
        return (THREADS.getCurrentThreadCpuTime() - before) * 50 / (System.nanoTime() - start);
    }

    // ---- options of the JVM, and silence

    /** Sends one message. */
    static final class Silent implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            MessageQueue<String> queue = MessageQueue.open(Address.of(arguments[0]), Codecs.utf8());
            try (QueueSender<String> out = queue.openSender();
                    QueueReceiver<String> in = queue.openReceiver(ReceiveFrom.start())) {
                out.send("hello");
                in.receive();
            }
        }
    }

    @Test
    void nothingIsPrinted() throws Exception {
        MessageQueue<String> queue = queue(0);
        try (ChildJvm child = ChildMain.launcher(Silent.class, queue.address()).start()) {
            Children.assertExit(0, child);
            assertEquals(List.of(), child.lastErrorLines());
        }
    }

    @Test
    void missingOptionsOfTheJvmAreNamed() throws Exception {
        MessageQueue<String> queue = queue(1);
        List<String> command = new ArrayList<>(
                List.of(org.jvmipc.testkit.Jvms.java().toString(), "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(WithoutOptions.class.getName(), queue.address().toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        assertTrue(output.contains("sending to a durable message queue needs options"), output);
        assertTrue(
                output.contains("a consumer, which sends to the dead-letter queue after maxDeliveries, needs"), output);
        assertTrue(output.contains("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED"), output);
    }

    /** Started without any options: may receive, and is told what sending needs, and burying dead letters. */
    static final class WithoutOptions {
        private WithoutOptions() {}

        public static void main(String[] arguments) throws Exception {
            MessageQueue<String> queue = MessageQueue.open(Address.of(arguments[0]), Codecs.utf8());
            ConsumerOptions immortal = ConsumerOptions.defaults().withMaxDeliveries(0);
            try (Consumer<String> consumer = queue.openConsumer("g", immortal)) {
                consumer.receive().ack();
            }
            requireRefused(queue::openSender);
            requireRefused(() -> queue.openConsumer("g"));
        }

        private static void requireRefused(org.junit.jupiter.api.function.Executable open) throws Exception {
            try {
                open.execute();
            } catch (org.jvmipc.UnsupportedMechanismException e) {
                System.out.println(e.getMessage());
                return;
            } catch (Throwable e) {
                throw new Exception(e);
            }
            System.exit(3);
        }
    }

    /** Asks, and is not there any more when the answer comes. */
    static final class Asker implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            Requester<String> requester =
                    MessageQueue.open(Address.of(arguments[0]), Codecs.utf8()).openRequester();
            parent.ready();
            requester.request("are you there?");
            Thread.sleep(Long.MAX_VALUE); // until it is killed
        }
    }

    @Test
    void aRequesterThatWasKilledIsToldToWhoAnswers() throws Exception {
        MessageQueue<String> queue = queue(0);
        try (ChildJvm child = Children.start(ChildMain.launcher(Asker.class, queue.address()));
                Consumer<String> consumer = queue.openConsumer("g");
                Replier<String> replier = queue.openReplier()) {
            Delivery<String> request = consumer.receive();
            assertTrue(replier.reply(request.queued(), "yes"));
            child.kill();
            child.awaitExit();
            assertFalse(replier.reply(request.queued(), "yes"));
        }
    }
}
