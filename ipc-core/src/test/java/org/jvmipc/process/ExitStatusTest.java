package org.jvmipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ExitStatusTest {
    @Test
    void isExactFromTheKernel() {
        assertEquals(ExitStatus.exited(137), ExitStatus.ofWaitStatus(137 << 8));
        assertEquals(ExitStatus.killed(9), ExitStatus.ofWaitStatus(9));
        assertEquals(ExitStatus.killed(11), ExitStatus.ofWaitStatus(11 | 0x80), "with a core dump");
        assertEquals("exit code 3", ExitStatus.exited(3).toString());
        assertEquals("killed by SIGKILL (9)", ExitStatus.killed(9).toString());
    }

    @Test
    void isAmbiguousFromTheJdkAbove128() {
        assertEquals(ExitStatus.exited(128), ExitStatus.ofExitValue(128));
        assertEquals(ExitStatus.exited(255), ExitStatus.ofExitValue(255));
        ExitStatus status = ExitStatus.ofExitValue(137);
        assertFalse(status.isExact());
        assertEquals(9, status.signal());
        assertEquals("137 (killed by SIGKILL, or exit code 137)", status.toString());
    }

    @Test
    void succeedsWithZeroOnly() {
        assertTrue(ExitStatus.exited(0).isSuccess());
        assertFalse(ExitStatus.exited(1).isSuccess());
        assertFalse(ExitStatus.killed(15).isSuccess());
        assertThrows(IllegalArgumentException.class, () -> ExitStatus.exited(256));
    }
}
