package org.jvmipc.signals;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.IpcException;
import org.jvmipc.internal.posix.ProcessCalls;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.Jvms;
import org.jvmipc.testkit.NoLeaks;

/** How full a queue is. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(NoLeaks.class)
class PendingSignalsTest {
    private static final long UNLIMITED = -1;

    private static PendingSignals parse(String line) {
        return PendingSignals.parse("Threads:\t9\n" + line + "\nSigPnd:\t0000000000000000\n");
    }

    @Test
    void whatTheKernelWrites() {
        assertEquals(new PendingSignals(3, 96365), parse("SigQ:\t3/96365"));
        assertEquals(new PendingSignals(0, 0), parse("SigQ:\t0/0"));
        PendingSignals unlimited = parse("SigQ:\t5/18446744073709551615");
        assertEquals(new PendingSignals(5, PendingSignals.NO_LIMIT), unlimited);
        assertFalse(unlimited.isLimited());
        assertTrue(parse("SigQ:\t0/999999999999999999").isLimited());
        assertEquals(new PendingSignals(-1, -1), parse("NoSuch:\t0/1"));
    }

    @Test
    void noLimitIsItsOwnValue() throws Exception {
        try (ChildJvm child = Children.start(SignalPrograms.launcher(SignalPrograms.Stays.class, Jvms.FAST_START))) {
            try {
                ProcessCalls.limitPendingSignals(child.pid(), UNLIMITED);
            } catch (IpcException e) {
                return; // only a privileged user may raise it so far
            }
            assertEquals(PendingSignals.NO_LIMIT, PendingSignals.of(child.pid()).limit());
            assertEquals("none", SignalInspection.of(child.pid()).get("limit"));
            ProcessCalls.limitPendingSignals(child.pid(), 77);
            assertEquals(77, PendingSignals.of(child.pid()).limit());
            assertEquals(77L, SignalInspection.of(child.pid()).get("limit"));
        }
    }
}
