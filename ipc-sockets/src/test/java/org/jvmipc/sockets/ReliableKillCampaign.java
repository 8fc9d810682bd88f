package org.jvmipc.sockets;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** The same with 200 kills. */
@Timeout(value = 7200, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReliableKillCampaign extends ReliableKillIT {}
