package org.jvmipc.shm.sync;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** Every native call fails with every error. */
@Timeout(value = 8, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SegmentSeamCampaign extends SegmentSeamTest {}
