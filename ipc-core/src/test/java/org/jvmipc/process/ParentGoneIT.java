package org.jvmipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.testkit.Await;

@Timeout(60)
class ParentGoneIT {
    /** The promise is 1 s; the rest is for a machine that runs other things too. */
    private static final Duration SOON = Duration.ofSeconds(2);

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

    private void expectGoneButTheDetached(ChildJvm parent, Path trace) throws Exception {
        Map<String, ProcessIdentity> children = grandchildren(parent);
        try {
            for (String name : new String[] {"ready", "silent", "hook", "leaving"}) {
                Await.until(name + " is gone", SOON, () -> !children.get(name).isAlive());
            }
            Await.until("the detached one was told", () -> Files.exists(trace) && Files.size(trace) == 9);
            assertEquals("gone true", Files.readString(trace));
            assertEquals("hook\n", Files.readString(Path.of(trace + ".hook")));
            assertTrue(children.get("detached").isAlive());
        } finally {
            for (ProcessIdentity child : children.values()) {
                if (child.isAlive()) {
                    ProcessHandle.of(child.pid()).ifPresent(ProcessHandle::destroyForcibly);
                }
            }
        }
    }

    @Test
    void childrenEndWhenTheirParentIsKilled() throws Exception {
        Path trace = temporary.resolve("trace");
        try (ChildJvm parent = Children.launcher(Children.Parent.class)
                .arguments(trace.toString())
                .start()) {
            parent.awaitReady();
            parent.kill();
            parent.awaitExit();
            expectGoneButTheDetached(parent, trace);
        }
    }

    @Test
    void childrenEndWhenTheirParentExits() throws Exception {
        Path trace = temporary.resolve("trace");
        try (ChildJvm parent = Children.launcher(Children.Parent.class)
                .arguments(trace.toString(), "exit")
                .start()) {
            parent.awaitReady();
            parent.awaitExit();
            expectGoneButTheDetached(parent, trace);
        }
    }
}
