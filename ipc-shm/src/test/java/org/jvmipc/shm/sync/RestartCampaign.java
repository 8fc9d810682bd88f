package org.jvmipc.shm.sync;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** Some thousand segments of before a restart, opened by two at once. */
@Timeout(value = 1, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class RestartCampaign extends RestartIT {}
