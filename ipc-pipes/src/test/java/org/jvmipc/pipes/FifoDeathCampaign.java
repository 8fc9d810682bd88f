package org.jvmipc.pipes;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** Two thousand ends that die. */
@Timeout(value = 1, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FifoDeathCampaign extends FifoDeathIT {}
