package org.jvmipc.shm.sync;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** More than a thousand kills of JVMs that take part in a barrier. */
@Timeout(value = 3, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class BarrierKillCampaign extends BarrierKillIT {}
