package org.jvmipc.mq;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** The same with every 4 KiB, and a thousand bits. */
@Timeout(value = 7200, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MessageQueueDamageCampaign extends MessageQueueDamageTest {}
