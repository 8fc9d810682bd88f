package org.jvmipc.shm;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** A million damaged rings, and a minute of damage under traffic. */
@Timeout(value = 8, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class RingDamageCampaign extends RingDamageTest {}
