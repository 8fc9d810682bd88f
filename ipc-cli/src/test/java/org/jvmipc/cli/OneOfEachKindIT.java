package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.channels.AsynchronousCloseException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.Connection;
import org.jvmipc.Listener;
import org.jvmipc.Receiver;
import org.jvmipc.ReceiverSet;
import org.jvmipc.Sender;
import org.jvmipc.pipes.Fifo;
import org.jvmipc.pipes.Pipes;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.RingOptions;
import org.jvmipc.shm.SharedRing;
import org.jvmipc.shm.sync.SharedEvent;
import org.jvmipc.shm.sync.SharedLatch;
import org.jvmipc.shm.sync.SharedSemaphore;
import org.jvmipc.signals.PosixSignal;
import org.jvmipc.signals.Signals;
import org.jvmipc.sockets.UnixSockets;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.Worker;

/**
 * Waiting in one call for one of each kind: an event, a latch, a semaphore, a ring, a FIFO, a pipe, a signal and a connection. The test is
 * here, where all modules are.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OneOfEachKindIT {
    private static final PosixSignal SIGNAL = PosixSignal.realTime(3);
    private static final String LATCH = "latch";
    private static final String LAST = "last";
    private static final int ROUNDS = 3;

    /** A wait without anything to wait for takes none of it; a loop would take most. */
    private static final Duration IDLE = Duration.ofMillis(600);

    private static final long MOST_NANOS = 200_000_000;

    @TempDir
    Path directory;

    private final Map<String, Receiver<? extends Object>> members = new LinkedHashMap<>();
    private final List<AutoCloseable> opened = new ArrayList<>();

    private static Address at(String directory, String scheme) {
        return Address.of(scheme, directory + "/" + scheme);
    }

    private <C extends AutoCloseable> C keep(C each) {
        opened.add(0, each);
        return each;
    }

    @BeforeEach
    void create() throws Exception {
        String here = directory.toString();
        SharedEvent event = keep(SharedEvent.create(at(here, "event"), true));
        SharedLatch latch = keep(SharedLatch.create(at(here, LATCH), 1));
        SharedSemaphore semaphore = keep(SharedSemaphore.create(at(here, "sem"), 0, false));
        SharedRing ring = keep(SharedRing.create(at(here, "ring"), RingOptions.defaults()));
        members.put("event", keep(event.openReceiver()));
        members.put(LATCH, keep(latch.openReceiver()));
        members.put("sem", keep(semaphore.openReceiver()));
        members.put("ring", keep(ring.openReceiver(Codecs.utf8())));
        members.put("signal", keep(Signals.receive(SIGNAL)));
        Fifo.create(directory.resolve("fifo"));
    }

    @AfterEach
    void remove() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        String here = directory.toString();
        SharedEvent.remove(at(here, "event"));
        SharedLatch.remove(at(here, LATCH));
        SharedSemaphore.remove(at(here, "sem"));
        SharedRing.remove(at(here, "ring"));
        Fifo.remove(directory.resolve("fifo"));
    }

    /** Says what it is about to make ready, does it, and waits until that was seen. */
    static final class Maker implements ChildProgram {
        private interface Action {
            void run() throws Exception;
        }

        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            String here = arguments[0];
            try (Sender<String> announcements = parent.sender(ChildMain.OUT, Codecs.utf8());
                    Sender<String> pipe = parent.sender("pipe", Codecs.utf8());
                    Receiver<String> seen = parent.receiver(ChildMain.IN, Codecs.utf8());
                    SharedEvent event = SharedEvent.open(at(here, "event"));
                    SharedLatch latch = SharedLatch.open(at(here, LATCH));
                    SharedSemaphore semaphore = SharedSemaphore.open(at(here, "sem"));
                    SharedRing shared = SharedRing.open(at(here, "ring"));
                    Sender<String> ring = shared.openSender(Codecs.utf8());
                    Sender<String> fifo = Fifo.open(Path.of(here, "fifo")).openSender(Codecs.utf8());
                    Connection<String> connection = UnixSockets.connect(Path.of(here, "uds"), Codecs.utf8())) {
                Map<String, Action> actions = new LinkedHashMap<>();
                actions.put("event", event::set);
                actions.put(LATCH, latch::countDown);
                actions.put("sem", semaphore::release);
                actions.put("ring", () -> ring.send("x"));
                actions.put("fifo", () -> fifo.send("x"));
                actions.put("pipe", () -> pipe.send("x"));
                actions.put("signal", () -> Signals.queue(parent.pid(), SIGNAL, 1));
                actions.put("uds", () -> connection.send("x"));
                parent.ready();
                for (int round = 0; round < ROUNDS; round++) {
                    List<String> order = new ArrayList<>(actions.keySet());
                    Collections.shuffle(order);
                    for (String next : order) {
                        seen.receive();
                        announcements.send(next);
                        actions.get(next).run();
                    }
                    actions.remove(LATCH); // it is open for ever
                }
                seen.receive();
                announcements.send(LAST);
                seen.receive();
            }
        }
    }

    private static long cpuNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long nanos = 0;
        for (long id : threads.getAllThreadIds()) {
            nanos += Math.max(0, threads.getThreadCpuTime(id));
        }
        return nanos;
    }

    @Test
    void eachWakeUpNamesTheOneThatIsReady() throws Exception {
        JvmLauncher launcher = ChildMain.launcher(Maker.class, directory);
        try (ReceiverSet<Object> set = new ReceiverSet<>();
                Sender<String> seen = Pipes.toChild(launcher, ChildMain.IN, Codecs.utf8());
                Receiver<String> announcements = Pipes.fromChild(launcher, ChildMain.OUT, Codecs.utf8());
                Receiver<String> pipe = Pipes.fromChild(launcher, "pipe", Codecs.utf8());
                Listener<String> listener = UnixSockets.listen(directory.resolve("uds"), Codecs.utf8());
                ChildJvm child = launcher.start();
                Receiver<String> fifo = Fifo.open(directory.resolve("fifo")).openReceiver(Codecs.utf8());
                Connection<String> connection = listener.accept()) {
            members.put("pipe", pipe);
            members.put("fifo", fifo);
            members.put("uds", connection);
            for (Receiver<? extends Object> each : members.values()) {
                assertTrue(set.add(each));
            }
            child.awaitReady();

            assertEquals(List.of(), set.tryAwait());
            long before = cpuNanos();
            assertEquals(List.of(), set.tryAwait(IDLE));
            long spent = cpuNanos() - before;
            assertTrue(spent < MOST_NANOS, "an idle wait of " + IDLE.toMillis() + " ms took " + spent + " ns");

            seen.send("go");
            String announced = announcements.receive();
            while (!announced.equals(LAST)) {
                Receiver<? extends Object> expected = members.get(announced);
                assertEquals(List.of(expected), set.await(), announced);
                assertNotNull(expected.tryReceive(), announced);
                if (announced.equals(LATCH)) {
                    assertEquals(List.of(expected), set.tryAwait(), "it stays open");
                    set.remove(expected);
                }
                seen.send("go");
                announced = announcements.receive();
            }
            assertEquals(List.of(), set.tryAwait());
            assertInterruptAndClose(set);
            seen.send("end");
            Children.assertExit(0, child);
        }
    }

    private void assertInterruptAndClose(ReceiverSet<Object> set) throws Exception {
        try (Worker<List<Receiver<? extends Object>>> waiter =
                Worker.call(() -> set.await()).awaitBlocked()) {
            waiter.interrupt();
            waiter.failure(InterruptedException.class);
        }
        try (Worker<List<Receiver<? extends Object>>> waiter =
                Worker.call(() -> set.await()).awaitBlocked()) {
            members.get("event").close();
            assertEquals(List.of(members.get("event")), waiter.result());
        }
        try (Worker<List<Receiver<? extends Object>>> waiter =
                Worker.call(() -> set.await()).awaitBlocked()) {
            set.close();
            waiter.failure(AsynchronousCloseException.class);
        }
    }
}
