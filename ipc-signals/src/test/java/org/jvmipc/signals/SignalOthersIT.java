package org.jvmipc.signals;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.internal.posix.ProcessCalls;
import org.jvmipc.internal.posix.Seam;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.Jvms;
import org.jvmipc.testkit.NoLeaks;

/** Other programs that send, other libraries in the same process, and JVMs that were started with signals blocked. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(NoLeaks.class)
class SignalOthersIT {
    /** A thread that unblocks all signals again and again, as one that was never masked; and one that makes threads. */
    private static final String THREADS =
            """
            #include <pthread.h>
            #include <signal.h>
            #include <time.h>
            static void unblock(void) {
                sigset_t none;
                sigemptyset(&none);
                pthread_sigmask(SIG_SETMASK, &none, 0);
            }
            static void *once(void *unused) {
                unblock();
                struct timespec pause = {0, 500000};
                nanosleep(&pause, 0);
                return unused;
            }
            static void *again(void *unused) {
                for (;;) {
                    once(unused);
                    pthread_t thread;
                    if (pthread_create(&thread, 0, once, 0) == 0) {
                        pthread_join(thread, 0);
                    }
                }
            }
            __attribute__((constructor)) static void start(void) {
                pthread_t thread;
                pthread_create(&thread, 0, again, 0);
            }
            """;

    private static final String HANDLER =
            """
            #include <signal.h>
            void a_handler_of_another_library(int signal) { (void) signal; }
            __attribute__((constructor)) static void install(void) {
                struct sigaction action = {0};
                action.sa_handler = a_handler_of_another_library;
                sigaction(SIGRTMIN + 3, &action, 0);
            }
            """;

    private static final String PYTHON =
            """
            import ctypes, sys, time
            libc = ctypes.CDLL(None, use_errno=True)
            for value in sys.argv[3:]:
                while libc.sigqueue(int(sys.argv[1]), int(sys.argv[2]), ctypes.c_void_p(int(value))) != 0:
                    assert ctypes.get_errno() == 11, ctypes.get_errno()
                    time.sleep(0.01)
            """;

    @TempDir
    Path directory;

    static boolean isHere(String... command) {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path library(String source) throws Exception {
        assumeTrue(isHere("gcc", "--version"), "there is no gcc");
        Path code = Files.writeString(directory.resolve("library.c"), source);
        Path library = directory.resolve("library.so");
        Process gcc = new ProcessBuilder(
                        "gcc", "-shared", "-fPIC", "-pthread", "-o", library.toString(), code.toString())
                .inheritIO()
                .start();
        assertEquals(0, gcc.waitFor());
        return library;
    }

    @Test
    void threadsThatWereNeverMaskedLoseNothing() throws Exception {
        int count = 20_000;
        Path library = library(THREADS);
        try (ChildJvm child = Children.start(SignalPrograms.launcher(
                        SignalPrograms.Counts.class, Jvms.FAST_START, "RTMIN+1,RTMIN+2", library));
                SignalTarget target = SignalTarget.of(child)) {
            PosixSignal queued = PosixSignal.realTime(1);
            PosixSignal killed = PosixSignal.realTime(2);
            for (int i = 0; i < count; i++) {
                target.queue(queued, i);
                if (i % 10 == 0) {
                    awaitRoom(child.pid());
                    target.send(killed); // with no value and a code that only the kernel may set
                }
            }
            awaitTaken(child.pid());
            target.queue(killed, SignalPrograms.END); // behind all others, as none is pending
            Children.assertExit(0, child);
            List<String> lines = child.lastOutputLines();
            assertTrue(
                    lines.contains("SIGRTMIN+1 " + count + " in order")
                            || lines.contains("SIGRTMIN+1 " + count + " all"),
                    lines::toString);
            assertTrue(lines.contains("users " + count / 10), lines::toString);
            assertTrue(lines.contains("lost 0"), lines::toString);
            assertTrue(lines.contains("requeued some"), lines::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void threadsOlderThanTheReceiverMayEndAndNothingIsLost(boolean blockedAtStart) throws Exception {
        int count = 50_000;
        PosixSignal signal = PosixSignal.realTime(1);
        JvmLauncher launcher =
                SignalPrograms.launcher(SignalPrograms.OldThreads.class, Jvms.FAST_START, "RTMIN+1", 200);
        if (blockedAtStart) {
            launcher.blockSignals(signal.number());
        }
        try (ChildJvm child = Children.start(launcher);
                SignalTarget target = SignalTarget.of(child)) {
            for (int i = 0; i < count; i++) {
                target.queue(signal, i);
            }
            awaitTaken(child.pid());
            target.queue(signal, SignalPrograms.END);
            Children.assertExit(0, child);
            List<String> lines = child.lastOutputLines();
            assertTrue(lines.contains("lost 0"), lines::toString);
            assertTrue(
                    lines.contains("SIGRTMIN+1 " + count + " in order")
                            || (!blockedAtStart && lines.contains("SIGRTMIN+1 " + count + " all")),
                    lines::toString);
        }
    }

    /** Killed signals are merged when the user's queue is full, and other tests fill it. */
    static void awaitRoom(long pid) throws Exception {
        Await.until("there is room", () -> {
            PendingSignals now = PendingSignals.of(pid);
            return now.pending() < now.limit() / 2;
        });
    }

    static void awaitTaken(long pid) throws Exception {
        Await.until(
                "none is pending", () -> SignalInspection.of(pid).get("pending").equals(""));
    }

    @Test
    void aForeignHandlerIsNeverReplaced() throws Exception {
        Path library = library(HANDLER);
        try (ChildJvm child =
                Children.start(SignalPrograms.launcher(SignalPrograms.Refused.class, Jvms.FAST_START, library))) {
            Children.assertExit(0, child);
            List<String> lines = child.lastOutputLines();
            assertTrue(lines.get(0).startsWith("FOREIGN_HANDLER SIGRTMIN+3 "), lines::toString);
            assertTrue(lines.get(0).contains("a_handler_of_another_library in " + library), lines::toString);
            assertEquals("value 5", lines.get(1));
        }
    }

    @Test
    void pythonAndTheShellSend() throws Exception {
        assumeTrue(isHere("python3", "-c", ""), "there is no python3");
        try (ChildJvm child =
                Children.start(SignalPrograms.launcher(SignalPrograms.Prints.class, Jvms.FAST_START, 4))) {
            String pid = Long.toString(child.pid());
            Process python = new ProcessBuilder("python3", "-c", PYTHON, pid, "35", "7", "-1", "2147483647")
                    .inheritIO()
                    .start();
            assertEquals(0, python.waitFor());
            awaitRoom(child.pid());
            Process shell = new ProcessBuilder("sh", "-c", "kill -35 " + pid)
                    .inheritIO()
                    .start();
            assertEquals(0, shell.waitFor());
            Children.assertExit(0, child);
            String user = " uid=" + ProcessCalls.effectiveUser();
            String sender = " SI_QUEUE pid=" + python.pid() + user;
            assertEquals(
                    List.of(
                            "SIGRTMIN+1 value=7" + sender,
                            "SIGRTMIN+1 value=-1" + sender,
                            "SIGRTMIN+1 value=2147483647" + sender,
                            "SIGRTMIN+1 SI_USER pid=" + shell.pid() + user),
                    child.lastOutputLines());
        }
    }

    static List<Path> homes() throws IOException {
        return Jvms.homes();
    }

    @ParameterizedTest
    @MethodSource("homes")
    void whatComesEarlyWaitsInAChildThatStartsWithItBlocked(Path home) throws Exception {
        try (ChildJvm child = SignalPrograms.launcher(SignalPrograms.Late.class, Jvms.FAST_START, 3)
                .javaHome(home)
                .blockSignals(PosixSignal.realTime(1).number(), PosixSignal.USR1.number())
                .start()) {
            Signals.queue(child, PosixSignal.realTime(1), 1); // long before its main
            Signals.send(child, PosixSignal.USR1);
            Signals.queue(child, PosixSignal.realTime(1), 2);
            child.awaitReady();
            Children.assertExit(0, child);
            assertEquals(
                    List.of("SIGRTMIN+1 OptionalInt[1]", "SIGRTMIN+1 OptionalInt[2]", "SIGUSR1 OptionalInt.empty"),
                    child.lastOutputLines().subList(0, 3).stream().sorted().toList());
            assertEquals("code pages false", child.lastOutputLines().get(3));
        }
    }

    private static List<String> withoutCode() {
        List<String> options = new ArrayList<>(Jvms.FAST_START);
        options.add("-D" + Seam.PROPERTY + "=" + SignalPrograms.NoCode.class.getName());
        return options;
    }

    @Test
    void whereMemoryCannotBeExecutableItIsSaidHowToStartTheJvm() throws Exception {
        try (ChildJvm child = Children.start(SignalPrograms.launcher(SignalPrograms.Tries.class, withoutCode()))) {
            Children.assertExit(0, child);
            for (String line : child.lastOutputLines()) {
                assertTrue(line.contains("(mprotect failed)"), line);
                assertTrue(line.endsWith("`env --block-signal=USR1,RTMIN+1 java ...`"), line);
            }
        }
    }

    @Test
    void aJvmThatStartsWithThemBlockedNeedsNoCode() throws Exception {
        try (ChildJvm child = SignalPrograms.launcher(SignalPrograms.Late.class, withoutCode(), 2)
                .blockSignals(PosixSignal.realTime(1).number(), PosixSignal.USR1.number())
                .start()) {
            child.awaitReady();
            Signals.queue(child, PosixSignal.realTime(1), 1);
            Signals.queue(child, PosixSignal.realTime(1), 2);
            Children.assertExit(0, child);
            assertEquals(
                    List.of("SIGRTMIN+1 OptionalInt[1]", "SIGRTMIN+1 OptionalInt[2]", "code pages false"),
                    child.lastOutputLines());
        }
    }
}
