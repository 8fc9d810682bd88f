package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Address;
import org.jvmipc.Ipc;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.shm.SegmentParticipant;
import org.jvmipc.shm.sync.OneOfEach.Kind;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.MemoryDirectory;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.PidNamespace;
import org.jvmipc.testkit.Worker;

/**
 * A holder in another pid namespace, a container's say, whose pid means nothing here: nobody takes from it what it holds, and
 * when it is killed all of it comes back.
 */
@ExtendWith(NoLeaks.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NamespaceDeathIT implements NoLeaks.WarmUp {
    /** Longer than some looks of the watch, which come every 20 ms and every 500 ms. */
    private static final Duration SEVERAL_LOOKS = Duration.ofMillis(1200);

    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    @Override
    public void warmUp() throws Exception {
        try (OneOfEach each = OneOfEach.open(directory)) {
            for (Kind kind : Kind.values()) {
                each.take(kind).close();
            }
        }
        OneOfEach.remove(directory);
    }

    /** The holder: no child of a JVM's, as its parent is the namespace's. */
    static final class Holding {
        private Holding() {}

        public static void main(String[] arguments) throws Exception {
            OneOfEach.hold(Path.of(arguments[0]), Kind.COMING_BACK, () -> {});
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isLeftInPeaceWhileItLivesAndInheritedWhenItIsKilled(boolean ownProc) throws Exception {
        assumeTrue(PidNamespace.isPermitted(), "unshare(1) may not make a pid namespace here");
        try (OneOfEach each = OneOfEach.open(directory);
                PidNamespace other = PidNamespace.start(ownProc, Holding.class, directory.toString())) {
            Await.until("it holds all: " + other, () -> {
                other.assertAlive();
                return each.areHeld(Kind.COMING_BACK);
            });
            for (Kind kind : Kind.COMING_BACK) {
                assertNull(each.tryTake(kind, Duration.ZERO), kind::toString);
            }
            Map<Kind, Worker<Boolean>> waiters = each.waiters(Kind.COMING_BACK);
            try {
                assertIsNamed(each);
                Await.holds(
                        () -> "taken from one who lives: " + waiters,
                        SEVERAL_LOOKS,
                        () -> waiters.values().stream().noneMatch(Worker::isDone)
                                && each.segment().participants().size() == 2);
                each.expectDeath(Kind.COMING_BACK);
                other.kill();
                for (Kind kind : Kind.COMING_BACK) {
                    assertEquals(kind.isTold(), waiters.get(kind).result(), () -> kind + " told");
                }
            } finally {
                waiters.values().forEach(Worker::close);
            }
            Await.until(
                    "it is out of the table",
                    () -> each.segment().participants().size() == 1);
            for (Kind kind : Kind.COMING_BACK) {
                try (OneOfEach.Held held = each.take(kind)) {
                    assertFalse(held.died(), () -> kind + " told twice");
                }
            }
        } finally {
            OneOfEach.remove(directory);
        }
    }

    /** As a process of another namespace, and not as the one that happens to have its number here. */
    private static void assertIsNamed(OneOfEach each) throws Exception {
        ProcessIdentity self = ProcessIdentity.self();
        List<ProcessIdentity> others = each.segment().participants().stream()
                .filter(SegmentParticipant::alive)
                .map(SegmentParticipant::process)
                .filter(process -> !process.equals(self))
                .toList();
        assertEquals(1, others.size(), others::toString);
        ProcessIdentity other = others.get(0);
        assertEquals(1, other.pid());
        assertNotEquals(self.pidNamespace(), other.pidNamespace());
        assertTrue(other.isAlive(), "not proven dead");
        String named = "1 of pid namespace " + other.pidNamespace();
        assertEquals(named, Ipc.inspect(each.mutex().address()).get("holder"));
        assertEquals("{" + named + "=1}", Ipc.inspect(each.robust().address()).get("held"));
        assertEquals(
                List.of(self.pid(), named),
                Ipc.inspect(each.segment().address()).get("attached"));
        Map<String, Object> file =
                Ipc.inspect(Address.of("lock", each.file().path().toString()));
        assertEquals("exclusive", file.get("held"));
        assertNull(file.get("holder"), "whom this process cannot see it does not name");
    }
}
