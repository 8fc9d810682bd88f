package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** A wait that does not end by going in: interrupted, or closed. */
interface LeavingContract extends SynchronizerHooks {
    private static List<Callable<?>> waits(Gate gate) {
        return List.of(gate::acquire, () -> gate.tryAcquire(Duration.ofHours(1)));
    }

    @Test
    default void anInterruptEndsAWaitAndLeavesTheHandleUsable() throws Exception {
        try (Gate one = open();
                Gate two = open()) {
            for (int form = 0; form < waits(two).size(); form++) {
                one.acquire();
                Callable<?> wait = waits(two).get(form);
                try (Worker<?> waiter = Worker.call(wait)) {
                    waiter.awaitBlockedOrEnded();
                    waiter.interrupt();
                    waiter.failure(InterruptedException.class, ContractTools.PROMPT);
                }
                one.release();
                assertTrue(two.tryAcquire());
                two.release();
            }
        }
    }

    @Test
    default void anInterruptBeforeTheCallIsObeyedAndTakesNothing() throws Exception {
        try (Gate gate = open()) {
            for (Callable<?> wait : waits(gate)) {
                Thread.currentThread().interrupt();
                assertThrows(InterruptedException.class, wait::call);
                assertFalse(Thread.interrupted(), "still interrupted");
                assertTrue(gate.tryAcquire());
                gate.release();
            }
            Thread.currentThread().interrupt();
            assertTrue(gate.tryAcquire(), "a try that never waits has no regard to an interrupt");
            assertTrue(Thread.interrupted());
            gate.release();
        }
    }

    @Test
    default void aWaiterThatLeavesIsInNobodysWay() throws Exception {
        try (Gate one = open();
                Gate two = open()) {
            one.acquire();
            try (Worker<Boolean> leaves = Worker.run(two::acquire)) {
                leaves.awaitBlockedOrEnded();
                try (Worker<Boolean> stays = Worker.run(() -> {
                    two.acquire();
                    two.release();
                })) {
                    stays.awaitBlockedOrEnded();
                    leaves.interrupt();
                    leaves.failure(InterruptedException.class, ContractTools.PROMPT);
                    one.release();
                    stays.result(ContractTools.PROMPT);
                }
            }
        }
    }

    @Test
    @SuppressWarnings("try") // closes early on purpose
    default void closingWakesABlockedThreadAndLeavesTheObjectToOthers() throws Exception {
        for (int form = 0; form < 2; form++) {
            try (Gate one = open();
                    Gate two = open()) {
                one.acquire();
                try (Worker<?> waiter = Worker.call(waits(two).get(form))) {
                    waiter.awaitBlockedOrEnded();
                    two.close();
                    waiter.failure(closed(), ContractTools.PROMPT);
                }
                one.release();
                assertTrue(one.tryAcquire());
                one.release();
            }
        }
    }

    @Test
    default void aClosedHandleTakesNothing() throws Exception {
        try (Gate other = open()) {
            Gate gate = open();
            gate.close();
            gate.close();
            assertThrows(closed(), gate::acquire);
            assertThrows(closed(), gate::tryAcquire);
            assertThrows(closed(), () -> gate.tryAcquire(ContractTools.SHORT));
            assertTrue(other.tryAcquire());
            other.release();
        }
    }
}
