package org.jvmipc.signals;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.ProcessCalls;
import org.jvmipc.internal.posix.Seam;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.Jvms;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.PidNamespace;

/** Signals given back while others send, start processes and change actions; and processes that are not as usual. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(NoLeaks.class)
class GivingBackIT {
    private static final PosixSignal FIRST = PosixSignal.realTime(1);

    /** So many may pend, that the user's other processes keep some. */
    private static final long ROOM = 5_000;

    @TempDir
    Path directory;

    private static List<String> linesOf(Class<? extends ChildProgram> program, String... options) throws Exception {
        List<String> all = new ArrayList<>(Jvms.FAST_START);
        all.addAll(List.of(options));
        try (ChildJvm child = Children.start(SignalPrograms.launcher(program, all))) {
            Children.assertExit(0, child);
            return child.lastOutputLines();
        }
    }

    @Test
    void aSenderThatNeverStopsNeitherEndsNorHoldsUpWhoOpensAndCloses() throws Exception {
        try (ChildJvm child = Children.start(
                        SignalPrograms.launcher(GivingBackPrograms.UnderFire.class, Jvms.FAST_START, 20));
                SignalTarget target = SignalTarget.of(child)) {
            ProcessCalls.limitPendingSignals(
                    child.pid(), PendingSignals.of(child.pid()).pending() + ROOM);
            for (int i = 0; target.exists() && child.isAlive(); i++) {
                try {
                    target.tryQueue(FIRST, i);
                    target.send(PosixSignal.USR1);
                } catch (OsException e) {
                    assertEquals(Errno.ESRCH, e.errno());
                }
            }
            Children.assertExit(0, child);
            assertEquals(List.of("SIGRTMIN+1 ignored true", "SIGUSR1 ignored true"), child.lastOutputLines());
        }
    }

    @Test
    void whereTheCarrierWasTakenAwayAnotherIsUsed() throws Exception {
        assertEquals(
                List.of("closed", "closed", "handler of others true"), linesOf(GivingBackPrograms.CarrierReset.class));
    }

    @Test
    void whereThereIsNoCarrierNothingEndsTheProcessAndLaterAllIsGivenBack() throws Exception {
        List<String> lines = linesOf(GivingBackPrograms.NoCarrier.class);
        assertTrue(lines.get(0).startsWith("failed: no signal is free"), lines::toString);
        assertEquals("still receives 1", lines.get(1));
        assertTrue(lines.get(2).startsWith("failed: no signal is free"), lines::toString);
        assertEquals("receives again 3", lines.get(3));
    }

    @Test
    void whereCloseHasNoDescriptorNothingEndsTheProcessAndLaterAllIsGivenBack() throws Exception {
        assertEquals(List.of("close failed true", "receives again 3"), linesOf(GivingBackPrograms.NoDescriptor.class));
    }

    @Test
    void aHandlerThatComesAtAnyMomentIsNeverReplaced() throws Exception {
        List<String> lines = linesOf(
                GivingBackPrograms.Meddled.class,
                "-D" + Seam.PROPERTY + "=" + GivingBackPrograms.Meddler.class.getName());
        assertTrue(lines.get(0).contains("it has a handler already"), lines::toString);
        assertEquals("several moments true", lines.get(1));
    }

    @Test
    void theFirstProcessOfAContainerIsSentTo() throws Exception {
        assumeTrue(PidNamespace.isPermitted(), "unshare(1) may not make a pid namespace here");
        Path result = directory.resolve("result");
        try (PidNamespace namespace = PidNamespace.start(true, GivingBackPrograms.First.class, result.toString())) {
            Await.until("it has come", () -> {
                namespace.assertAlive();
                return Files.exists(result) && Files.readString(result).endsWith("\n");
            });
            assertEquals("1 0 42\n", Files.readString(result));
        }
    }

    @Test
    void aUserInVeryManyGroupsReceives() throws Exception {
        String groups =
                IntStream.range(100_000, 101_500).mapToObj(Integer::toString).collect(Collectors.joining(","));
        assumeTrue(SignalOthersIT.isHere("setpriv", "--groups", groups, "true"), "groups cannot be chosen here");
        List<String> command = new ArrayList<>(
                List.of("setpriv", "--groups", groups, Jvms.java().toString()));
        command.addAll(Jvms.FAST_START);
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), GivingBackPrograms.ManyGroups.class.getName()));
        String output = output(command); // newer JDKs say first what they think of native code
        assertTrue(output.endsWith("value 5\n"), output);
    }

    private static String output(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }
}
