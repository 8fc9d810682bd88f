package org.jvmipc.shm;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** Ten thousand kills at rings of one sender each, and four thousand at broadcasts. */
@Timeout(value = 8, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class RingKillCampaign extends RingKillIT {}
