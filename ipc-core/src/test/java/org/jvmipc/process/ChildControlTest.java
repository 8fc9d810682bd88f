package org.jvmipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.OsCalls;

/** Opens the channel to this very process. */
@Timeout(60)
class ChildControlTest {
    @TempDir
    Path temporary;

    private static String property(long startTime, int reading, int writing) {
        return ControlLines.VERSION + ":" + ProcessHandle.current().pid() + ":" + startTime + ":" + reading + ":"
                + writing + ":";
    }

    private static long startTime() {
        return ProcessIdentity.self().startTime();
    }

    private static int openFds() {
        return new File("/proc/self/fd").list().length;
    }

    @Test
    void touchesNoFileOfAStrangerWithTheParentsNumber() throws Exception {
        Path file = Files.writeString(temporary.resolve("precious"), "data");
        try (Fd open = OsCalls.open(file.toString(), Fcntl.O_RDONLY, 0)) {
            int before = openFds();
            String property = property(startTime() + 1, open.number(), open.number());
            String message = assertThrows(IOException.class, () -> ChildControl.open(property))
                    .getMessage();
            assertTrue(message.contains("is gone"), message);
            assertEquals("data", Files.readString(file));
            assertEquals(before, openFds());
        }
    }

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void doesNotWaitInAFifoOfAStranger() throws Exception {
        Path fifo = temporary.resolve("fifo");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        // Without a writer, so that to open it for reading blocks.
        try (Fd open = OsCalls.open(fifo.toString(), Fcntl.O_RDONLY | Fcntl.O_NONBLOCK, 0)) {
            String property = property(startTime() + 1, open.number(), open.number());
            assertThrows(IOException.class, () -> ChildControl.open(property));
        }
    }

    @Test
    void truncatesNothingEvenIfTheNumberIsGivenAgainInBetween() throws Exception {
        Path file = Files.writeString(temporary.resolve("precious"), "data");
        try (Fd open = OsCalls.open(file.toString(), Fcntl.O_RDONLY, 0)) {
            ChildControl control = ChildControl.open(property(startTime(), open.number(), open.number()));
            control.lifeline().close();
            control.sayReady();
            assertEquals("dataready\n", Files.readString(file));
        }
    }

    @Test
    void leavesNothingOpenWhenTheSecondEndIsMissing() throws Exception {
        try (Fd nothing = OsCalls.open("/dev/null", Fcntl.O_RDONLY, 0)) {
            int before = openFds();
            String property = property(startTime(), nothing.number(), 1_000_000_000);
            assertThrows(IOException.class, () -> ChildControl.open(property));
            assertEquals(before, openFds());
        }
    }
}
