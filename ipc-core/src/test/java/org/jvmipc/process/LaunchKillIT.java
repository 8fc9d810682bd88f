package org.jvmipc.process;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.FaultSeam;
import org.jvmipc.testkit.KillWalk;
import org.jvmipc.testkit.NoLeaks;

/** A JVM is killed at any native call of starting and ending a child of its own: the child ends too, however far it had come. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LaunchKillIT implements NoLeaks.WarmUp {
    @Override
    public void warmUp() throws Exception {
        try (ChildJvm child = ChildMain.launcher("sleep").start()) {
            child.awaitReady();
        }
    }

    /** Starts one child, waits until it is ready, and ends it. */
    static final class Launches implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            parent.ready();
            FaultSeam.underKill(() -> {
                try (ChildJvm child = ChildMain.launcher("sleep", arguments[0]).start()) {
                    child.awaitReady();
                }
            });
        }
    }

    @Test
    void aChildOfAKilledLauncherEnds() throws Exception {
        int kills = new KillWalk().walk(victim -> {
            String token = "launched-" + UUID.randomUUID();
            try (ChildJvm child = victim.start(Launches.class, token)) {
                victim.awaitEnd(child);
            }
            Await.until("no process is left of " + token, () -> !isRunning(token));
        });
        assertTrue(kills > 3, () -> kills + " kills");
    }

    /** Whether there is a process with this word on its command line. */
    private static boolean isRunning(String word) throws IOException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (commandLine(process).contains(word)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String commandLine(Path process) {
        try {
            return Files.readString(process.resolve("cmdline"));
        } catch (IOException e) {
            return ""; // it has ended
        }
    }
}
