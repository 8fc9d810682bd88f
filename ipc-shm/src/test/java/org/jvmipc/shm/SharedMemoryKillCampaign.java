package org.jvmipc.shm;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** The same at every native call. */
@Timeout(value = 1, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedMemoryKillCampaign extends SharedMemoryKillIT {}
