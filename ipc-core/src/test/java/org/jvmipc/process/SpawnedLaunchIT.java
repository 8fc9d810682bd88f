package org.jvmipc.process;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.internal.BlockedSignals;

/** All that launching promises, by {@code posix_spawn}: as soon as this JVM receives signals, its children are started so. */
@Timeout(120)
class SpawnedLaunchIT {
    private static final long SOME_SIGNAL = 1L << 40;

    @BeforeAll
    static void receiveSignals() {
        BlockedSignals.add(SOME_SIGNAL);
    }

    @AfterAll
    static void receiveNone() {
        BlockedSignals.remove(SOME_SIGNAL);
    }

    @Nested
    class Launching extends JvmLauncherIT {}

    @Nested
    class Living extends ChildJvmIT {}

    @Nested
    class Killing extends KillTreeIT {}

    @Nested
    class Standard extends ChildStdioIT {}

    @Nested
    class Orphans extends ParentGoneIT {}
}
