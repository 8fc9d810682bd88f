package org.jvmipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.internal.SignalNames;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.testkit.Await;

@Timeout(60)
class ChildJvmIT {
    @TempDir
    Path temporary;

    @Test
    void getsReadyAndEndsWhenClosed() throws Exception {
        ChildJvm child = Children.launcher(Children.Ready.class).start();
        try (child) {
            child.awaitReady();
            assertTrue(child.isReady());
            assertTrue(child.isAlive());
            assertTrue(child.identity().isAlive());
            assertTrue(child.tryAwaitReady(Duration.ZERO));
            assertNull(child.tryAwaitExit(Duration.ZERO));
        }
        assertFalse(child.isAlive());
        assertFalse(child.identity().isAlive());
        child.close();
        child.kill();
        assertFalse(child.signal(SignalNames.SIGTERM));
        assertTrue(child.isReady());
    }

    @Test
    void isGivenUpWhenItNeverGetsReady() throws Exception {
        ChildJvm child = Children.launcher(Children.Silent.class).start();
        try (child) {
            assertFalse(child.tryAwaitReady(Duration.ofMillis(200)));
            assertFalse(child.isReady());
        }
        assertFalse(child.identity().isAlive());
    }

    @Test
    void tellsExitCodeAndLastWordsWhenItDiesAtOnce() throws Exception {
        try (ChildJvm child =
                Children.launcher(Children.Exits.class).arguments("3").start()) {
            ChildFailedException error = assertThrows(ChildFailedException.class, child::awaitReady);
            assertEquals(ExitStatus.exited(3), error.exitStatus());
            assertEquals(List.of("first line", "cannot find the frobnicator"), error.lastErrorLines());
            assertTrue(error.getMessage().contains("exit code 3"), error.getMessage());
            assertTrue(error.getMessage().contains("cannot find the frobnicator"), error.getMessage());
            assertTrue(error.getMessage().contains("Children$Exits"), error.getMessage());
        }
    }

    @Test
    void wasReadyThoughItEndedAtOnceAfterwards() throws Exception {
        try (ChildJvm child =
                Children.launcher(Children.Exits.class).arguments("0", "ready").start()) {
            child.awaitReady();
            assertTrue(child.awaitExit().isSuccess());
            child.awaitReady();
        }
    }

    @Test
    void floodsBothStreamsWithoutHanging() throws Exception {
        try (ChildJvm child = Children.launcher(Children.Floods.class).start()) {
            child.awaitReady();
            assertTrue(child.awaitExit().isSuccess());
            List<String> lines = child.lastErrorLines();
            assertEquals("the last line", lines.get(lines.size() - 1));
            assertEquals(TailKeeper.MAX_LINES, lines.size());
            assertEquals("x".repeat(99), child.lastOutputLines().get(0));
        }
    }

    @Test
    void namesAMissingMainClass() throws Exception {
        try (ChildJvm child = JvmLauncher.of("org.example.Missing").start()) {
            ChildFailedException error = assertThrows(ChildFailedException.class, child::awaitReady);
            assertEquals(ExitStatus.exited(1), error.exitStatus());
            assertTrue(error.getMessage().contains("find or load main class org.example.Missing"), error.getMessage());
        }
    }

    @Test
    void namesAClassWithoutMain() throws Exception {
        try (ChildJvm child = JvmLauncher.of(ExitStatus.class).start()) {
            ChildFailedException error = assertThrows(ChildFailedException.class, child::awaitReady);
            assertTrue(error.getMessage().contains("Main method not found in class"), error.getMessage());
        }
    }

    @Test
    void printsWhatMainThrewAsTheJvmDoes() throws Exception {
        try (ChildJvm child = Children.launcher(Children.Throws.class).start()) {
            assertEquals(ExitStatus.exited(1), child.awaitExit());
            assertEquals(
                    "Exception in thread \"main\" java.nio.file.NoSuchFileException: /no/frobnicator",
                    child.lastErrorLines().get(0));
        }
    }

