package org.jvmipc.signals;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.Receiver;
import org.jvmipc.ReceiverSet;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** Signals waited for together with other receivers. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(NoLeaks.class)
@SuppressWarnings("try") // closed in the middle of a test
class SignalSetTest implements NoLeaks.WarmUp {
    private static final PosixSignal FIRST = PosixSignal.realTime(1);
    private static final PosixSignal SECOND = PosixSignal.realTime(2);
    private static final long SELF = ProcessHandle.current().pid();

    @Override
    public void warmUp() throws Exception {
        Signals.receive(FIRST, PosixSignal.TERM).close();
    }

    @Test
    void aSignalMakesItsReceiverReady() throws Exception {
        try (SignalReceiver first = Signals.receive(FIRST);
                SignalReceiver second = Signals.receive(SECOND, PosixSignal.USR1);
                SignalReceiver jvm = Signals.receive(PosixSignal.TERM);
                ReceiverSet<SignalEvent> set = new ReceiverSet<>()) {
            set.add(first);
            set.add(second);
            set.add(jvm);
            assertEquals(List.of(), set.tryAwait());
            assertEquals(List.of(), set.tryAwait(Duration.ofMillis(20)));
            for (SignalReceiver receiver : List.of(first, second, jvm, second, first)) {
                try (Worker<List<Receiver<? extends SignalEvent>>> waiter =
                        Worker.call(set::await).awaitBlocked()) {
                    Signals.send(SELF, receiver.signals().get(0));
                    assertEquals(List.of(receiver), waiter.result());
                }
                assertEquals(List.of(receiver), set.tryAwait(), "it has not been taken");
                assertEquals(receiver.signals().get(0), receiver.tryReceive().signal());
                assertEquals(List.of(), set.tryAwait());
            }
        }
    }

    @Test
    void whatWasReadAheadIsTold() throws Exception {
        try (SignalReceiver receiver = Signals.receive(FIRST);
                ReceiverSet<SignalEvent> set = new ReceiverSet<>()) {
            set.add(receiver);
            for (int i = 0; i < 3; i++) {
                Signals.queue(SELF, FIRST, i);
            }
            List<Integer> values = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                assertEquals(List.of(receiver), set.await());
                values.add(receiver.tryReceive().value().getAsInt());
            }
            assertEquals(List.of(0, 1, 2), values);
            assertEquals(List.of(), set.tryAwait());
        }
    }

    @Test
    void aMemberThatIsClosedEndsTheWait() throws Exception {
        try (SignalReceiver first = Signals.receive(FIRST);
                SignalReceiver second = Signals.receive(SECOND);
                ReceiverSet<SignalEvent> set = new ReceiverSet<>()) {
            set.add(first);
            set.add(second);
            try (Worker<List<Receiver<? extends SignalEvent>>> waiter =
                    Worker.call(set::await).awaitBlocked()) {
                first.close();
                assertEquals(List.of(first), waiter.result());
            }
            assertThrows(ClosedChannelException.class, first::tryReceive);
            assertEquals(1, set.size());
        }
    }
}
