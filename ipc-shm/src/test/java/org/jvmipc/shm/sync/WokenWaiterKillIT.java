package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.shm.sync.OneOfEach.Kind;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Campaign;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.FaultSeam;
import org.jvmipc.testkit.MemoryDirectory;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Strike;
import org.jvmipc.testkit.Worker;

/**
 * A waiter in another JVM gets the wake-up, the only one there is, and is killed before it has done anything with it: the one
 * who sleeps behind it gets what was given.
 */
@ExtendWith(NoLeaks.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WokenWaiterKillIT implements NoLeaks.WarmUp {
    private static final int KILLS = Campaign.size(1, 200);

    /** It takes a wait that has not begun yet when it ends to spoil a round: hardly ever. */
    private static final int ATTEMPTS = KILLS + 10;

    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    @Override
    public void warmUp() throws Exception {
        round(Kind.MUTEX);
    }

    /** Waits for one of them, and dies as soon as the kernel says that it was woken. */
    static final class Waiting implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            try (OneOfEach each = OneOfEach.open(Path.of(arguments[0]));
                    Strike strike = Strike.killingOnReturnOf("futex_waitv").arm()) {
                parent.ready();
                each.take(Kind.valueOf(arguments[1])).close();
                System.err.println(strike);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MUTEX", "ROBUST", "PLAIN", "EVENT", "WRITE", "MONITOR"})
    void takesTheWakeUpWithItAndTheNextOneGoesOn(Kind kind) throws Exception {
        int kills = 0;
        for (int attempt = 0; kills < KILLS; attempt++) {
            assertTrue(attempt < ATTEMPTS, "the waiter is hardly ever killed when it is woken");
            kills += round(kind) ? 1 : 0;
        }
    }

    /** Whether the waiter was killed when it was woken. */
    private boolean round(Kind kind) throws Exception {
        try (OneOfEach each = OneOfEach.open(directory)) {
            boolean killed;
            OneOfEach.Held held = each.take(kind);
            try (ChildJvm child =
                    FaultSeam.launcher(Waiting.class, directory, kind).start()) {
                Await.until("the other JVM waits", () -> isWaitingElsewhere(each));
                try (Worker<Boolean> next = each.waiters(List.of(kind)).get(kind)) {
                    held.close();
                    killed = FaultSeam.awaitEnd(child);
                    assertEquals(false, next.result(), "nobody died with it");
                }
            }
            Await.until(
                    "it is out of the table",
                    () -> each.segment().participants().size() == 1);
            each.take(kind).close();
            return killed;
        } finally {
            OneOfEach.remove(directory);
        }
    }

    private static boolean isWaitingElsewhere(OneOfEach each) throws Exception {
        return each.segment().participants().stream()
                .anyMatch(one -> !one.process().equals(ProcessIdentity.self())
                        && !one.waiting().isEmpty());
    }
}
