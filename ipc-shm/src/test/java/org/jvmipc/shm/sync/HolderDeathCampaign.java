package org.jvmipc.shm.sync;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** Kills of JVMs that hold many mutexes and permits, at full size. */
@Timeout(value = 8, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HolderDeathCampaign extends HolderDeathIT {}
