package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
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
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.PeerGoneException;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ExitStatus;
import org.jvmipc.spi.ObjectInfo;
import org.jvmipc.spi.Removal;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** Inboxes of processes that are killed, stopped, or race for a name. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InboxDeathIT implements NoLeaks.WarmUp {
    private static final Duration SHORT = Duration.ofMillis(100);

    @TempDir(factory = InMemory.class)
    Path directory;

    @Override
    public void warmUp() throws Exception {
        Address address = dead(Inboxes.address());
        try (Inbox<byte[]> inbox = Inbox.open(address, Codecs.bytes(), Inboxes.SMALL);
                InboxSender<byte[]> out = Inbox.openSender(address, Codecs.bytes())) {
            out.send(new byte[1]);
            inbox.receive();
        }
        aTargetThatIsKilledIsToldWhoAsks();
    }

    private static ChildJvm idle(Address address) throws Exception {
        return Children.start(ChildMain.launcher(InboxPrograms.Idle.class, address));
    }

    /** The address of an inbox whose owner was killed. */
    private static Address dead(Address address) throws Exception {
        try (ChildJvm owner = idle(address)) {
            owner.kill();
            assertNotNull(owner.tryAwaitExit(Await.LONG));
        }
        return address;
    }

    // ---- killed

    @Test
    void whoOpensTheInboxOfADeadOneToSendIsToldSo() throws Exception {
        Address address = dead(Inboxes.address());
        PeerGoneException gone = assertThrows(PeerGoneException.class, () -> Inbox.openSender(address, Codecs.bytes()));
        assertEquals(PeerGoneException.Reason.DIED, gone.reason());
        assertTrue(gone.pid().isPresent());
        assertTrue(Inbox.exists(address));
        assertTrue(Inbox.remove(address));
        assertFalse(Inbox.exists(address));
        assertFalse(Inbox.remove(address));
    }

    @Test
    void whatIsLeftOfADeadOneIsStaleAndRemoved() throws Exception {
        Address address = dead(Inboxes.address());
        InboxTransport transport = new InboxTransport();
        ObjectInfo seen = transport.survey().objects().stream()
                .filter(each -> each.address().equals(address)) // other tests leave theirs at the same time
                .findFirst()
                .orElseThrow();
        assertEquals(ObjectInfo.State.STALE, seen.state());
        assertEquals(false, transport.inspect(address).get("owner alive"), () -> "no such fact");
        List<Removal> removals = transport.removeStale(false);
        assertTrue(removals.stream().anyMatch(each -> each.address().equals(address)), removals::toString);
        assertFalse(transport.list().contains(address));
    }

    @Test
    void theNextOwnerGetsNothingOfTheDeadOnesThoughItsSendersAreStillThere() throws Exception {
        Address address = Inboxes.address();
        try (ChildJvm owner = idle(address);
                InboxSender<byte[]> old = Inbox.openSender(address, Codecs.bytes())) {
            old.send(new byte[] {1});
            owner.kill();
            assertNotNull(owner.tryAwaitExit(Await.LONG));
            try (Inbox<byte[]> next = Inbox.open(address, Codecs.bytes(), Inboxes.SMALL);
                    InboxSender<byte[]> out = Inbox.openSender(address, Codecs.bytes())) {
                out.send(new byte[] {2});
                assertEquals(2, next.receive()[0]);
                assertNull(next.tryReceive(SHORT));
                Await.until("told", () -> isGone(old));
            }
        }
    }

    private static boolean isGone(InboxSender<?> sender) throws Exception {
        try {
            sender.requireOwner();
            return false;
        } catch (PeerGoneException e) {
            assertEquals(PeerGoneException.Reason.DIED, e.reason());
            return true;
        }
    }

    @Test
    void aLivingOwnerElsewhereIsNamed() throws Exception {
        Address address = Inboxes.address();
        try (ChildJvm owner = idle(address)) {
            InboxTakenException taken =
                    assertThrows(InboxTakenException.class, () -> Inbox.open(address, Codecs.bytes(), Inboxes.SMALL));
            assertEquals(owner.pid(), taken.pid());
            assertEquals(List.of(owner.pid()), new InboxTransport().users(address));
        }
        Inbox.remove(address);
    }

    // ---- races

    @Test
    void ofThoseWhoRaceForADeadOnesNameExactlyOneGetsIt() throws Exception {
        Address address = Inboxes.address();
        for (int round = 0; round < 3; round++) {
            dead(address);
            race(address, round);
        }
        Inbox.remove(address);
    }

    private void race(Address address, int round) throws Exception {
        Path start = directory.resolve("start" + round);
        List<ChildJvm> racers = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                Path there = directory.resolve("there" + round + "-" + i);
                racers.add(ChildMain.launcher(InboxPrograms.Racer.class, address, start, there)
                        .start());
            }
            for (int i = 0; i < 4; i++) {
                Path there = directory.resolve("there" + round + "-" + i);
                Await.until("it is there", () -> Files.exists(there));
            }
            Files.createFile(start);
            Await.until(
                    "all but one have lost",
                    () -> racers.stream().filter(ChildJvm::isAlive).count() == 1);
            ChildJvm winner =
                    racers.stream().filter(ChildJvm::isAlive).findFirst().orElseThrow();
            assertTrue(winner.tryAwaitReady(Await.LONG), () -> "nobody has it: " + winner.lastErrorLines());
            for (ChildJvm each : racers) {
                if (each != winner) {
                    Children.assertExit(InboxPrograms.EXIT_TAKEN, each);
                    assertEquals(List.of("taken by " + winner.pid()), each.lastErrorLines());
                }
            }
            winner.kill();
            ExitStatus ended = winner.tryAwaitExit(Await.LONG);
            assertNotNull(ended);
        } finally {
            for (ChildJvm each : racers) {
                each.close();
            }
        }
    }

    // ---- waiting for the next owner

    @Test
    void aSenderWaitsForTheNextOwnerOfADeadOnesName() throws Exception {
        Address address = dead(Inboxes.address());
        try (Worker<InboxSender<byte[]>> waiter = Worker.call(() -> Inbox.awaitSender(address, Codecs.bytes()))) {
            waiter.awaitBlocked();
            assertNull(Inbox.tryAwaitSender(address, Codecs.bytes(), SHORT));
            try (ChildJvm next = idle(address);
                    InboxSender<byte[]> out = waiter.result()) {
                out.send(new byte[1]);
                out.requireOwner();
                assertTrue(next.isAlive());
            }
        }
        Inbox.remove(address);
    }

    @Test
    void waitingForTheNextOwnerTakesNoProcessor() throws Exception {
        Address address = dead(Inboxes.address());
        try (Worker<InboxSender<byte[]>> waiter = Worker.call(() -> Inbox.awaitSender(address, Codecs.bytes()))) {
            waiter.awaitBlocked();
            long before = processorNanos(waiter);
            long start = System.nanoTime();
            Await.holds(() -> "it ends", Duration.ofSeconds(2), () -> !waiter.isDone());
            double share = (double) (processorNanos(waiter) - before) / (System.nanoTime() - start);
            System.out.printf("waiting for an owner takes %.2f %% of a processor%n", 100 * share);
            assertTrue(share < 0.05, () -> "it takes " + 100 * share + " %");
            waiter.interrupt();
            waiter.failure(InterruptedException.class);
        }
        Inbox.remove(address);
    }

    private static long processorNanos(Worker<?> worker) {
        return ManagementFactory.getThreadMXBean()
                .getThreadCpuTime(worker.thread().getId());
    }

    // ---- stopped

    @Test
    void aStoppedOwnersInboxFillsUpAndItIsNobodyElses() throws Exception {
        Address address = Inboxes.address();
        try (ChildJvm owner = idle(address);
                InboxSender<byte[]> out = Inbox.openSender(address, Codecs.bytes())) {
            Children.stop(owner);
            while (out.trySend(new byte[1000])) {
                assertTrue(out.isOpen());
            }
            long start = System.nanoTime();
            assertFalse(out.trySend(new byte[1000], SHORT));
            assertTrue(System.nanoTime() - start >= SHORT.toNanos());
            assertThrows(InboxTakenException.class, () -> Inbox.open(address, Codecs.bytes(), Inboxes.SMALL));
            out.requireOwner();
            owner.kill();
            Await.until("told", () -> isGone(out));
        }
        Inbox.remove(address);
    }

    @Test
    void aStoppedTargetAnswersLateAndTheLateAnswerIsDropped() throws Exception {
        Address address = Inboxes.address();
        try (ChildJvm target = Children.start(ChildMain.launcher(InboxPrograms.Answering.class, address));
                InboxRequester<Long> requester = InboxRequester.open(address, Codecs.int64(), Inboxes.SMALL)) {
            assertEquals(8, requester.request(7L));
            Children.stop(target);
            assertNull(requester.tryRequest(10L, SHORT));
            Children.goOn(target);
            assertEquals(21, requester.request(20L));
        }
        Inbox.remove(address);
    }

    // ---- request and reply

    @Test
    void aTargetThatIsKilledIsToldWhoAsks() throws Exception {
        Address address = Inboxes.address();
        try (ChildJvm target = Children.start(ChildMain.launcher(InboxPrograms.Answering.class, address));
                InboxRequester<Long> requester = InboxRequester.open(address, Codecs.int64(), Inboxes.SMALL)) {
            assertEquals(8, requester.request(7L));
            try (Worker<Long> asker = Worker.call(() -> requester.request(-1L))) {
                asker.awaitBlocked();
                target.kill();
                PeerGoneException gone = asker.failure(PeerGoneException.class, Duration.ofSeconds(10));
                assertEquals(PeerGoneException.Reason.DIED, gone.reason());
            }
        }
        Inbox.remove(address);
    }

    @Test
    void aRequesterThatWasKilledIsTold() throws Exception {
        try (Inbox<InboxMessage<Long>> target = Inbox.openMessages(Inboxes.address(), Codecs.int64(), Inboxes.SMALL);
                InboxReplier<Long> replier = new InboxReplier<>(Codecs.int64())) {
            InboxMessage<Long> request;
            try (ChildJvm asker = Children.start(ChildMain.launcher(InboxPrograms.Asking.class, target.address()))) {
                request = target.receive();
                assertEquals(asker.pid(), request.sender());
                asker.kill();
                assertNotNull(asker.tryAwaitExit(Await.LONG));
            }
            assertFalse(replier.reply(request, 2L));
        }
        new InboxTransport().removeStale(false);
    }
}
