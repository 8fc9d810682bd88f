package org.jvmipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.internal.BlockedSignals;
import org.jvmipc.internal.posix.SignalAction;
import org.jvmipc.internal.posix.SignalActionCalls;
import org.jvmipc.testkit.Jvms;
import org.jvmipc.testkit.NoLeaks;

/** Which signals a child has blocked, on each JDK that is here. */
@Timeout(60)
@ExtendWith(NoLeaks.class)
class BlockedSignalsIT {
    private static final int RTMIN = 34;
    private static final int USR1 = 10;
    private static final long WATCHED = bit(RTMIN + 1) | bit(RTMIN + 2) | bit(10);

    static List<Path> homes() throws IOException {
        return Jvms.homes();
    }

    private static long bit(int signal) {
        return 1L << (signal - 1);
    }

    /** What each thread of the child has blocked, of what is watched. */
    private static List<Long> masks(ChildJvm child) throws IOException {
        List<Long> masks = new ArrayList<>();
        try (DirectoryStream<Path> threads =
                Files.newDirectoryStream(Path.of("/proc", Long.toString(child.pid()), "task"))) {
            for (Path thread : threads) {
                for (String line : Files.readAllLines(thread.resolve("status"))) {
                    if (line.startsWith("SigBlk:")) {
                        masks.add(Long.parseUnsignedLong(line.substring(7).strip(), 16) & WATCHED);
                    }
                }
            }
        }
        assertTrue(masks.size() > 5, () -> "of all threads: " + masks);
        return masks;
    }

    private static void assertAll(long expected, ChildJvm child) throws Exception {
        child.awaitReady();
        for (long mask : masks(child)) {
            assertEquals(expected, mask, () -> Long.toHexString(mask));
        }
    }

    @ParameterizedTest
    @MethodSource("homes")
    void aChildStartsWithThemBlockedInAllThreads(Path home) throws Exception {
        try (ChildJvm child = Children.launcher(Children.Ready.class)
                .javaHome(home)
                .blockSignals(RTMIN + 1, 10)
                .start()) {
            assertAll(bit(RTMIN + 1) | bit(10), child);
        }
    }

    @ParameterizedTest
    @MethodSource("homes")
    void aChildOfOneThatReceivesSignalsHasNoneBlocked(Path home) throws Exception {
        BlockedSignals.add(bit(RTMIN + 1));
        try (ChildJvm child =
                Children.launcher(Children.Ready.class).javaHome(home).start()) {
            assertAll(0, child);
        } finally {
            BlockedSignals.remove(bit(RTMIN + 1));
        }
    }

    @ParameterizedTest
    @MethodSource("homes")
    void exactExitStatus(Path home) throws Exception {
        JvmLauncher launcher = Children.launcher(Children.Exits.class).javaHome(home);
        launcher.blockSignals(RTMIN + 2);
        try (ChildJvm child = launcher.arguments("143", "ready").start()) {
            assertEquals(ExitStatus.exited(143), child.awaitExit());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 65, 1, 2, 15, 9, 19, 11, 12, 16, 32, 33, 62})
    void whatAJvmCannotHaveBlockedIsRefused(int signal) {
        JvmLauncher launcher = Children.launcher(Children.Ready.class);
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> launcher.blockSignals(RTMIN + 1, signal));
        assertTrue(e.getMessage().length() > 20, e.getMessage());
    }

    /** Whether the child ignores SIGUSR1, which this process does while it is started. */
    private static boolean startedIgnoring() throws Exception {
        SignalActionCalls.set(USR1, SignalAction.IGNORE);
        try (ChildJvm child = Children.launcher(Children.Ready.class).start()) {
            SignalActionCalls.set(USR1, SignalAction.DEFAULT);
            child.awaitReady();
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(child.pid()), "status"))) {
                if (line.startsWith("SigIgn:")) {
                    return (Long.parseUnsignedLong(line.substring(7).strip(), 16) & bit(USR1)) != 0;
                }
            }
            throw new AssertionError("no SigIgn");
        } finally {
            SignalActionCalls.set(USR1, SignalAction.DEFAULT);
        }
    }

    @Test
    void aChildDoesNotIgnoreWhatIsIgnoredHereForAMoment() throws Exception {
        BlockedSignals.add(bit(USR1));
        try {
            assertTrue(startedIgnoring(), "nobody has said that it is for a moment");
            BlockedSignals.defaultInChildren(bit(USR1));
            assertFalse(startedIgnoring());
        } finally {
            BlockedSignals.remove(bit(USR1));
        }
        assertEquals(0, BlockedSignals.defaultsInChildren());
    }
}
