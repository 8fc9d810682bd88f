package org.jvmipc.signals;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.Codecs;
import org.jvmipc.Ipc;
import org.jvmipc.OsException;
import org.jvmipc.ReceiverSet;
import org.jvmipc.Sender;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.process.ParentJvm;

/**
 * Signals, step by step. Read from top to bottom; every step runs.
 *
 * <p>A signal is a number that one process sends to another, at any moment. Real-time signals queue in the kernel,
 * each with a value of 32 bits and its sender. Here they are messages like any other: no code of yours runs as a
 * signal handler.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TutorialTest {
    private static final PosixSignal RELOAD = PosixSignal.realTime(1); // SIGRTMIN+1
    private static final long SELF = ProcessHandle.current().pid();

    /** First the receiver is opened, then somebody sends: a signal that nobody expects ends the process. */
    @Test
    @Order(1)
    void step1SendAndReceive() throws Exception {
        try (SignalReceiver signals = Signals.receive(RELOAD)) {
            Signals.queue(SELF, RELOAD, 42);
            SignalEvent event = signals.receive();
            assertEquals(42, event.value().orElseThrow());
            assertEquals(SELF, event.pid().orElseThrow());
        }
    }

    /** The verb has three forms: it waits, it never waits, it waits at most so long. */
    @Test
    @Order(2)
    void step2ThreeForms() throws Exception {
        try (SignalReceiver signals = Signals.receive(RELOAD)) {
            assertNull(signals.tryReceive());
            assertNull(signals.tryReceive(Duration.ofMillis(5)));
            Signals.queue(SELF, RELOAD, 1);
            assertNotNull(signals.receive());
        }
    }

    /** Real-time signals queue. Of standard signals of one kind that are not taken yet one is kept. */
    @Test
    @Order(3)
    void step3StandardSignalsMerge() throws Exception {
        try (SignalReceiver signals = Signals.receive(RELOAD, PosixSignal.USR1)) {
            for (int i = 0; i < 5; i++) {
                Signals.queue(SELF, RELOAD, i);
                Signals.send(SELF, PosixSignal.USR1);
            }
            int realTime = 0;
            int standard = 0;
            SignalEvent event;
            while ((event = signals.tryReceive()) != null) {
                if (event.signal().equals(RELOAD)) {
                    assertEquals(realTime++, event.value().orElseThrow());
                } else {
                    standard++;
                }
            }
            assertEquals(5, realTime);
            assertEquals(1, standard);
        }
    }

    /** SIGTERM comes through the JVM, which does not tell who sent it. While it is received the JVM does not end by it. */
    @Test
    @Order(4)
    void step4TheSignalsThatEndAJvm() throws Exception {
        try (SignalReceiver signals = Signals.receive(PosixSignal.TERM)) {
            Signals.send(SELF, PosixSignal.TERM);
            assertTrue(signals.receive().pid().isEmpty());
        }
    }

    /** Some signals are the JVM's own, and it says why. */
    @Test
    @Order(5)
    void step5WhatCannotBeReceived() {
        PosixSignal segv = PosixSignal.of("SEGV");
        assertFalse(segv.isReceivable());
        SignalUnavailableException e = assertThrows(SignalUnavailableException.class, () -> Signals.receive(segv));
        assertTrue(e.getMessage().contains(segv.refusal()));
    }

    /** A handler is called in a thread, where it may do anything. */
    @Test
    @Order(6)
    void step6AHandler() throws Exception {
        CompletableFuture<Integer> value = new CompletableFuture<>();
        try (SignalSubscription subscription =
                Signals.on(RELOAD, event -> value.complete(event.value().orElseThrow()))) {
            Signals.queue(SELF, RELOAD, 7);
            assertEquals(7, value.get());
            assertTrue(subscription.receiver().isOpen());
        }
    }

    /** A child that starts with the signal blocked can be sent to at once. */
    @Test
    @Order(7)
    void step7AChild() throws Exception {
        JvmLauncher launcher = JvmLauncher.of(Answers.class).blockSignals(RELOAD.number());
        try (SignalReceiver signals = Signals.receive(RELOAD);
                ChildJvm child = launcher.start()) {
            Signals.queue(child, RELOAD, 20);
            SignalEvent answer = signals.receive();
            assertEquals(21, answer.value().orElseThrow());
            assertEquals(child.pid(), answer.pid().orElseThrow());
            assertTrue(child.awaitExit().isSuccess());
        }
    }

    static final class Answers {
        public static void main(String[] arguments) throws Exception {
            try (SignalReceiver signals = Signals.receive(RELOAD)) {
                int value = signals.receive().value().orElseThrow();
                Signals.queue(ParentJvm.get().pid(), RELOAD, value + 1);
            }
        }
    }

    /** One who sends more holds the process: no later process with its number is ever hit. */
    @Test
    @Order(8)
    void step8NeverTheWrongProcess() throws Exception {
        try (ChildJvm child = JvmLauncher.of(Answers.class)
                        .blockSignals(RELOAD.number())
                        .start();
                SignalTarget target = SignalTarget.of(child)) {
            target.send(PosixSignal.KILL);
            child.awaitExit();
            assertThrows(OsException.class, () -> target.send(PosixSignal.KILL)); // ESRCH
        }
    }

    /** By address, a message is a number; and signals are waited for together with other receivers. */
    @Test
    @Order(9)
    void step9LikeAnyOtherReceiver() throws Exception {
        try (SignalReceiver signals = Signals.receive(RELOAD);
                ReceiverSet<SignalEvent> set = new ReceiverSet<>();
                Sender<String> sender = Ipc.sender("signal:" + SELF, Codecs.utf8())) {
            set.add(signals);
            sender.send("12");
            assertEquals(List.of(signals), set.await());
            assertEquals(12, signals.tryReceive().value().orElseThrow());
        }
    }
}
