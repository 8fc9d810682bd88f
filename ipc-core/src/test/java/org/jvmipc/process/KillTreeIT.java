package org.jvmipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.internal.SignalNames;

@Timeout(60)
class KillTreeIT {
    /** The sleepers below the child. */
    private static List<ProcessIdentity> sleepers(ChildJvm child) {
        List<ProcessIdentity> found = ProcessHandle.of(child.pid())
                .orElseThrow()
                .descendants()
                .filter(Children.Tree::sleeps)
                .map(handle -> ProcessIdentity.of(handle.pid()))
                .toList();
        assertEquals(3, found.size());
        return found;
    }

    @Test
    void killsAllThatDescendsFromTheChild() throws Exception {
        try (ChildJvm child = Children.launcher(Children.Tree.class).start()) {
            child.awaitReady();
            List<ProcessIdentity> sleepers = sleepers(child);
            child.killTree();
            assertEquals(SignalNames.SIGKILL, child.awaitExit().signal());
            sleepers.forEach(sleeper -> assertFalse(sleeper.isAlive()));
        }
    }

    @Test
    void killsTheGroupThatAnEndedChildHasLeft() throws Exception {
        try (ChildJvm child = Children.launcher(Children.Tree.class)
                .ownGroup()
                .arguments("end")
                .start()) {
            assertTrue(child.awaitExit().isSuccess());
            List<ProcFs.Stat> left = ProcessTree.inGroup(child.pid());
            assertTrue(left.size() >= 3, left::toString); // the shell and what did not leave its session
            child.killTree();
            assertEquals(List.of(), ProcessTree.inGroup(child.pid()));
        }
    }

    @Test
    void doesNothingWhenAllHaveEnded() throws Exception {
        try (ChildJvm child = Children.launcher(Children.Exits.class)
                .ownGroup()
                .arguments("0")
                .start()) {
            child.awaitExit();
            child.killTree();
            child.killTree();
        }
    }
}
