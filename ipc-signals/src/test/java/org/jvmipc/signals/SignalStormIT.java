package org.jvmipc.signals;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.jvmipc.internal.posix.ProcessCalls;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ExitStatus;
import org.jvmipc.testkit.Campaign;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.Jvms;
import org.jvmipc.testkit.NoLeaks;

/**
 * As many signals as the sender can send into a JVM that allocates, collects, and starts and ends threads: all arrive,
 * in order, with their values and their sender. One mode in the suite; all JDKs that are here and five modes in a
 * campaign.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(NoLeaks.class)
class SignalStormIT {
    private static final List<List<String>> MODES = List.of(
            List.of("-XX:+UseG1GC"),
            List.of("-XX:+UseZGC"),
            List.of("-XX:+UseParallelGC"),
            List.of("-Xcheck:jni"),
            List.of("-Xcomp"));

    record Mode(Path home, List<String> options) {}

    static List<Mode> modes() throws IOException {
        List<Mode> modes = new ArrayList<>();
        for (Path home : Jvms.homes()) {
            for (List<String> options : MODES) {
                modes.add(new Mode(home, options));
            }
        }
        return Campaign.isOn() ? modes : modes.subList(0, 1);
    }

    private static final long ROOM = 50_000;
    private static final int BATCH = 1_000;

    @ParameterizedTest
    @MethodSource("modes")
    void allArriveInOrder(Mode mode) throws Exception {
        int count = Campaign.size(100_000, 1_000_000);
        List<String> options = new ArrayList<>(mode.options());
        options.add("-Xmx256m");
        options.add(SignalPrograms.COMPILERS_STAY);
        try (ChildJvm child = SignalPrograms.launcher(SignalPrograms.Storm.class, options, count)
                .javaHome(mode.home())
                .start()) {
            child.awaitReady();
            ProcessCalls.limitPendingSignals(child.pid(), ROOM); // so that the user's other processes keep some
            try (SignalTarget target = SignalTarget.of(child)) {
                for (int i = 0; i < count; i++) {
                    target.queue(PosixSignal.realTime(1), i);
                }
            }
            ExitStatus status = child.tryAwaitExit(Duration.ofMinutes(Campaign.size(3, 30)));
            assertEquals(ExitStatus.exited(0), status, () -> child.lastErrorLines() + "");
            List<String> lines = child.lastOutputLines();
            assertTrue(lines.contains("received " + count + " requeued 0 lost 0"), lines::toString);
        }
    }

    /** As anybody starts a JVM: its compilers come and go, and one that ends unblocks the signals. */
    @Test
    void withTheFlagsOfEverydayNothingIsLost() throws Exception {
        int count = Campaign.size(30_000, 300_000);
        PosixSignal signal = PosixSignal.realTime(1);
        try (ChildJvm child = Children.start(
                        SignalPrograms.launcher(SignalPrograms.Busy.class, List.of("-Xmx256m"), "RTMIN+1"));
                SignalTarget target = SignalTarget.of(child)) {
            // So few that one which goes to the back finds room there.
            ProcessCalls.limitPendingSignals(child.pid(), ROOM);
            for (int i = 0; i < count; i++) {
                if (i % BATCH == 0) {
                    SignalOthersIT.awaitRoom(child.pid());
                }
                target.queue(signal, i);
            }
            SignalOthersIT.awaitTaken(child.pid());
            target.queue(signal, SignalPrograms.END);
            ExitStatus status = child.tryAwaitExit(Duration.ofMinutes(Campaign.size(3, 30)));
            assertEquals(ExitStatus.exited(0), status, () -> child.lastErrorLines() + "");
            List<String> lines = child.lastOutputLines();
            assertTrue(
                    lines.contains("SIGRTMIN+1 " + count + " in order")
                            || lines.contains("SIGRTMIN+1 " + count + " all"),
                    lines::toString);
            assertTrue(lines.contains("lost 0"), lines::toString);
        }
    }
}
