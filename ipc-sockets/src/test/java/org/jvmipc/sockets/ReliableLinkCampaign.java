package org.jvmipc.sockets;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** Every combination of faults, with 100,000 messages each. */
@Timeout(value = 7200, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReliableLinkCampaign extends ReliableLinkTest {}
