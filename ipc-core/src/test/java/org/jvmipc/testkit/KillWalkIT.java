package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.ProcessCalls;
import org.jvmipc.internal.posix.Seam;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ParentJvm;

/** Children die at the call that the walk has come to; those of others have no seam. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class KillWalkIT implements NoLeaks.WarmUp {
    @Override
    public void warmUp() throws Exception {
        try (ChildJvm child = ChildMain.launcher("sleep").start()) {
            child.awaitReady();
        }
    }

    /** Four calls: two that make a pipe, or fail, are not in the way. */
    static final class MakesAPipe implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            parent.ready();
            FaultSeam.underKill(() -> {
                for (Fd end : OsCalls.pipe(Fcntl.O_NONBLOCK)) {
                    end.close();
                }
            });
        }
    }

    @Test
    void childrenAreKilledAtAndAfterTheirCalls() throws Exception {
        List<String> lastWords = new ArrayList<>();
        int kills = new KillWalk().walk(victim -> {
            try (ChildJvm child = victim.start(MakesAPipe.class)) {
                victim.awaitEnd(child);
                lastWords.addAll(child.lastErrorLines());
            }
        });
        List<String> expected = Campaign.isOn()
                ? List.of(
                        "1, pipe2, killed at",
                        "1, pipe2, killed after",
                        "2, close, killed at",
                        "2, close, killed after",
                        "3, close, killed at",
                        "3, close, killed after")
                : List.of("1, pipe2, killed at", "3, close, killed after");
        assertEquals(expected.size(), kills);
        assertEquals(expected.stream().map(each -> "seam: call " + each).toList(), lastWords);
    }

    /** Has a thread that makes calls all the time. */
    static final class MakesAPipeBesideAnother implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            CountDownLatch going = new CountDownLatch(1);
            AtomicBoolean done = new AtomicBoolean();
            try (Worker<Boolean> other = Worker.run(() -> {
                while (!done.get()) {
                    ProcessCalls.pidfd(ProcessHandle.current().pid()).close();
                    going.countDown();
                }
            })) {
                going.await();
                FaultSeam.underKillInIt(() -> {
                    for (Fd end : OsCalls.pipe(Fcntl.O_NONBLOCK)) {
                        end.close();
                    }
                });
                done.set(true);
                other.result();
            }
        }
    }

    @Test
    void callsOfOthersAreNotCountedWhereOnlyTheOperationsAre() throws Exception {
        List<String> lastWords = new ArrayList<>();
        new KillWalk().walk(victim -> {
            try (ChildJvm child = victim.start(MakesAPipeBesideAnother.class)) {
                victim.awaitEnd(child);
                lastWords.addAll(child.lastErrorLines());
            }
        });
        assertEquals("seam: call 1, pipe2, killed at", lastWords.get(0));
        assertEquals("seam: call 3, close, killed after", lastWords.get(lastWords.size() - 1));
    }

    @Test
    void anOtherEndOfTheVictimFailsTheWalk() {
        String message = assertThrows(AssertionError.class, () -> new KillWalk().walk(victim -> {
                    try (ChildJvm child = victim.start(MakesAPipe.class)) {
                        child.awaitReady();
                    }
                }))
                .getMessage();
        assertTrue(message.contains("the round does not wait for the child's end"), message);
    }

    static final class LooksForASeam implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) {
            parent.ready();
            System.exit(Seam.isOpen() ? 7 : 0);
        }
    }

    @Test
    void aJvmThatIsNotToldToHasNoSeam() throws Exception {
        try (ChildJvm child = Children.start(ChildMain.launcher(LooksForASeam.class))) {
            Children.assertExit(0, child);
        }
    }
}
