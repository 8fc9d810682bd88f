package org.jvmipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.testkit.FaultWalk;

/**
 * Any native call of a start, of the thread that watches the child, and of the end, fails once. The child is a script that
 * speaks the control channel's words, since a JVM would take most of the time.
 */
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LaunchSeamTest {
    private static final String SCRIPT =
            """
            #!/bin/sh
            for word; do
                case $word in -D%s=*) property=${word#*=};; esac
            done
            trap '' PIPE # as a JVM
            IFS=:
            set -- $property
            exec 3<"/proc/$2/fd/$4" 4>>"/proc/$2/fd/$5"
            echo printed
            echo told >&2
            echo %s >&4
            while read -r line <&3 && [ "$line" != %s ]; do :; done
            echo %s >&4
            exec 4>&-
            read -r line <&3
            """
                    .formatted(ControlLines.PROPERTY, ControlLines.HELLO, ControlLines.END, ControlLines.READY);

    @TempDir
    Path home;

    @BeforeEach
    void makeTheScript() throws Exception {
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(java, SCRIPT);
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    }

    private JvmLauncher launcher() {
        return JvmLauncher.of(LaunchSeamTest.class)
                .javaHome(home)
                .handOver("somewhere", Address.of("pipe:1.2"))
                .ownGroup();
    }

    @Test
    void aChildIsStartedHeardAndEnded() throws Exception {
        int strikes = new FaultWalk().everyThread().walk(round -> {
            ChildJvm child = round.call(launcher()::start);
            round.run(child::awaitReady);
            assertTrue(child.isReady());
            round.run(child::kill);
            round.run(() -> assertEquals(137, child.awaitExit().code()));
            assertEquals(List.of("printed"), child.lastOutputLines());
            assertEquals(List.of("told"), child.lastErrorLines());
        });
        assertTrue(strikes > 0);
    }

    @Test
    void aChildIsClosed() throws Exception {
        new FaultWalk().everyThread().onceInSuite().walk(round -> {
            ChildJvm child = launcher().start();
            child.awaitReady();
            round.run(child::close);
            assertFalse(child.isAlive());
        });
    }

    @Test
    void aTreeIsKilled() throws Exception {
        new FaultWalk().everyThread().onceInSuite().walk(round -> {
            ChildJvm child = launcher().start();
            child.awaitReady();
            round.run(child::killTree);
            assertFalse(child.isAlive());
        });
    }
}
