package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jvmipc.Receiver;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ExitStatus;
import org.jvmipc.process.JvmLauncher;

/** The small steps of tests with a child. */
public final class Children {
    /** In the place of a program's number of messages. */
    public static final long FOR_EVER = -1;

    private static final int SIGCONT = 18;
    private static final int SIGSTOP = 19;

    /** No promise is made of it, and a disk that others write gigabytes to can hold up the loading of classes. */
    private static final Duration START = Duration.ofMinutes(1);

    private Children() {}

    /** Starts the child and waits until it is ready. */
    public static ChildJvm start(JvmLauncher launcher) throws Exception {
        ChildJvm child = launcher.start();
        try {
            assertTrue(child.tryAwaitReady(START), () -> child + " is not ready: " + child.lastErrorLines());
            return child;
        } catch (Throwable e) {
            child.close();
            throw e;
        }
    }

    /** The child has to end by itself with this code. */
    public static void assertExit(int code, ChildJvm child) throws InterruptedException {
        ExitStatus status = child.tryAwaitExit(Await.LONG);
        List<String> lines = child.lastErrorLines();
        assertNotNull(status, () -> child + " does not end: " + lines);
        assertEquals(code, status.code(), () -> child + ": " + status + " " + lines);
    }

    /** Stops the child and waits until all of it stands still. */
    public static void stop(ChildJvm child) throws Exception {
        assertTrue(child.signal(SIGSTOP), () -> child + " has ended");
        Await.until("the child is stopped", () -> isStopped(child.pid()));
    }

    /** Lets a stopped child go on. */
    public static void goOn(ChildJvm child) throws IOException {
        assertTrue(child.signal(SIGCONT), () -> child + " has ended");
    }

    private static boolean isStopped(long pid) throws IOException {
        try (var threads = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path thread : threads) {
                String stat = Files.readString(thread.resolve("stat"));
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
        }
        return true;
    }

    static byte[] message(long seq, int limit) {
        return Payloads.bytes(ContractTools.SEED, seq, Payloads.size(ContractTools.SEED, seq, limit));
    }

    /** The next messages have to be these of the run. */
    static void receiveRun(Receiver<byte[]> in, long from, long to, int limit)
            throws IOException, InterruptedException {
        for (long seq = from; seq < to; seq++) {
            ContractTools.expect(in, seq, Payloads.size(ContractTools.SEED, seq, limit));
        }
    }
}
