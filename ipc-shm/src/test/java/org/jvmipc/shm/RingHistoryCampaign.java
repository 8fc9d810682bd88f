package org.jvmipc.shm;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** Millions of messages in each history. */
@Timeout(value = 8, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class RingHistoryCampaign extends RingHistoryIT {}
