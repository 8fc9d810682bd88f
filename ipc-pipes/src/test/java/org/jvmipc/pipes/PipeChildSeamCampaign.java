package org.jvmipc.pipes;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** The same at every call, of every thread, with every error that it can have. */
@Timeout(value = 2, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PipeChildSeamCampaign extends PipeChildSeamIT {}
