package org.jvmipc.process;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** The same at every call. */
@Timeout(value = 1, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LaunchKillCampaign extends LaunchKillIT {}
