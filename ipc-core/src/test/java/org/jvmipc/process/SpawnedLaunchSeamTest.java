package org.jvmipc.process;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.internal.BlockedSignals;

/** The same of a start by {@code posix_spawn}. */
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SpawnedLaunchSeamTest extends LaunchSeamTest {
    private static final long SOME_SIGNAL = 1L << 40;

    @BeforeAll
    static void receiveSignals() {
        BlockedSignals.add(SOME_SIGNAL);
    }

    @AfterAll
    static void receiveNone() {
        BlockedSignals.remove(SOME_SIGNAL);
    }
}
