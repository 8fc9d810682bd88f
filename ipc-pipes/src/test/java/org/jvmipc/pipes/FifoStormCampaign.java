package org.jvmipc.pipes;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** Forty thousand interrupts and time limits. */
@Timeout(value = 1, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FifoStormCampaign extends FifoStormTest {}
