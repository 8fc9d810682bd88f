package org.jvmipc.sockets;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** The same with 10,000 callers. */
@Timeout(value = 1, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CrowdCampaign extends CrowdIT {}
