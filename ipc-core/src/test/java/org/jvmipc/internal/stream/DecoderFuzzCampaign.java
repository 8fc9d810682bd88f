package org.jvmipc.internal.stream;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** The same with ten million streams. */
@Timeout(value = 2, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DecoderFuzzCampaign extends DecoderFuzzTest {}
