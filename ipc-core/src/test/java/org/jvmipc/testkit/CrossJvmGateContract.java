package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;

/** One at a time, between two JVMs; and what is left when one of them dies or stops. */
interface CrossJvmGateContract extends SynchronizerHooks {
    /** How soon the next one has what a killed one held; the promise is 250 ms, and the machine may be busy. */
    Duration AFTER_DEATH = Duration.ofSeconds(5);

    /** A child with a gate of its own, see {@link GateProgram}. */
    default JvmLauncher child(String what, Object... more) throws Exception {
        Object[] arguments = new Object[3 + more.length];
        arguments[0] = gateClass().getName();
        arguments[1] = address();
        arguments[2] = what;
        System.arraycopy(more, 0, arguments, 3, more.length);
        return ChildMain.launcher(GateProgram.class, arguments);
    }

    @Test
    default void excludesTwoJvmsWithTwoThreadsEach() throws Exception {
        needs(Trait.CROSS_JVM);
        Path file = Files.createTempFile("ipc-gate", ".count");
        try (Gate gate = open();
                ChildJvm child = Children.start(child("count", file, ExclusionContract.ROUNDS))) {
            GateProgram.count(gate, file, ExclusionContract.ROUNDS);
            Children.assertExit(0, child);
            assertEquals(4L * ExclusionContract.ROUNDS, GateProgram.read(file));
        } finally {
            Files.delete(file);
        }
    }

    @Test
    default void whatAnotherJvmHoldsIsNotToBeHad() throws Exception {
        needs(Trait.CROSS_JVM);
        try (Gate gate = open();
                ChildJvm holder = Children.start(child("hold"))) {
            assertTrue(holder.isAlive());
            assertFalse(gate.tryAcquire());
            assertFalse(gate.tryAcquire(ContractTools.SHORT));
            try (Worker<Boolean> waiter = Worker.run(gate::acquire)) {
                waiter.awaitBlockedOrEnded();
                waiter.assertRunning();
                waiter.interrupt();
                waiter.failure(InterruptedException.class, ContractTools.PROMPT);
            }
        }
    }

    @Test
    default void aBlockedThreadGoesInWhenAnotherJvmGoesOut() throws Exception {
        needs(Trait.CROSS_JVM);
        Path file = Files.createTempFile("ipc-gate", ".go");
        try (Gate gate = open();
                ChildJvm child = Children.start(child("hold-until-deleted", file));
                Worker<Boolean> waiter = Worker.call(() -> {
                    boolean told = gate.acquire();
                    gate.release();
                    return told;
                })) {
            waiter.awaitBlockedOrEnded();
            waiter.assertRunning();
            Files.delete(file);
            assertFalse(waiter.result(Await.LONG), "told of a death");
            Children.assertExit(0, child);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    @Test
    default void whatAKilledJvmHeldGoesToAWaiter() throws Exception {
        needs(Trait.CROSS_JVM, Trait.RETURNS_AT_DEATH);
        try (Gate gate = open()) {
            try (ChildJvm child = Children.start(child("hold"));
                    Worker<Boolean> waiter = Worker.call(() -> {
                        boolean told = gate.acquire();
                        gate.release();
                        return told;
                    })) {
                waiter.awaitBlockedOrEnded();
                waiter.assertRunning();
                long begin = System.nanoTime();
                child.kill();
                boolean told = waiter.result(AFTER_DEATH);
                System.out.println(getClass().getSimpleName() + ": handed over " + (System.nanoTime() - begin) / 1_000
                        + " us after the kill");
                assertEquals(traits().contains(Trait.TELLS_DEATH), told);
            }
            assertFalse(gate.acquire(), "told twice");
            gate.release();
        }
    }

    @Test
    default void aWaiterThatIsKilledIsInNobodysWay() throws Exception {
        needs(Trait.CROSS_JVM);
        try (Gate gate = open()) {
            gate.acquire();
            try (ChildJvm child = Children.start(child("wait"))) {
                child.kill();
                child.awaitExit();
            }
            gate.release();
            assertTrue(gate.tryAcquire(AFTER_DEATH));
            gate.release();
        }
    }

    @Test
    default void aStoppedHolderKeepsItAndGoesOn() throws Exception {
        needs(Trait.CROSS_JVM);
        Path file = Files.createTempFile("ipc-gate", ".go");
        try (Gate gate = open();
                ChildJvm child = Children.start(child("hold-until-deleted", file))) {
            Children.stop(child);
            Files.delete(file);
            assertFalse(gate.tryAcquire(Duration.ofMillis(300)));
            assertFalse(gate.tryAcquire());
            Children.goOn(child);
            assertTrue(gate.tryAcquire(Await.LONG));
            gate.release();
            Children.assertExit(0, child);
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
