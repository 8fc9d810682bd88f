package org.jvmipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.spi.Pollable;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** What is not a matter of the transport: that is in the testkit's ReceiverSetContract. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(NoLeaks.class)
class ReceiverSetTest implements NoLeaks.WarmUp {
    private final List<Address> addresses = new ArrayList<>();
    private final List<Sender<String>> senders = new ArrayList<>();
    private final List<Receiver<String>> receivers = new ArrayList<>();

    @Override
    public void warmUp() throws Exception {
        open(1);
        try (ReceiverSet<String> set = set()) {
            set.tryAwait(Duration.ofMillis(1));
        }
        close();
    }

    @BeforeEach
    void openTwo() throws Exception {
        open(2);
    }

    private void open(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            Address address = Ipc.create(Address.of("loop", "set-" + i));
            addresses.add(address);
            senders.add(Ipc.sender(address, Codecs.utf8()));
            receivers.add(Ipc.receiver(address, Codecs.utf8()));
        }
    }

    @AfterEach
    void close() throws Exception {
        for (int i = 0; i < addresses.size(); i++) {
            receivers.get(i).close();
            senders.get(i).close();
            Ipc.remove(addresses.get(i));
        }
        addresses.clear();
        senders.clear();
        receivers.clear();
    }

    private ReceiverSet<String> set() throws IOException {
        ReceiverSet<String> set = new ReceiverSet<>();
        for (Receiver<String> receiver : receivers) {
            set.add(receiver);
        }
        return set;
    }

    @Test
    void refusesAReceiverThatCannotBePolledAndNamesIt() throws Exception {
        Address address = Address.of("stub:x");
        try (ReceiverSet<String> set = new ReceiverSet<>();
                StubConnection<String> stub = new StubConnection<>(address, Codecs.utf8(), new ArrayDeque<>())) {
            UnsupportedMechanismException e = assertThrows(UnsupportedMechanismException.class, () -> set.add(stub));
            assertTrue(e.getMessage().startsWith("stub:x: a org.jvmipc.StubConnection"), e.getMessage());
            assertEquals(0, set.size());
        }
    }

    @Test
    void anEmptySetWaitsForItsFirstMember() throws Exception {
        senders.get(0).send("here already");
        try (ReceiverSet<String> set = new ReceiverSet<>();
                Worker<List<Receiver<? extends String>>> waiter = Worker.call(set::await)) {
            assertEquals(List.of(), set.tryAwait(), "another thread is waiting");
            waiter.awaitBlocked();
            set.add(receivers.get(0));
            assertEquals(List.of(receivers.get(0)), waiter.result());
        }
    }

    /** The wait has asked all members when one is taken out, and has something by then. */
    @Test
    void whoIsTakenOutWhileItIsAskedIsNotReported() throws Exception {
        senders.get(0).send("for nobody here");
        try (ReceiverSet<String> set = new ReceiverSet<>()) {
            set.add(leavesWhenAsked(set, receivers.get(0)));
            assertEquals(List.of(), set.tryAwait(Duration.ofMillis(20)));
            assertEquals(0, set.size());
        }
    }

    @SuppressWarnings("unchecked")
    private static Receiver<String> leavesWhenAsked(ReceiverSet<String> set, Receiver<String> receiver) {
        return (Receiver<String>) Proxy.newProxyInstance(
                ReceiverSetTest.class.getClassLoader(),
                new Class<?>[] {Receiver.class, Pollable.class},
                (self, method, arguments) -> {
                    if (method.getName().equals("ready")) {
                        set.remove((Receiver<String>) self);
                    }
                    if (method.getName().equals("equals")) {
                        return self == arguments[0];
                    }
                    return method.invoke(receiver, arguments);
                });
    }

    @Test
    void forEachOfAnEmptySetHasNothingToDo() throws Exception {
        try (ReceiverSet<String> set = new ReceiverSet<>()) {
            set.forEach((receiver, message) -> {});
            assertEquals("ReceiverSet[0 receivers]", set.toString());
        }
    }

    @Test
    void holdsReceiversOfSeveralTypes() throws Exception {
        try (ReceiverSet<Object> set = new ReceiverSet<>();
                Receiver<Long> numbers = Ipc.receiver(addresses.get(1), Codecs.int64());
                Sender<Long> numbersOut = Ipc.sender(addresses.get(1), Codecs.int64())) {
            set.add(receivers.get(0));
            set.add(numbers);
            numbersOut.send(5L);
            Receiver<?> ready = set.await().get(0);
            assertSame(numbers, ready);
            assertEquals(5L, ready.tryReceive());
        }
    }

    @Test
    void theHandlerMayCloseAddAndRemoveMembers() throws Exception {
        senders.get(0).send("close me");
        try (ReceiverSet<String> set = new ReceiverSet<>()) {
            set.add(receivers.get(0));
            List<String> got = new ArrayList<>();
            set.forEach((receiver, message) -> {
                got.add(message);
                try {
                    if (receiver == receivers.get(0)) {
                        set.add(receivers.get(1));
                        senders.get(1).trySend("remove me");
                        receiver.close();
                    } else {
                        set.remove(receiver);
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertEquals(List.of("close me", "remove me"), got);
            assertTrue(receivers.get(1).isOpen());
        }
    }

    @Test
    @SuppressWarnings("try") // closes early on purpose
    void aSetClosedByTheHandlerHandsNothingMoreOver() throws Exception {
        senders.get(0).sendAll(List.of("1", "2"));
        try (ReceiverSet<String> set = set()) {
            List<String> got = new ArrayList<>();
            assertThrows(
                    ClosedChannelException.class,
                    () -> set.forEach((receiver, message) -> {
                        got.add(message);
                        try {
                            set.close();
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                    }));
            assertEquals(List.of("1"), got);
            assertEquals("2", receivers.get(0).receive());
            set.close();
            assertFalse(set.isOpen());
            assertEquals("ReceiverSet[0 receivers, closed]", set.toString());
        }
    }

    @Test
    void aHandlerThatFailsLosesNothingElse() throws Exception {
        senders.get(0).sendAll(List.of("1", "2"));
        try (ReceiverSet<String> set = set()) {
            assertThrows(
                    IllegalStateException.class,
                    () -> set.forEach((receiver, message) -> {
                        throw new IllegalStateException(message);
                    }));
            assertEquals("2", set.await().get(0).tryReceive());
        }
    }

    @Test
    void waitsOfSeveralThreadsSerialise() throws Exception {
        try (ReceiverSet<String> set = set();
                Worker<List<Receiver<? extends String>>> first = Worker.call(set::await);
                Worker<List<Receiver<? extends String>>> second = Worker.call(set::await)) {
            first.awaitBlocked();
            second.awaitBlocked();
            assertEquals(List.of(), set.tryAwait(Duration.ofMillis(20)));
            senders.get(1).send("x");
            assertEquals(List.of(receivers.get(1)), first.result());
            assertEquals(List.of(receivers.get(1)), second.result());
        }
    }

    @Test
    void anIdleWaitUsesNoProcessorTime() throws Exception {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        try (ReceiverSet<String> set = set();
                Worker<List<Receiver<? extends String>>> waiter = Worker.call(set::await)) {
            waiter.awaitBlocked();
            long before = threads.getThreadCpuTime(waiter.thread().getId());
            Await.holds(() -> "nothing was sent", Duration.ofMillis(200), () -> !waiter.isDone());
            long used = threads.getThreadCpuTime(waiter.thread().getId()) - before;
            assertTrue(used < 20_000_000, () -> used + " ns of 200 ms");
        }
    }

    @Test
    void aForgottenSetIsNotKeptByItsMembers() throws Exception {
        WeakReference<ReceiverSet<String>> forgotten = new WeakReference<>(set());
        Await.until("it is collected, and its eventfd with it", () -> {
            System.gc();
            return forgotten.get() == null;
        });
        receivers.get(0).close();
    }

    @Test
    void virtualThreadsWaitWithoutHoldingTheirCarriers() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads came with Java 21");
        Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
        int count = 32; // more than there are carriers
        List<ReceiverSet<String>> sets = new ArrayList<>();
        AtomicInteger woken = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(count + 2);
        try {
            for (int i = 0; i < count; i++) {
                ReceiverSet<String> set = set();
                sets.add(set);
                start.invoke(
                        null, counting(done, () -> woken.addAndGet(set.await().size())));
            }
            Thread interrupted = (Thread) start.invoke(null, counting(done, () -> {
                try (ReceiverSet<String> set = new ReceiverSet<>()) {
                    assertThrows(InterruptedException.class, set::await);
                }
            }));
            interrupted.interrupt();
            start.invoke(null, counting(done, () -> senders.get(0).send("all of you")));
            assertTrue(done.await(30, TimeUnit.SECONDS), () -> "stuck with " + woken.get());
            assertEquals(count, woken.get());
        } finally {
            for (ReceiverSet<String> set : sets) {
                set.close();
            }
        }
    }

    private static Runnable counting(CountDownLatch done, Worker.Action action) {
        return () -> {
            try {
                action.run();
                done.countDown();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        };
    }
}
