package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.process.ChildFailedException;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ParentJvm;

/** Programs of child JVMs run by name and by class. Those that need a channel are run by {@link CrossJvmContract}. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ChildMainIT {
    /** A program of a test's own. */
    static final class ExitsWithLength implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) {
            parent.ready();
            System.exit(String.join("", arguments).length());
        }
    }

    @Test
    void runsAProgramByItsClass() throws Exception {
        try (ChildJvm child = Children.start(ChildMain.launcher(ExitsWithLength.class, "four", 22))) {
            Children.assertExit(6, child);
        }
    }

    @Test
    void refusesAnUnknownProgramHereAndNotInTheChild() {
        assertThrows(IllegalArgumentException.class, () -> ChildMain.launcher("produce-nothing"));
    }

    @Test
    void tellsTheLastWordsOfAProgramThatDies() throws Exception {
        try (ChildJvm child = ChildMain.launcher("die", 7).start()) {
            ChildFailedException failed = assertThrows(ChildFailedException.class, child::awaitReady);
            assertEquals(7, failed.exitStatus().code());
            assertTrue(failed.lastErrorLines().contains("last words"), failed.getMessage());
        }
    }

    @Test
    void aProgramThatIsNeverReadyIsWaitedForNoLongerThanAsked() throws Exception {
        try (ChildJvm child = ChildMain.launcher("never-ready").start()) {
            assertFalse(child.tryAwaitReady(Duration.ofMillis(300)));
            assertTrue(child.isAlive());
        }
    }

    @Test
    void aProgramThatFloodsItsStandardErrorIsNotBlockedByIt() throws Exception {
        try (ChildJvm child = Children.start(ChildMain.launcher("flood-stderr", 20_000))) {
            Children.assertExit(0, child);
        }
    }

    @Test
    void aStoppedChildGoesOnAfterwards() throws Exception {
        try (ChildJvm child = Children.start(ChildMain.launcher("sleep"))) {
            Children.stop(child);
            assertTrue(child.isAlive());
            Children.goOn(child);
            child.kill();
            assertEquals(137, child.awaitExit().code());
        }
    }
}
