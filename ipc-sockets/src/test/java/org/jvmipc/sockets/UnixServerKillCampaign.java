package org.jvmipc.sockets;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** The same 200 times. */
@Timeout(value = 1, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnixServerKillCampaign extends UnixServerKillIT {}