    @Test
    void tellsAKillFromAnExitCode() throws Exception {
        try (ChildJvm killed = Children.launcher(Children.Ready.class).start();
                ChildJvm terminated = Children.launcher(Children.Ready.class).start();
                ChildJvm exits137 =
                        Children.launcher(Children.Exits.class).arguments("137").start();
                ChildJvm exits143 =
                        Children.launcher(Children.Exits.class).arguments("143").start()) {
            killed.awaitReady();
            killed.kill();
            assertEquals(SignalNames.SIGKILL, killed.awaitExit().signal());
            terminated.awaitReady();
            ExitStatus asked = terminated.terminate(Duration.ofSeconds(20));
            assertEquals(143, asked.code());
            assertEquals(137, exits137.awaitExit().code());
            assertEquals(143, exits143.awaitExit().code());
            assumeTrue(killed.awaitExit().isExact(), "kernel before 6.15");
            assertEquals("killed by SIGKILL (9)", killed.awaitExit().toString());
            assertEquals(ExitStatus.exited(137), exits137.awaitExit());
            assertEquals(ExitStatus.exited(143), exits143.awaitExit());
            // The JVM turns SIGTERM into an exit of its own, after its shutdown hooks.
            assertTrue(asked.equals(ExitStatus.exited(143)) || asked.equals(ExitStatus.killed(15)), asked.toString());
        }
    }

    @Test
    void runsShutdownHooksWhenTerminated() throws Exception {
        Path trace = temporary.resolve("trace");
        try (ChildJvm child = Children.launcher(Children.Hook.class)
                .arguments("ends", trace.toString())
                .start()) {
            child.awaitReady();
            child.terminate(Await.LONG);
            assertEquals("hook\n", Files.readString(trace));
        }
    }

    @Test
    void isKilledWhenItsHooksOutlastTheGrace() throws Exception {
        Path trace = temporary.resolve("trace");
        try (ChildJvm child = Children.launcher(Children.Hook.class)
                .arguments("hangs", trace.toString())
                .start()) {
            child.awaitReady();
            assertEquals(
                    SignalNames.SIGKILL, child.terminate(Duration.ofMillis(200)).signal());
        }
    }

    @Test
    void isNotDeadWhileStoppedAndEndsWhenAsked() throws Exception {
        try (ChildJvm child = Children.launcher(Children.Ready.class).start()) {
            child.awaitReady();
            assertTrue(child.signal(SignalNames.SIGSTOP));
            assertNull(child.tryAwaitExit(Duration.ofMillis(50)));
            assertTrue(child.isAlive());
            assertEquals(143, child.terminate(Await.LONG).code());
        }
    }

    @Test
    void waitsObeyInterruptsAndTheChildGoesOn() throws Exception {
        try (ChildJvm child = Children.launcher(Children.Silent.class).start()) {
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, child::awaitReady);
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, child::awaitExit);
            assertTrue(child.isAlive());
        }
    }

    @Test
    void closeInAnInterruptedThreadKillsAtOnceAndKeepsTheInterrupt() throws Exception {
        ChildJvm child = Children.launcher(Children.Hook.class)
                .arguments("hangs", temporary.resolve("trace").toString())
                .start();
        child.awaitReady();
        Thread.currentThread().interrupt();
        child.close();
        assertTrue(Thread.interrupted());
        assertFalse(child.identity().isAlive());
    }

    /** The descriptor of this JVM by which it watches the process, -1 if there is none. */
    private static int pidfd(long pid) throws IOException {
        for (String number : new File("/proc/self/fdinfo").list()) {
            Path info = Path.of("/proc/self/fdinfo", number);
            if (Files.exists(info) && Files.readAllLines(info).contains("Pid:\t" + pid)) {
                return Integer.parseInt(number);
            }
        }
        return -1;
    }

    @Test
    void aCloseThatFailsKeepsTheInterrupt() throws Exception {
        ChildJvm child = Children.launcher(Children.Ready.class).start();
        try {
            child.awaitReady();
            int pidfd = pidfd(child.pid());
            assumeTrue(pidfd >= 0, "no pidfds here");
            try (Fd nothing = OsCalls.open("/dev/null", Fcntl.O_RDONLY, 0)) {
                OsCalls.replace(nothing.number(), pidfd); // from now on the kernel refuses to send signals
            }
            Thread.currentThread().interrupt();
            assertThrows(IOException.class, child::close);
            assertTrue(Thread.interrupted());
        } finally {
            ProcessHandle.of(child.pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
        assertEquals(137, child.awaitExit().code());
    }

    @Test
    void tellsItsEndToAFutureThatCannotHarmIt() throws Exception {
        try (ChildJvm child = Children.launcher(Children.Ready.class).start()) {
            child.onExit().cancel(true);
            assertTrue(child.isAlive());
            child.kill();
            assertNotNull(child.onExit().get(20, TimeUnit.SECONDS));
        }
    }
}
