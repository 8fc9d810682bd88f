package org.jvmipc.shm.sync;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** A thousand kills of each role at latches and at events of both kinds. */
@Timeout(value = 1, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LatchEventKillCampaign extends LatchEventKillIT {}
