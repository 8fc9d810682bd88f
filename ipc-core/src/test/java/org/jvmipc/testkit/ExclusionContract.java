package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One at a time, between the threads of one JVM; tries, time limits, and who may go out. */
interface ExclusionContract extends SynchronizerHooks {
    int ROUNDS = 2_000;

    @Test
    default void excludesThreadsByOneHandle() throws Exception {
        try (Gate gate = open()) {
            assertCounts(gate, gate);
        }
    }

    @Test
    default void excludesThreadsByTwoHandles() throws Exception {
        try (Gate one = open();
                Gate two = open()) {
            assertCounts(one, two);
        }
    }

    private static void assertCounts(Gate one, Gate two) throws Exception {
        long[] counter = {0};
        try (Worker<Boolean> first = Worker.run(() -> count(one, counter));
                Worker<Boolean> second = Worker.run(() -> count(two, counter))) {
            first.result();
            second.result();
        }
        assertEquals(2 * ROUNDS, counter[0]);
    }

    private static void count(Gate gate, long[] counter) throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            gate.acquire();
            counter[0]++; // plain: it is lost if two are in, or the second does not see what the first did
            gate.release();
        }
    }

    @Test
    default void tryNeverWaits() throws Exception {
        try (Gate one = open();
                Gate two = open()) {
            assertTrue(one.tryAcquire());
            try (Worker<Boolean> other = Worker.call(two::tryAcquire)) {
                assertFalse(other.result());
            }
            one.release();
            assertTrue(two.tryAcquire());
            two.release();
        }
    }

    @Test
    default void aTimedTryWaitsAtLeastThatLong() throws Exception {
        try (Gate one = open();
                Gate two = open()) {
            one.acquire();
            try (Worker<Long> other = Worker.call(() -> {
                long begin = System.nanoTime();
                assertFalse(two.tryAcquire(ContractTools.SHORT));
                return System.nanoTime() - begin;
            })) {
                long nanos = other.result();
                assertTrue(nanos >= ContractTools.SHORT.toNanos(), () -> "waited only " + nanos + " ns");
                assertTrue(
                        nanos < ContractTools.SHORT.plus(ContractTools.PROMPT).toNanos(), () -> "waited " + nanos);
            }
            try (Worker<Boolean> other = Worker.call(() -> two.tryAcquire(Duration.ZERO))) {
                assertFalse(other.result());
            }
            one.release();
            assertTrue(two.tryAcquire(ContractTools.SHORT));
            two.release();
        }
    }

    @Test
    default void aBlockedThreadGoesInWhenAnotherGoesOut() throws Exception {
        try (Gate one = open();
                Gate two = open()) {
            one.acquire();
            try (Worker<Boolean> waiter = Worker.run(() -> {
                two.acquire();
                two.release();
            })) {
                waiter.awaitBlockedOrEnded();
                waiter.assertRunning();
                one.release();
                waiter.result(ContractTools.PROMPT);
            }
        }
    }

    @Test
    default void threadsGoInInTheOrderInWhichTheyCame() throws Exception {
        needs(Trait.FAIR);
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        List<Worker<Boolean>> waiters = new ArrayList<>();
        try (Gate gate = open()) {
            gate.acquire();
            try {
                for (int i = 0; i < 5; i++) {
                    int number = i;
                    waiters.add(Worker.run(() -> {
                        gate.acquire();
                        order.add(number);
                        gate.release();
                    }));
                    waiters.get(i).awaitBlocked();
                }
                gate.release();
                for (Worker<Boolean> waiter : waiters) {
                    waiter.result();
                }
            } finally {
                waiters.forEach(Worker::close);
            }
        }
        assertEquals(List.of(0, 1, 2, 3, 4), order);
    }

    @Test
    default void goingInTwiceIsAnErrorAndChangesNothing() throws Exception {
        needs(Trait.OWNED_BY_THREAD);
        try (Gate one = open();
                Gate two = open()) {
            one.acquire();
            assertThrows(alreadyHeld(), one::acquire);
            assertThrows(alreadyHeld(), two::acquire);
            assertThrows(alreadyHeld(), one::tryAcquire);
            assertThrows(alreadyHeld(), () -> two.tryAcquire(ContractTools.SHORT));
            try (Worker<Boolean> other = Worker.call(two::tryAcquire)) {
                assertFalse(other.result());
            }
            one.release();
            one.acquire();
            one.release();
        }
    }

    @Test
    default void goingOutTwiceIsAnErrorAndChangesNothing() throws Exception {
        needs(Trait.OWNED_BY_THREAD);
        try (Gate one = open();
                Gate two = open()) {
            one.acquire();
            one.release();
            assertThrows(notHeld(), one::release);
            two.acquire();
            assertThrows(notHeld(), one::release);
            try (Worker<Boolean> other = Worker.call(one::tryAcquire)) {
                assertFalse(other.result());
            }
            two.release();
        }
    }

    @Test
    default void goingOutByAnotherThreadIsAnErrorAndChangesNothing() throws Exception {
        needs(Trait.OWNED_BY_THREAD);
        try (Gate gate = open()) {
            gate.acquire();
            try (Worker<Boolean> other = Worker.run(() -> {
                assertThrows(notHeld(), gate::release);
                assertFalse(gate.tryAcquire());
            })) {
                other.result();
            }
            gate.release();
        }
    }

    @Test
    default void whatAThreadHeldThatHasEndedComesBack() throws Exception {
        needs(Trait.OWNED_BY_THREAD, Trait.RETURNS_AT_DEATH);
        try (Gate gate = open()) {
            try (Worker<Boolean> holder = Worker.run(gate::acquire)) {
                holder.result();
            }
            try (Worker<Boolean> next = Worker.call(() -> {
                boolean told = gate.acquire();
                gate.release();
                return told;
            })) {
                assertEquals(traits().contains(Trait.TELLS_DEATH), next.result(Duration.ofSeconds(5)));
            }
            assertFalse(gate.acquire(), "told twice");
            gate.release();
        }
    }
}
