package org.jvmipc.signals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** A million signals in each mode. */
@Timeout(value = 4, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SignalStormCampaign extends SignalStormIT {}
