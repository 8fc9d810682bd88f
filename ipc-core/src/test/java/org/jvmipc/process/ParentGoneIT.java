package org.jvmipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.testkit.Await;

@Timeout(60)
class ParentGoneIT {
    /** The promise, kept by most on any machine. */
    private static final Duration PROMISED = Duration.ofSeconds(1);
    /** For a machine that runs other things too. */
    private static final Duration SOON = Duration.ofSeconds(5);

    private static final int KILLS = 5;

    @TempDir
    Path temporary;

    private static Map<String, ProcessIdentity> grandchildren(ChildJvm parent) {
        Map<String, ProcessIdentity> found = new HashMap<>();
        for (String line : parent.lastOutputLines()) {
            int space = line.indexOf(' ');
            found.put(line.substring(0, space), ProcessIdentity.parse(line.substring(space + 1)));
        }
        assertEquals(5, found.size());
        return found;
    }

    /** How long it took since the time given until all but the detached one were gone. */
    private static Duration expectGoneButTheDetached(ChildJvm parent, Path trace, long sinceNanos) throws Exception {
        Map<String, ProcessIdentity> children = grandchildren(parent);
        try {
            for (String name : new String[] {"ready", "silent", "hook", "leaving"}) {
                Await.until(name + " is gone", SOON, () -> !children.get(name).isAlive());
            }
            Duration took = Duration.ofNanos(System.nanoTime() - sinceNanos);
            Await.until("the detached one was told", () -> Files.exists(trace) && Files.size(trace) == 9);
            assertEquals("gone true", Files.readString(trace));
            assertEquals("hook\n", Files.readString(Path.of(trace + ".hook")));
            assertTrue(children.get("detached").isAlive());
            return took;
        } finally {
            for (ProcessIdentity child : children.values()) {
                if (child.isAlive()) {
                    ProcessHandle.of(child.pid()).ifPresent(ProcessHandle::destroyForcibly);
                }
            }
        }
    }

    private static Duration kill(Path trace) throws Exception {
        try (ChildJvm parent = Children.launcher(Children.Parent.class)
                .arguments(trace.toString())
                .start()) {
            parent.awaitReady();
            long start = System.nanoTime();
            parent.kill();
            parent.awaitExit();
            return expectGoneButTheDetached(parent, trace, start);
        }
    }

    @Test
    @Timeout(180)
    void childrenEndWhenTheirParentIsKilled() throws Exception {
        List<Duration> times = new ArrayList<>();
        for (int i = 0; i < KILLS; i++) {
            times.add(kill(temporary.resolve("trace" + i)));
        }
        Collections.sort(times);
        assertTrue(times.get(KILLS / 2).compareTo(PROMISED) <= 0, times::toString);
    }

    @Test
    void childrenEndWhenTheirParentExits() throws Exception {
        Path trace = temporary.resolve("trace");
        try (ChildJvm parent = Children.launcher(Children.Parent.class)
                .arguments(trace.toString(), "exit")
                .start()) {
            parent.awaitReady();
            parent.awaitExit();
            expectGoneButTheDetached(parent, trace, System.nanoTime());
        }
    }
}
