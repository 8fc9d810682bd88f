package org.jvmipc.sockets.internal.reliable;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** The same with 100,000 messages for each kind of link, and 20,000 seeds. */
@Timeout(value = 3600, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RudpPropertyCampaign extends RudpPropertyTest {}
