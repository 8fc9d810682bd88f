package org.jvmipc.signals;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.ProcessCalls;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.testkit.Campaign;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.Jvms;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** A receiver that does not take its signals for a while. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(NoLeaks.class)
@SuppressWarnings("try") // closed in the middle of a test
class SignalBacklogIT {
    private static final PosixSignal FIRST = PosixSignal.realTime(1);
    private static final PosixSignal SECOND = PosixSignal.realTime(2);

    /** How many may pend for a child: with all the user's room taken no other process of his could be signalled meanwhile. */
    private static final long ROOM = 30_000;

    private static final int ATTEMPTS = 100_000;

    private static ChildJvm start(String signals) throws Exception {
        ChildJvm child = Children.start(SignalPrograms.launcher(SignalPrograms.Counts.class, Jvms.FAST_START, signals)
                .jvmArguments(SignalPrograms.COMPILERS_STAY));
        ProcessCalls.limitPendingSignals(child.pid(), ROOM);
        return child;
    }

    @Test
    void theSenderToAStoppedReceiverIsToldAndWhatWasAcceptedArrives() throws Exception {
        try (ChildJvm child = start("RTMIN+1");
                SignalTarget target = SignalTarget.of(child)) {
            long limit = PendingSignals.of(child.pid()).limit();
            Children.stop(child);
            int accepted = 0;
            for (int i = 0; i < ATTEMPTS; i++) {
                accepted += target.tryQueue(FIRST, accepted) ? 1 : 0;
            }
            assertFalse(target.tryQueue(FIRST, accepted), "the queue is full");
            assertFalse(target.tryQueue(FIRST, accepted, Duration.ofMillis(20)));
            assertTrue(accepted <= limit && accepted > 0, "accepted " + accepted + " of " + limit);
            try (Worker<Boolean> waiting = Worker.run(() -> target.queue(FIRST, SignalPrograms.END))) {
                waiting.awaitBlocked();
                waiting.assertRunning();
                Children.goOn(child);
                waiting.result();
            }
            Children.assertExit(0, child);
            assertEquals(
                    List.of("SIGRTMIN+1 " + accepted + " in order", "users 0", "lost 0", "requeued none"),
                    child.lastOutputLines());
        }
    }

    @Test
    void whoWaitsForRoomLeavesByInterruptByCloseAndWhenTheReceiverDies() throws Exception {
        try (ChildJvm child = start("RTMIN+1");
                SignalTarget target = SignalTarget.of(child);
                SignalTarget other = SignalTarget.of(child)) {
            Children.stop(child);
            while (target.tryQueue(FIRST, 0)) {}
            // Until there is no room: other programs of this user may make some at any time.
            try (Worker<Boolean> waiting = Worker.run(() -> sendForEver(target))) {
                waiting.awaitBlocked();
                waiting.interrupt();
                waiting.failure(InterruptedException.class);
            }
            try (Worker<Boolean> waiting = Worker.run(() -> sendForEver(other))) {
                waiting.awaitBlocked();
                other.close();
                waiting.failure(ClosedChannelException.class);
            }
            try (Worker<Integer> waiting = Worker.call(() -> {
                try {
                    sendForEver(target);
                    return 0;
                } catch (OsException e) {
                    return e.errno();
                }
            })) {
                waiting.awaitBlocked();
                child.kill(); // while it is dying the kernel accepts signals for it and drops them
                assertEquals(Errno.ESRCH, waiting.result());
            }
        }
    }

    private static void sendForEver(SignalTarget target) throws IOException, InterruptedException {
        while (target.isOpen()) {
            target.queue(FIRST, 1);
        }
        throw new ClosedChannelException();
    }

    @Test
    void aFullQueueKeepsNobodyFromOpeningWakingAndClosing() throws Exception {
        try (ChildJvm child = start("RTMIN+1");
                SignalTarget target = SignalTarget.of(child)) {
            Children.stop(child);
            for (int i = 0; i < 3; i++) {
                while (target.tryQueue(FIRST, 0)) {} // other tests may have made room meanwhile
                SignalReceiver own = Signals.receive(SECOND, PosixSignal.TERM);
                try (Worker<SignalEvent> waiting = Worker.call(own::receive)) {
                    waiting.awaitBlocked();
                    waiting.interrupt();
                    waiting.failure(InterruptedException.class);
                }
                try (Worker<SignalEvent> waiting = Worker.call(own::receive)) {
                    waiting.awaitBlocked();
                    own.close();
                    waiting.failure(ClosedChannelException.class);
                }
            }
        }
    }

    @Test
    void twoNumbersWithMuchPendingAreDrainedInOrder() throws Exception {
        try (ChildJvm child = start("RTMIN+1,RTMIN+2");
                SignalTarget target = SignalTarget.of(child)) {
            int each = (int) Math.min(Campaign.size(10_000, 80_000), (mostPending() - ROOM) / 2);
            ProcessCalls.limitPendingSignals(child.pid(), 2L * each + ROOM);
            Children.stop(child);
            for (int i = 0; i < each; i++) {
                target.queue(FIRST, i);
                target.queue(SECOND, i);
            }
            Children.goOn(child);
            target.queue(SECOND, SignalPrograms.END);
            Children.assertExit(0, child);
            // The end of the second number may overtake some of the first.
            List<String> lines = child.lastOutputLines();
            assertTrue(lines.contains("SIGRTMIN+2 " + each + " in order"), lines::toString);
            assertTrue(lines.get(0).endsWith(" in order"), lines::toString);
        }
    }

    /** What this machine lets a user have pending at most. */
    private static long mostPending() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
            if (line.startsWith("Max pending signals")) {
                String hard = line.trim().split(" {2,}")[2];
                return hard.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(hard);
            }
        }
        throw new IllegalStateException("/proc/self/limits tells no limit of pending signals");
    }
}
