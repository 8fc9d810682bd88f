package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.ProcessCalls;

/** The seam itself: it counts, strikes at the call asked for, names it, and a walk finds what is wrong. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class FaultSeamTest implements NoLeaks.WarmUp {
    @Override
    public void warmUp() throws Exception {
        close(OsCalls.pipe(0));
    }

    private static void close(Fd[] pipe) {
        pipe[0].close();
        pipe[1].close();
    }

    private static void pipeTwice() throws IOException {
        close(OsCalls.pipe(0));
        close(OsCalls.pipe(0));
    }

    @Test
    void namesTheCallsOfAnActionInOrder() throws Exception {
        assertEquals(
                List.of("pipe2", "close", "close", "pipe2", "close", "close"),
                FaultSeam.callsOf(FaultSeamTest::pipeTwice));
        assertEquals(List.of(), FaultSeam.callsOf(() -> {}));
    }

    @Test
    void theCallWithTheNumberFailsAndNoOther() throws Exception {
        try (Strike strike = Strike.failing(4, Errno.ENFILE).arm()) {
            LimitException error = assertThrows(LimitException.class, FaultSeamTest::pipeTwice);
            assertTrue(error.getMessage().contains("ENFILE"), error.getMessage());
            assertEquals("pipe2", strike.call());
            assertEquals("call 4, pipe2, failed with ENFILE", strike.toString());
            pipeTwice();
        }
        pipeTwice();
    }

    @Test
    void aFailedCloseClosesAllTheSame() throws Exception { // NoLeaks looks
        try (Strike strike = Strike.failing(2, Errno.EINTR).arm()) {
            pipeTwice();
            assertEquals("close", strike.call());
        }
    }

    @Test
    void aFailedReadTakesNothing() throws Exception {
        Fd[] pipe = OsCalls.pipe(0);
        NativeBuffer bytes = new NativeBuffer(8);
        try (Fd reading = pipe[0];
                Fd writing = pipe[1]) {
            assertEquals(8, OsCalls.write(writing.number(), bytes, 8));
            try (Strike strike = Strike.failing(1, Errno.ENOMEM).arm()) {
                assertEquals(-Errno.ENOMEM, OsCalls.read(reading.number(), bytes, 8));
                assertEquals("read", strike.call());
            }
            assertEquals(8, OsCalls.read(reading.number(), bytes, 8));
        }
    }

    @Test
    void otherThreadsAreCountedOnlyWhenAskedFor() throws Exception {
        try (Strike strike = Strike.failing(1, Errno.EMFILE).arm();
                Worker<Boolean> other = Worker.run(FaultSeamTest::pipeTwice)) {
            other.result();
            assertNull(strike.call());
        }
        try (Strike strike = Strike.failing(1, Errno.EMFILE).everyThread().arm();
                Worker<Boolean> other = Worker.run(FaultSeamTest::pipeTwice)) {
            other.failure(LimitException.class);
            assertEquals("pipe2", strike.call());
        }
    }

    @Test
    void whatIsNotArmedNeitherCountsNorStrikes() throws Exception {
        Strike strike = Strike.failing(1, Errno.EMFILE);
        pipeTwice();
        strike.arm().close();
        pipeTwice();
        assertEquals(List.of(), strike.calls());
        strike.arm();
        try (strike) {
            assertThrows(IllegalStateException.class, () -> Strike.counting().arm());
        }
    }

    // ---- a walk

    @Test
    void aWalkPassesEveryCall() throws Exception {
        List<Boolean> outcomes = new ArrayList<>();
        int strikes = new FaultWalk()
                .walk(round -> outcomes.add(round.attempt(() -> {
                    for (int i = 0; i < 2; i++) {
                        ProcessCalls.pidfd(ProcessHandle.current().pid()).close(); // two errors are known of it
                    }
                })));
        assertEquals(4, strikes);
        // Of each kind: without a fault, at one pidfd_open, at the other, and past the end.
        assertEquals(List.of(true, false, false, true, true, false, false, true), outcomes);
    }

    private static String found(FaultWalk.Steps steps) {
        return assertThrows(AssertionError.class, () -> new FaultWalk().walk(steps))
                .getMessage();
    }

    @Test
    void aWalkFindsAnOperationThatDoesNotRecover() {
        boolean[] broken = {false};
        String message = found(round -> round.run(() -> {
            if (broken[0]) {
                throw new IOException("broken");
            }
            broken[0] = true;
            close(OsCalls.pipe(0));
            broken[0] = false;
        }));
        assertTrue(message.startsWith("call 1, pipe2, failed with EMFILE: "), message);
        assertTrue(message.contains("fails afterwards too: java.io.IOException: broken"), message);
    }

    @Test
    void aWalkFindsAnErrorThatIsNotTyped() {
        String message = found(round -> round.run(() -> {
            try {
                close(OsCalls.pipe(0));
            } catch (IOException e) {
                throw new IllegalStateException("cannot be", e);
            }
        }));
        assertTrue(message.contains("pipe2") && message.contains("IllegalStateException: cannot be"), message);
    }

    @Test
    void aWalkFindsAnErrorThatDoesNotNameTheCall() {
        String message = found(round -> round.run(() -> {
            try {
                close(OsCalls.pipe(0));
            } catch (IOException e) {
                throw new OsException("something", Errno.EINVAL, "");
            }
        }));
        assertTrue(message.contains("does not name the call pipe2"), message);
    }
}
