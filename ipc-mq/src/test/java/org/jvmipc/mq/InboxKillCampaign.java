package org.jvmipc.mq;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** The same with a thousand kills. */
@Timeout(value = 7200, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InboxKillCampaign extends InboxKillIT {}
