package org.jvmipc.shm;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** The same with every error that a call can have. */
@Timeout(value = 1, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedMemorySeamCampaign extends SharedMemorySeamTest {}
