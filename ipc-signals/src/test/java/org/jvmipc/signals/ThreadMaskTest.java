package org.jvmipc.signals;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.jvmipc.IpcException;
import org.jvmipc.process.ProcessIdentity;

class ThreadMaskTest {
    @Test
    void theFieldsOfAStatus() throws Exception {
        ThreadMask mask = ThreadMask.parse(7, "Name:\tx\nState:\tS (sleeping)\nSigBlk:\t8000000000000001\nx:\ty\n");
        assertEquals(new ThreadMask(7, 0x8000_0000_0000_0001L, true), mask);
        for (String bad : List.of("", "Name:\tx\n", "x\nSigBlk:\t80000000", "x\nSigBlk:\t800000000000000g\n")) {
            assertThrows(IpcException.class, () -> ThreadMask.parse(7, bad), bad);
        }
    }

    @Test
    void aThreadIsToldFromALaterOneByItsStartTime() throws Exception {
        ProcessIdentity self = ProcessIdentity.self();
        assertEquals(self.startTime(), ThreadMask.startTime(self.pid()));
        for (ThreadMask thread : ThreadMask.ofAllThreads()) {
            assertTrue(ThreadMask.startTime(thread.tid()) >= self.startTime() || ended(thread.tid()));
        }
        assertEquals(-1, ThreadMask.startTime(Integer.MAX_VALUE));
    }

    private static boolean ended(long tid) {
        return ThreadMask.startTime(tid) == -1;
    }
}
